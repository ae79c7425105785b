import { and, eq, sql } from "drizzle-orm"
import { threadFollows } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { elementsOf, jsonText } from "../../db/dialect.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import { levelChoicesOfThread } from "../notification-levels/level-columns.ts"
import { readableHere } from "../permissions/scope.ts"
import { isAnyUnread } from "../read-count.ts"
import { threadUnreadCounts } from "../reading/store.ts"
import { type FollowedThread, followedPageSize } from "./contract.ts"

const viewerId = sql.placeholder("viewerId")
const userId = sql.placeholder("userId")
const channelId = sql.placeholder("channelId")
/** As in the message that the thread hangs on. */
const lastAt = (db: Db) => jsonText(db, sql`p.extras`, ["thread", "lastAt"])

const toDate = (at: number) => new Date(Number(at))

const statements = prepare((db) => ({
  followed: db
    .select({
      id: sql<string>`c.id`,
      serverId: sql<string>`c.server_id`,
      name: sql<string>`c.name`,
      createdAt: sql<Date>`c.created_at`.mapWith(toDate),
      parentId: sql<string>`c.parent_id`,
      parentChannelId: sql<string>`p.channel_id`,
      count: sql<number>`c.message_count`,
      lastAt: lastAt(db),
      unread: sql<number>`${threadUnreadCounts.shown}`,
      mentions: sql<number>`${threadUnreadCounts.mentions}`,
      serverName: sql<string>`s.name`,
      parentChannelName: sql<string>`root.name`,
      isConversation: sql<boolean>`case when s.kind = 'direct' then 1 else 0 end`.mapWith(Boolean),
    })
    .from(
      sql`thread_follows t join channels c on c.id = t.channel_id join servers s on s.id = c.server_id
        join messages p on p.id = c.parent_id
        left join read_positions r on r.channel_id = c.id and r.user_id = t.user_id
        ${levelChoicesOfThread(sql`t.user_id`)}`,
    )
    .where(sql`t.user_id = ${viewerId} and t.is_followed = 1 and ${readableHere(viewerId)}`)
    .orderBy(sql`case when ${isAnyUnread} then 0 else 1 end, ${lastAt(db)} desc nulls last, c.id`)
    .limit(followedPageSize)
    .offset(sql.placeholder("skip"))
    .prepare(),
  find: db
    .select({ isFollowed: threadFollows.isFollowed })
    .from(threadFollows)
    .where(and(eq(threadFollows.userId, userId), eq(threadFollows.channelId, channelId)))
    .prepare(),
}))

const writes = prepareWrites((tx) => ({
  insert: tx
    .insert(threadFollows)
    .values({ userId, channelId, isFollowed: true, updatedAt: sql.placeholder("updatedAt") })
    .onConflictDoNothing()
    .prepare(),
}))

/** The threads that somebody follows and may read: unread ones first, then those that were written in last. */
export async function listFollowed(db: Db, viewerId: string, skip: number): Promise<FollowedThread[]> {
  const rows = await statements(db).followed.all({ viewerId, skip })
  return rows.map((row) => ({ ...row, lastAt: row.lastAt === null ? row.createdAt : new Date(row.lastAt) }))
}

/** Does somebody follow a thread? */
export async function isFollowing(db: Db, userId: string, channelId: string): Promise<boolean> {
  return (await statements(db).find.get({ userId, channelId }))?.isFollowed ?? false
}

// These run inside a shared commit.

interface Follow {
  userId: string
  channelId: string
}

/** Follows a thread for a user, unless they have unfollowed it. */
export async function insertFollow(tx: Tx, follow: Follow): Promise<void> {
  await writes(tx).insert.run({ ...follow, updatedAt: new Date() })
}

/** Follows a thread or stops it, as somebody chose. */
export async function setFollow(tx: Tx, { isFollowed, ...follow }: Follow & { isFollowed: boolean }) {
  const chosen = { isFollowed, updatedAt: new Date() }
  await tx
    .insert(threadFollows)
    .values({ ...follow, ...chosen })
    .onConflictDoUpdate({ target: [threadFollows.userId, threadFollows.channelId], set: chosen })
    .run()
}

interface Mentioned {
  userId: string
  reason: string
  message: { channelId: string }
}

/** Users who are mentioned by name in a thread follow it, unless they have unfollowed it. */
export async function insertFollowsOfMentioned(tx: Tx, items: readonly Mentioned[]): Promise<void> {
  const pairs = items
    .filter(({ reason }) => reason === "mention")
    .map(({ userId, message }) => ({ userId, channelId: message.channelId }))
  if (pairs.length === 0) return

  const of = (name: string) => jsonText(tx, sql`elements.value`, [name])
  await tx.run(sql`
    insert into thread_follows (user_id, channel_id, is_followed, updated_at)
    select ${of("userId")}, c.id, 1, cast(${Date.now()} as bigint)
    from ${elementsOf(tx, JSON.stringify(pairs))} join channels c on c.id = ${of("channelId")}
    where c.parent_id is not null
    on conflict (user_id, channel_id) do nothing`)
}
