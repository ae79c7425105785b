import { and, eq, sql } from "drizzle-orm"
import {
  accounts,
  bans,
  blocks,
  collapsedCategories,
  dataExports,
  dismissedAnnouncements,
  emailAddresses,
  feeds,
  formerUsernames,
  inboxItems,
  keywords,
  notificationLevels,
  notificationSettings,
  oneTimeLinks,
  passkeys,
  profiles,
  pushSubscriptions,
  readPositions,
  recoveryCodes,
  reminders,
  savedMessages,
  scheduledMessages,
  serverTransfers,
  signInSteps,
  slowModeTimes,
  threadFollows,
  totpSecrets,
  trustedDevices,
  userNotes,
  userSettings,
  users,
} from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import type { ChangeSet } from "../change-set.ts"
import { revokeInvitesBy } from "../invites/store.ts"
import { deleteMembershipsOf } from "../members/store.ts"
import { endSessions } from "../sessions/store.ts"
import { deletedPrefix } from "./contract.ts"

/** Finds an account by name, ignoring case. */
export async function findUserByName(db: Db, username: string) {
  return db.select().from(users).where(eq(users.username, username.toLowerCase())).get()
}

/** The accounts with these names, ignoring case, in the order of the names. */
export async function listUsersByName(db: Db, names: readonly string[]) {
  const wanted = names.map((name) => name.toLowerCase())
  const found = await db
    .select({ id: users.id, username: users.username })
    .from(users)
    .where(sql`${users.username} in ${textsIn(db, JSON.stringify(wanted))}`)
    .all()
  return found.toSorted((a, b) => wanted.indexOf(a.username) - wanted.indexOf(b.username))
}

export async function findUser(db: Db, id: string) {
  return db.select().from(users).where(eq(users.id, id)).get()
}

/** Was the account deleted? Its row stays as the author of its messages. */
export async function isDeletedAccount(db: Db, id: string): Promise<boolean> {
  const user = await findUser(db, id)
  return user === undefined || user.username.startsWith(deletedPrefix)
}

const ofPassword = (userId: string) => and(eq(accounts.userId, userId), eq(accounts.providerId, "credential"))

/** Commits compare it, to check that a password is unchanged. */
export async function findPasswordHash(db: Db, userId: string): Promise<string | undefined> {
  const account = await db.select({ hash: accounts.password }).from(accounts).where(ofPassword(userId)).get()
  return account?.hash ?? undefined
}

/** Stores a password's hash, also of an account that had none because its owner signs in at a provider. */
export async function updatePasswordHash(tx: Tx, userId: string, hash: string): Promise<void> {
  const updatedAt = new Date()
  const updated = await tx
    .update(accounts)
    .set({ password: hash, updatedAt })
    .where(ofPassword(userId))
    .returning({ id: accounts.id })
    .get()
  if (updated) return

  const owned = { userId, accountId: userId, providerId: "credential" }
  await tx
    .insert(accounts)
    .values({ id: crypto.randomUUID(), ...owned, password: hash, updatedAt })
    .run()
}

/** The placeholder name of a deleted account. */
function newDeletedName(): string {
  return `${deletedPrefix}${crypto.randomUUID().slice(0, 8)}`
}

/** What is about a person alone: deleted with their account. A test names what else refers to people, and why it stays. */
export const personalTables = [
  formerUsernames,
  readPositions,
  bans,
  blocks,
  userSettings,
  recoveryCodes,
  emailAddresses,
  oneTimeLinks,
  totpSecrets,
  passkeys,
  dataExports,
  trustedDevices,
  signInSteps,
  profiles,
  pushSubscriptions,
  userNotes,
  savedMessages,
  collapsedCategories,
  slowModeTimes,
  dismissedAnnouncements,
  notificationLevels,
  notificationSettings,
  keywords,
  pushSubscriptions,
  inboxItems,
  threadFollows,
  reminders,
  scheduledMessages,
  feeds,
]

/**
 * Removes the personal data of an account: its names, picture, profile, credentials, memberships, invites and settings.
 * The row stays as the author of its messages.
 */
export async function anonymizeUser(changes: ChangeSet, id: string, now: Date): Promise<void> {
  const { tx: db } = changes
  const name = newDeletedName()
  const email = `${name}@users.invalid`
  const placeholder = { username: name, name, displayUsername: null, email, image: null, updatedAt: now }
  const face = { displayName: null, avatarVersion: null, presence: "online" } as const
  const nothing = { isAdministrator: false, waitingSince: null, application: null, suspensionReason: null }
  await db
    .update(users)
    .set({ ...placeholder, ...face, ...nothing })
    .where(eq(users.id, id))
    .run()
  await db.delete(accounts).where(eq(accounts.userId, id)).run()
  await endSessions(changes, { userId: id })
  await revokeInvitesBy(db, id, now)
  await deleteMembershipsOf(db, id)
  for (const table of personalTables) await db.delete(table).where(eq(table.userId, id)).run()
  await db.delete(userNotes).where(eq(userNotes.aboutId, id)).run()
  await db.delete(serverTransfers).where(eq(serverTransfers.toUserId, id)).run()
}
