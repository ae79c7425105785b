import { and, eq } from "drizzle-orm"
import { accounts, bans, blocks, readPositions, userSettings, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import type { ChangeSet } from "../change-set.ts"
import { revokeInvitesBy } from "../invites/store.ts"
import { deleteMembershipsOf } from "../members/store.ts"
import { endSessions } from "../sessions/store.ts"
import { deletedPrefix } from "./contract.ts"

/** The account of that name, whatever case it is written in; `undefined` when there is none. */
export async function findUserByName(db: Db, username: string) {
  return db.query.users.findFirst({ where: eq(users.username, username.toLowerCase()) })
}

export async function findUser(db: Db, id: string) {
  return db.query.users.findFirst({ where: eq(users.id, id) })
}

const password = (userId: string) => and(eq(accounts.userId, userId), eq(accounts.providerId, "credential"))

/** Synchronous: also asked inside a commit, whether a password is still what it was. */
export function findPasswordHash(db: Db, userId: string): string | undefined {
  const account = db.select({ hash: accounts.password }).from(accounts).where(password(userId)).get()
  return account?.hash ?? undefined
}

export function updatePasswordHash(db: Db, userId: string, hash: string): void {
  db.update(accounts).set({ password: hash, updatedAt: new Date() }).where(password(userId)).run()
}

/** What an account is called that is nobody's any more. */
function newDeletedName(): string {
  return `${deletedPrefix}${crypto.randomUUID().slice(0, 8)}`
}

/**
 * Removes from an account all that makes it somebody's: its name, its ways to sign in, its memberships and invites,
 * its read positions. The row stays as the author of the messages, which stay too.
 */
export function anonymizeUser(changes: ChangeSet, id: string, now: Date): void {
  const { tx: db } = changes
  const name = newDeletedName()
  const email = `${name}@users.invalid`
  const nobody = { username: name, name, displayUsername: null, email, image: null, updatedAt: now }
  db.update(users).set(nobody).where(eq(users.id, id)).run()
  db.delete(accounts).where(eq(accounts.userId, id)).run()
  endSessions(changes, { userId: id })
  revokeInvitesBy(db, id, now)
  deleteMembershipsOf(db, id)
  for (const table of [readPositions, bans, blocks, userSettings])
    db.delete(table).where(eq(table.userId, id)).run()
}
