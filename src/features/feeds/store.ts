import { and, asc, eq, isNull, lt, or, sql } from "drizzle-orm"
import { feeds, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { notSuspended } from "../permissions/suspension.ts"
import type { AtomFeed } from "./contract.ts"

const columns = {
  id: feeds.id,
  name: feeds.name,
  channelId: feeds.channelId,
  query: feeds.query,
  createdAt: feeds.createdAt,
  lastUsedAt: feeds.lastUsedAt,
}

const statements = prepare((db) => ({
  list: db
    .select(columns)
    .from(feeds)
    .where(eq(feeds.userId, sql.placeholder("userId")))
    .orderBy(asc(feeds.createdAt), asc(feeds.id))
    .prepare(),
  open: db
    .select({ ...columns, userId: feeds.userId, username: users.username })
    .from(feeds)
    .innerJoin(users, eq(users.id, feeds.userId))
    .where(
      and(
        eq(feeds.hash, sql.placeholder("hash")),
        notSuspended(sql.placeholder("now")),
        isNull(users.waitingSince),
      ),
    )
    .prepare(),
}))

export async function listFeeds(db: Db, userId: string): Promise<AtomFeed[]> {
  return statements(db).list.all({ userId })
}

export type OpenFeed = NonNullable<Awaited<ReturnType<typeof findOpenFeed>>>

/** The feed of an address by its hash, while its creator is not suspended. */
export async function findOpenFeed(db: Db, hash: string, now: Date) {
  return statements(db).open.get({ hash, now: now.getTime() })
}

// These run inside a commit.

export async function countFeeds(tx: Tx, userId: string): Promise<number> {
  return tx.$count(feeds, eq(feeds.userId, userId))
}

export async function insertFeed(tx: Tx, row: typeof feeds.$inferInsert): Promise<void> {
  await tx.insert(feeds).values(row).run()
}

/** `false` when the user has no such feed. */
export async function deleteFeed(tx: Tx, userId: string, id: string): Promise<boolean> {
  const deleted = await tx
    .delete(feeds)
    .where(and(eq(feeds.id, id), eq(feeds.userId, userId)))
    .returning({ id: feeds.id })
    .get()
  return deleted !== undefined
}

/** Notes that a feed was fetched, unless it was since `before`. */
export async function updateFeedUse(tx: Tx, id: string, { at, before }: { at: Date; before: Date }) {
  await tx
    .update(feeds)
    .set({ lastUsedAt: at })
    .where(and(eq(feeds.id, id), or(isNull(feeds.lastUsedAt), lt(feeds.lastUsedAt, before))))
    .run()
}
