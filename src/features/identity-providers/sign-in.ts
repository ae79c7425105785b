import { Refusal } from "../../kernel/index.ts"
import { beginSession, type Call } from "../accounts/begin-session.ts"
import type { ChangeSet } from "../change-set.ts"
import { isSuspended, suspensionNotice } from "../permissions/suspension.ts"
import { beginCodeStep, needsCode } from "../second-factor/check-code.ts"
import { providerGone } from "./begin-sign-in.ts"
import { applyGroups } from "./group-roles.ts"
import type { ProviderIdentity } from "./identity.ts"
import {
  findPersonAt,
  findProvider,
  insertConnection,
  listConnectedIds,
  type StoredProvider,
} from "./store.ts"

/** The next page of a user who is signed in, waits for approval, or has to enter a code first. */
export function pathFor(grant: { isWaiting?: true } | { needsCode: true }, next: string): string {
  if ("needsCode" in grant) return `/login/code?${new URLSearchParams({ next })}`
  return grant.isWaiting ? "/waiting" : next
}

/**
 * Signs in the person whom the provider knows by this identity, with the roles that its groups give, or asks them for the
 * second factor that they have here, where the provider is set up so. `undefined` when
 * nobody here is connected to it. People are found by the provider's id of them alone: an e-mail address may be given to
 * somebody else. Fails: 403 (suspended), 404 (the provider is gone).
 */
export async function signInAs(call: Call, provider: StoredProvider, identity: ProviderIdentity) {
  const { derived } = call
  const found = await derived.publisher.decide(async (changes) => {
    const { tx } = changes
    const current = await findProvider(tx, provider.id)
    if (!current?.isEnabled) throw new Refusal(providerGone, 404)
    const person = await findPersonAt(tx, provider.id, identity.subject)
    if (!person) return undefined
    if (isSuspended(person, new Date())) throw new Refusal(suspensionNotice(person), 403)

    return { person, changed: await applyGroups(changes, person, current, identity.groups) }
  })
  if (!found) return undefined

  const { person, changed } = found
  // What they may do is cached with their sessions.
  derived.sessions.forget({ userId: person.id })
  await derived.server.updateResources(changed)
  const proven = { provider, identity, userId: person.id }
  if (provider.asksSecondFactor && (await needsCode(call, person.id))) {
    const proof = { provider: provider.id, subject: identity.subject }
    await beginCodeStep(call, person.id, proof)
    return { needsCode: true as const }
  }
  return beginProviderSession(call, proven)
}

interface Proven {
  provider: Pick<StoredProvider, "id">
  identity: Pick<ProviderIdentity, "subject">
  userId: string
}

/**
 * Begins the session of someone whom a provider has identified. The provider counts as both factors, unless it is set up
 * otherwise here.
 */
export function beginProviderSession(call: Call, { provider, identity, userId }: Proven) {
  return beginSession(call, userId, async (tx) => {
    const isEnabled = (await findProvider(tx, provider.id))?.isEnabled
    const person = await findPersonAt(tx, provider.id, identity.subject)
    if (!isEnabled || person?.id !== userId) throw new Refusal(providerGone, 404)
  })
}

/**
 * Connects a person's account here to their account at a provider. Fails: 404 (the provider is gone), 409 (it is connected
 * to somebody else; they are connected to another account there).
 */
export async function connectAccount(
  changes: ChangeSet,
  { provider, identity, userId }: { provider: StoredProvider; identity: ProviderIdentity; userId: string },
): Promise<void> {
  const { tx } = changes
  const current = await findProvider(tx, provider.id)
  if (!current?.isEnabled) throw new Refusal(providerGone, 404)
  const person = await findPersonAt(tx, provider.id, identity.subject)
  if (person?.id === userId) return
  if (person) throw new Refusal(`That account at ${current.name} belongs to somebody else here`, 409)
  if ((await listConnectedIds(tx, userId)).includes(provider.id))
    throw new Refusal(`You are connected to another account at ${current.name}. Disconnect it first`, 409)

  await insertConnection(tx, { providerId: provider.id, accountId: identity.subject, userId })
}
