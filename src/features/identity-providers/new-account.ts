import { z } from "zod"
import { users } from "../../../drizzle/schema.ts"
import { Refusal } from "../../kernel/index.ts"
import { networkOf } from "../../web/network-of.ts"
import { maxApplicationLength, NewUsername } from "../accounts/contract.ts"
import { nameTaken } from "../accounts/create-account.ts"
import { loginLimit } from "../accounts/limits.ts"
import { tooManyAttempts } from "../accounts/passwords.ts"
import type { ChangeSet } from "../change-set.ts"
import { type Admission, requireAdmission } from "../instance/admission.ts"
import type { Services } from "../services.ts"
import { isNameTaken } from "../usernames/store.ts"
import { applyGroups } from "./group-roles.ts"
import type { ProviderIdentity } from "./identity.ts"
import { beginProviderSession, pathFor } from "./sign-in.ts"
import { findIdentified, type Identified, providerCookie, stepToken, useIdentified } from "./steps.ts"
import { findProvider, insertConnection, type StoredProvider } from "./store.ts"
import type { StepCall } from "./visits.ts"

export const stepGone = "This took too long, or was started in another browser. Start again"

/** Does the provider vouch for an e-mail address of a domain whose people get an account without being asked? */
export function isTrusted({ domains }: StoredProvider, { verifiedDomain }: ProviderIdentity): boolean {
  return verifiedDomain !== null && domains.includes(verifiedDomain)
}

const notLimited: Admission = { use: async () => {}, release: async () => {} }

/** Whether someone may have an account: a provider does not open a door that registration closes. Fails: 403, 400. */
export async function requireAdmissionOf(
  services: Pick<Services, "db" | "commits" | "config">,
  provider: StoredProvider,
  {
    identity,
    invitation,
    application,
  }: Pick<Identified, "identity" | "invitation"> & { application: string },
): Promise<Admission> {
  if (isTrusted(provider, identity)) return notLimited
  return requireAdmission(services, { invitation, application, isIdentified: true })
}

/** Someone whom a provider has identified, and who has no account yet. */
export async function requireIdentified(
  { derived, request }: StepCall,
  providerId: string,
): Promise<{ token: string; step: Identified; provider: StoredProvider }> {
  const { db, config } = derived
  const token = stepToken(config, request)
  const step = await findIdentified(db, token)
  const provider = await findProvider(db, providerId)
  if (step?.providerId !== providerId || !provider?.isEnabled) throw new Refusal(stepGone, 404)
  return { token, step, provider }
}

const Typed = z.object({
  username: NewUsername,
  application: z.string().trim().max(maxApplicationLength, `Use at most ${maxApplicationLength} characters`),
})

/**
 * Creates an account with the username that a person chose, and signs them in. Returns the path to go to. Fails: 400, 403
 * (sign-ups are limited), 404 (the step has expired), 409 (name taken; they have an account already), 429.
 */
export async function createProviderAccount(
  call: StepCall,
  providerId: string,
  typed: { username: string; application: string },
): Promise<string> {
  const { derived, ctx, setHeader } = call
  // Taken names count too: otherwise one could enumerate all names.
  const retryAfterSeconds = await derived.limits.get(loginLimit).take(`new account ${networkOf(ctx.address)}`)
  if (retryAfterSeconds > 0) throw new Refusal(tooManyAttempts, 429, { retryAfterSeconds })
  const { token, step, provider } = await requireIdentified(call, providerId)
  const parsed = Typed.safeParse(typed)
  if (!parsed.success) throw invalid(parsed.error)

  const { username, application } = parsed.data
  const admission = await requireAdmissionOf(derived, provider, { ...step, application })
  await admission.use()
  const { waiting } = admission
  try {
    const userId = await derived.publisher.decide((changes) =>
      insertProviderAccount(changes, { token, provider, username, waiting }),
    )
    const grant = await beginProviderSession(call, { provider, identity: step.identity, userId })
    setHeader("set-cookie", providerCookie(derived.config, ""))
    return pathFor(grant, step.next)
  } catch (refusal) {
    await admission.release()
    throw refusal
  }
}

function invalid({ issues }: z.ZodError): Refusal {
  const shown = issues.map(({ path, message }) => ({ path: path.join("."), message }))
  return new Refusal(shown[0]?.message ?? "", 400, { issues: shown })
}

interface NewAccount {
  token: string
  provider: StoredProvider
  /** As it was typed. */
  username: string
  waiting?: Admission["waiting"]
}

/** Creates the account, in the commit that uses the step up. Returns its id. Fails: 404, 409. */
async function insertProviderAccount(
  changes: ChangeSet,
  { token, provider, username: typed, waiting }: NewAccount,
): Promise<string> {
  const { tx } = changes
  const username = typed.toLowerCase()
  if (await isNameTaken(tx, username))
    throw new Refusal(nameTaken, 409, { issues: [{ path: "username", message: nameTaken }] })
  const current = await findProvider(tx, provider.id)
  const step = await useIdentified(tx, token)
  if (!current?.isEnabled || step?.providerId !== provider.id) throw new Refusal(stepGone, 404)

  const { identity } = step
  const userId = crypto.randomUUID()
  // better-auth requires an e-mail address; the domain `.invalid` never exists (RFC 2606).
  const email = `${username}@users.invalid`
  const names = { username, name: typed, displayUsername: typed, email }
  await tx
    .insert(users)
    .values({ id: userId, ...names, ...waiting, updatedAt: new Date() })
    .run()
  const accountId = identity.subject
  if (!(await insertConnection(tx, { providerId: provider.id, accountId, userId })))
    throw new Refusal("You have an account here already. Log in again", 409)

  await applyGroups(changes, { id: userId, username }, current, identity.groups)
  return userId
}
