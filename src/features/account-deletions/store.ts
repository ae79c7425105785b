import { and, asc, eq, lte, sql } from "drizzle-orm"
import { accountDeletions, servers } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { gathered } from "../../db/gather.ts"
import { prepare } from "../../db/prepare.ts"
import { ownedBy, withOtherPeople } from "../permissions/scope.ts"
import type { AccountDeletion } from "./contract.ts"

/** Deletions that one statement returns. */
const maxDue = 100

const columns = { messages: accountDeletions.messages, dueAt: accountDeletions.dueAt }

const statements = prepare((db) => ({
  find: db
    .select({ userId: accountDeletions.userId, ...columns })
    .from(accountDeletions)
    .where(sql`${accountDeletions.userId} in ${textsIn(db, sql.placeholder("userIds"))}`)
    .prepare(),
}))

const deletionsOf = gathered(
  (db, userIds) => statements(db).find.all({ userIds: JSON.stringify(userIds) }),
  ({ userId }) => userId,
)

/** The scheduled deletion of a user's account. */
export async function findDeletion(db: Db, userId: string): Promise<AccountDeletion | undefined> {
  return (await deletionsOf(db, userId))[0]
}

/** The deletions that are due at a time. */
export async function listDueDeletions(db: Db, now: Date) {
  return db
    .select({ userId: accountDeletions.userId, ...columns })
    .from(accountDeletions)
    .where(lte(accountDeletions.dueAt, now))
    .orderBy(asc(accountDeletions.dueAt))
    .limit(maxDue)
    .all()
}

/** When the next deletion is due. */
export async function findNextDeletion(db: Db): Promise<Date | undefined> {
  const next = await db
    .select({ dueAt: accountDeletions.dueAt })
    .from(accountDeletions)
    .orderBy(asc(accountDeletions.dueAt))
    .limit(1)
    .get()
  return next?.dueAt
}

/** The servers that a user owns in which others are, too; bots do not count. */
export async function listSharedServers(db: Db, userId: string): Promise<{ id: string; name: string }[]> {
  return db
    .select({ id: servers.id, name: servers.name })
    .from(servers)
    .where(and(ownedBy(userId), withOtherPeople(userId)))
    .orderBy(asc(servers.createdAt), asc(servers.id))
    .all()
}

export async function upsertDeletion(tx: Tx, userId: string, deletion: AccountDeletion): Promise<void> {
  await tx
    .insert(accountDeletions)
    .values({ userId, ...deletion })
    .onConflictDoUpdate({ target: accountDeletions.userId, set: deletion })
    .run()
}

export async function deleteDeletion(tx: Tx, userId: string): Promise<void> {
  await tx.delete(accountDeletions).where(eq(accountDeletions.userId, userId)).run()
}
