import { and, asc, eq, sql } from "drizzle-orm"
import { blocks, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { gathered } from "../../db/gather.ts"
import { prepare } from "../../db/prepare.ts"

const statements = prepare((db) => ({
  ids: db
    .select({ userId: blocks.userId, blockedId: blocks.blockedId })
    .from(blocks)
    .where(sql`${blocks.userId} in ${textsIn(db, sql.placeholder("userIds"))}`)
    .orderBy(asc(blocks.blockedId))
    .prepare(),
  find: db
    .select({ blockedId: blocks.blockedId })
    .from(blocks)
    .where(
      and(eq(blocks.userId, sql.placeholder("userId")), eq(blocks.blockedId, sql.placeholder("blockedId"))),
    )
    .prepare(),
}))

const blocksOf = gathered(
  (db, userIds) => statements(db).ids.all({ userIds: JSON.stringify(userIds) }),
  ({ userId }) => userId,
)

interface Block {
  userId: string
  blockedId: string
}

export async function isBlocked(db: Db, block: Block): Promise<boolean> {
  return (await statements(db).find.get({ ...block })) !== undefined
}

/** The ids of the users that a user blocked, sorted. */
export async function listBlockedIds(db: Db, userId: string): Promise<string[]> {
  return (await blocksOf(db, userId)).map(({ blockedId }) => blockedId)
}

export async function listBlocked(db: Db, userId: string) {
  return db
    .select({ userId: users.id, username: users.username })
    .from(blocks)
    .innerJoin(users, eq(users.id, blocks.blockedId))
    .where(eq(blocks.userId, userId))
    .orderBy(asc(users.username))
    .all()
}

/** Runs inside a shared commit. */
export async function insertBlock(tx: Tx, block: Block): Promise<void> {
  await tx.insert(blocks).values(block).onConflictDoNothing().run()
}

/** `false` when there is no such block. */
export async function deleteBlock(tx: Tx, { userId, blockedId }: Block): Promise<boolean> {
  const ofPair = and(eq(blocks.userId, userId), eq(blocks.blockedId, blockedId))
  return (await tx.delete(blocks).where(ofPair).returning({ userId: blocks.userId }).all()).length > 0
}
