import { Refusal } from "../../kernel/index.ts"
import { confirmSession } from "../sessions/confirmation.ts"
import { providerGone } from "./begin-sign-in.ts"
import { causeOf, identify, notIdentified } from "./complete-sign-in.ts"
import type { ProviderIdentity } from "./identity.ts"
import { requireAdmissionOf, stepGone } from "./new-account.ts"
import { connectAccount, pathFor, signInAs } from "./sign-in.ts"
import { type Begun, insertProviderStep, providerCookie, stepToken, useBegun } from "./steps.ts"
import { findPersonAt, findProvider, type StoredProvider } from "./store.ts"
import type { StepCall } from "./visits.ts"

export const connectedPath = "/account/providers"

/** The page to choose a username on. */
export function accountPath(providerId: string): string {
  return `/login/with/${providerId}/account`
}

/**
 * Completes what was begun, when a person is back from a provider: signs them in, connects their account, or lets them
 * choose a username. `search` is the query that the provider sent. Returns the path to go to. Fails: 400 (nothing was
 * begun in this browser, or the provider's answer is wrong), 403 (suspended; sign-ups are limited), 404, 409.
 */
export async function comeBack(call: StepCall, providerId: string, search: string): Promise<string> {
  const { derived, ctx, request, setHeader } = call
  const { db, commits, config, log, publisher } = derived
  const provider = await findProvider(db, providerId)
  if (!provider?.isEnabled) throw new Refusal(providerGone, 404)
  const step = await commits.decide((tx) => useBegun(tx, stepToken(config, request)))
  if (step?.providerId !== providerId) throw new Refusal(stepGone, 400)

  const identity = await identify(derived, provider, { step, search }).catch((error) => {
    log.warn("A sign-in at a provider failed", { provider: providerId, cause: causeOf(error) })
    throw notIdentified(error, provider)
  })
  const { userId, next, invitation } = step
  if (userId !== null) {
    // Another browser, or somebody else in this one.
    if (ctx.viewer?.id !== userId) throw new Refusal(stepGone, 400)
    if (step.confirms) return confirmAt(call, provider, { identity, confirms: step.confirms, next })
    await publisher.decide((changes) => connectAccount(changes, { provider, identity, userId }))
    return `${connectedPath}?connected=${providerId}`
  }

  const grant = await signInAs(call, provider, identity)
  if (grant) return pathFor(grant, next)

  await requirePlace(call, provider, { identity, invitation })
  const token = await commits.decide((tx) =>
    insertProviderStep(tx, { step: "identified", providerId, identity, next, invitation }),
  )
  setHeader("set-cookie", providerCookie(config, token))
  return accountPath(providerId)
}

/** The page that continues the interrupted form. */
export function confirmedPath(providerId: string): string {
  return `/login/with/${providerId}/confirmed`
}

const otherAccount = "Your account is connected to another account at the provider"

/** Confirms who the viewer is, whom the provider has just asked again. Returns the path to go to. Fails: 401, 403. */
async function confirmAt(
  { derived, setHeader }: StepCall,
  provider: StoredProvider,
  {
    identity,
    confirms,
    next,
  }: { identity: ProviderIdentity; confirms: NonNullable<Begun["confirms"]>; next: string },
): Promise<string> {
  const viewer = derived.requireAuth()
  const token = await derived.commits.decide(async (tx) => {
    const person = await findPersonAt(tx, provider.id, identity.subject)
    if (person?.id !== viewer.id) throw new Refusal(otherAccount, 403)

    await confirmSession(tx, viewer.sessionId)
    const confirmed = { step: "confirmed", providerId: provider.id, ...confirms } as const
    return confirms.action ? insertProviderStep(tx, confirmed, viewer.id) : undefined
  })
  if (token === undefined) return next

  setHeader("set-cookie", providerCookie(derived.config, token))
  return confirmedPath(provider.id)
}

/** Refuses early those who may not have an account; what they would write to ask for one comes later. Fails: 403. */
async function requirePlace(
  { derived }: StepCall,
  provider: StoredProvider,
  asked: { identity: ProviderIdentity; invitation: string },
): Promise<void> {
  try {
    await requireAdmissionOf(derived, provider, { ...asked, application: "comes later" })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const hint = `If you have an account here, log in to it and connect ${provider.name} in your account`
    throw new Refusal(`${error.message}. ${hint}`, error.status)
  }
}
