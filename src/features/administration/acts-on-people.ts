import { and, eq, isNotNull } from "drizzle-orm"
import { users } from "../../../drizzle/schema.ts"
import { Refusal } from "../../kernel/index.ts"
import { anonymizeUser } from "../accounts/store.ts"
import { deleteBot, listBotIds } from "../bots/store.ts"
import type { ChangeSet } from "../change-set.ts"
import type { InstanceAction } from "../instance/contract.ts"
import { insertLink } from "../instance/one-time-links.ts"
import { type InstanceActor, recordInstanceAct } from "../instance/record-act.ts"
import { updateAdministrator } from "../instance/setting-up.ts"
import { assertNotLastAdministrator } from "../permissions/administrators.ts"
import { deleteFactors } from "../second-factor/store.ts"
import { listServersOwned } from "../servers/store.ts"
import { endSessions } from "../sessions/store.ts"
import { listWebhookAccounts } from "../webhooks/store.ts"
import type { AdministeredPerson } from "./contract.ts"
import { findPerson } from "./people.ts"
import { insertPurge } from "./purges.ts"

// What administrators and the command line do to people. Each function is called in the commit that decides it, and
// writes into the log of the instance.

/** Who acts on whom, and why. */
export interface ActOnPerson {
  actor: InstanceActor
  userId: string
  reason?: string
}

const noSuchPerson = "There is no such person"
const ownsServers = "They own servers. Hand those over or delete them first"

async function requirePerson({ tx }: ChangeSet, userId: string): Promise<AdministeredPerson> {
  const person = await findPerson(tx, userId)
  if (!person) throw new Refusal(noSuchPerson, 404)

  return person
}

function record(
  { tx }: ChangeSet,
  { actor, reason }: ActOnPerson,
  action: InstanceAction,
  { id, username }: Pick<AdministeredPerson, "id" | "username">,
  changes = {},
): Promise<void> {
  return recordInstanceAct(tx, { actor, action, reason, changes, target: { id, name: username } })
}

interface Suspension extends ActOnPerson {
  until: Date | null
  /** All their messages go, too, and those of their bots and webhooks. */
  deletesMessages?: boolean
}

/** Suspends a person until a time, or until someone ends it. All their sessions end, and those of their bots. */
export async function suspendPerson(changes: ChangeSet, act: Suspension) {
  const { tx } = changes
  const person = await requirePerson(changes, act.userId)
  await assertNotLastAdministrator(tx, person.id)
  await tx
    .update(users)
    .set({ suspendedAt: new Date(), suspendedUntil: act.until, suspensionReason: act.reason || null })
    .where(eq(users.id, person.id))
    .run()
  await endSessions(changes, { userId: person.id })
  const bots = await listBotIds(tx, person.id)
  for (const userId of bots) changes.end({ of: "user", userId })
  if (act.deletesMessages) {
    for (const userId of [person.id, ...bots, ...(await listWebhookAccounts(tx, person.id))])
      await insertPurge(tx, userId)
  }
  const messages = act.deletesMessages ? { messages: { after: "deleted" } } : {}
  await record(changes, act, "person.suspend", person, { until: { after: act.until }, ...messages })
}

/** Ends a suspension. Fails: 404. */
export async function unsuspendPerson(changes: ChangeSet, act: ActOnPerson) {
  const person = await requirePerson(changes, act.userId)
  if (!person.isSuspended) throw new Refusal("This person is not suspended", 404)

  await changes.tx
    .update(users)
    .set({ suspendedAt: null, suspendedUntil: null, suspensionReason: null })
    .where(eq(users.id, person.id))
    .run()
  await record(changes, act, "person.unsuspend", person)
}

/** Deletes an account with its bots. Fails: 404, 400 (owns servers; the last administrator). */
export async function deletePerson(changes: ChangeSet, act: ActOnPerson) {
  const { tx } = changes
  const person = await requirePerson(changes, act.userId)
  await assertNotLastAdministrator(tx, person.id)
  if ((await listServersOwned(tx, person.id)).length > 0) throw new Refusal(ownsServers, 400)

  const now = new Date()
  await anonymizeUser(changes, person.id, now)
  for (const botId of await listBotIds(tx, person.id)) await deleteBot(changes, botId, now)
  await record(changes, act, "person.delete", person)
}

/** Ends all sessions of a person. */
export async function endPersonSessions(changes: ChangeSet, act: ActOnPerson) {
  const person = await requirePerson(changes, act.userId)
  await endSessions(changes, { userId: person.id })
  await record(changes, act, "person.endSessions", person)
}

/** Makes an address for a new password; earlier ones of that person stop working. */
export async function createResetLink(changes: ChangeSet, act: ActOnPerson) {
  const person = await requirePerson(changes, act.userId)
  const link = await insertLink(changes.tx, { purpose: "password", userId: person.id })
  await record(changes, act, "person.resetLink", person)
  return link
}

/** Removes the second factors of a person who lost them, and ends all their sessions. Fails: 404. */
export async function removeSecondFactor(changes: ChangeSet, act: ActOnPerson) {
  const person = await requirePerson(changes, act.userId)
  await deleteFactors(changes.tx, person.id)
  await endSessions(changes, { userId: person.id })
  await record(changes, act, "person.removeFactor", person)
}

/** Makes a person administrator, or takes that from them. Fails: 404, 400 (the last administrator). */
export async function setAdministrator(changes: ChangeSet, act: ActOnPerson & { isAdministrator: boolean }) {
  const { isAdministrator } = act
  const person = await requirePerson(changes, act.userId)
  if (person.isAdministrator === isAdministrator) return
  if (isAdministrator && person.isSuspended) throw new Refusal("This person is suspended", 400)
  if (!isAdministrator) await assertNotLastAdministrator(changes.tx, person.id)

  await updateAdministrator(changes.tx, person.id, isAdministrator)
  await record(changes, act, isAdministrator ? "person.administrator" : "person.noAdministrator", person)
}

const noneWaits = "Nobody with this name is waiting for approval"

/** Lets someone in who waits. Fails: 404. */
export async function approvePerson(changes: ChangeSet, act: ActOnPerson) {
  const person = await requirePerson(changes, act.userId)
  if (!person.waitingSince) throw new Refusal(noneWaits, 404)

  await changes.tx
    .update(users)
    .set({ waitingSince: null, application: null })
    .where(eq(users.id, person.id))
    .run()
  await record(changes, act, "person.approve", person)
}

/** Deletes the account of someone who waits: it has written nothing, so that nothing of it stays. Fails: 404. */
export async function refusePerson(changes: ChangeSet, act: ActOnPerson) {
  const person = await requirePerson(changes, act.userId)
  if (!person.waitingSince) throw new Refusal(noneWaits, 404)

  await endSessions(changes, { userId: person.id })
  await changes.tx
    .delete(users)
    .where(and(eq(users.id, person.id), isNotNull(users.waitingSince)))
    .run()
  await record(changes, act, "person.refuse", person)
}
