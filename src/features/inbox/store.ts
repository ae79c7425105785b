import { and, eq, isNotNull, isNull, sql } from "drizzle-orm"
import { channels, inboxItems, messages, servers, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { gathered } from "../../db/gather.ts"
import { prepare } from "../../db/prepare.ts"
import type { Message } from "../messages/contract.ts"
import { mentionedIds } from "../messages/render.ts"
import { messageColumns } from "../messages/store.ts"
import { readableHere } from "../permissions/scope.ts"
import { retreatReadPosition } from "../reading/store.ts"
import {
  type InboxItem,
  type InboxReason,
  type InboxState,
  type ItemId,
  inboxPageSize,
  mentionDays,
} from "./contract.ts"
import { insertFollowsOfMentioned } from "./follows.ts"
import {
  countOfUnread,
  mayHaveUnread,
  mentionsOfPage,
  newestFirst,
  storedItems,
  unstoredMentions,
} from "./items.ts"

const dayMs = 86_400_000
/** Rows of one statement: their values must not be more than a database takes. */
const batchSize = 500

const readable = readableHere(sql.placeholder("viewerId"))

const page = (db: Db, state: InboxState) => {
  const stored = storedItems(state, readable)
  const all = state === "done" ? stored : sql`${stored} union all ${mentionsOfPage(state === "unread")}`
  return db
    .select({
      message: messageColumns,
      reason: sql<InboxReason>`found.reason`,
      at: sql<Date>`found.sent_at`.mapWith((at: number) => new Date(Number(at))),
      isUnread: sql<boolean>`found.is_unread`.mapWith(Boolean),
      doneAt: sql<Date | null>`found.done_at`.mapWith((at: number) => new Date(Number(at))),
      note: sql<string | null>`found.note`,
      serverName: servers.name,
      channelName: channels.name,
      isThread: sql<boolean>`case when ${channels.parentId} is null then 0 else 1 end`.mapWith(Boolean),
      isConversation: sql<boolean>`case when ${servers.kind} = 'direct' then 1 else 0 end`.mapWith(Boolean),
    })
    .from(sql`(${all} ${newestFirst} limit ${sql.placeholder("limit")}) as found`)
    .innerJoin(messages, sql`${messages.id} = found.message_id`)
    .innerJoin(users, eq(users.id, messages.userId))
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .orderBy(sql`found.sent_at desc, found.message_id desc, found.reason desc`)
    .prepare()
}

const userId = sql`users.id`

const statements = prepare((db) => ({
  open: page(db, "open"),
  unread: page(db, "unread"),
  done: page(db, "done"),
  counts: db
    .select({
      userId: users.id,
      unread: sql<number>`case when ${mayHaveUnread(userId)} then ${countOfUnread(
        readableHere(userId),
        unstoredMentions({ viewer: userId, isUnreadOnly: true }),
        userId,
      )} else 0 end`.mapWith(Number),
    })
    .from(users)
    .where(sql`${users.id} in ${textsIn(db, sql.placeholder("userIds"))}`)
    .prepare(),
}))

const countsOf = gathered(
  (db, userIds) => statements(db).counts.all({ userIds: JSON.stringify(userIds), since: mentionsSince() }),
  ({ userId }) => userId,
)

/** The oldest time of mentions of everyone and of roles in inboxes, in milliseconds. */
export function mentionsSince(now = Date.now()): number {
  return now - mentionDays * dayMs
}

interface Wanted {
  state: InboxState
  reason?: InboxReason
  serverId?: string
  before?: Cursor
}

/** The place of an item in the list. */
export interface Cursor extends ItemId {
  at: number
}

/** A page of somebody's items that they may read, newest first, with the cursor of the next page. */
export async function listInbox(
  db: Db,
  viewerId: string,
  { state, reason = undefined, serverId = "", before }: Wanted,
): Promise<{ items: InboxItem[]; older: string | null }> {
  const rows = await statements(db)[state].all({
    viewerId,
    serverId,
    reason: reason ?? "",
    since: mentionsSince(),
    beforeAt: before?.at ?? Number.MAX_SAFE_INTEGER,
    beforeId: before?.messageId ?? "",
    beforeReason: before?.reason ?? "",
    // One row more than a page shows whether there is another page.
    limit: inboxPageSize + 1,
  })
  const items = rows.slice(0, inboxPageSize)
  const last = items.at(-1)
  const isLast = rows.length <= inboxPageSize || last === undefined
  return { items, older: isLast ? null : `${last.at.getTime()}.${last.message.id}.${last.reason}` }
}

/** How many of somebody's items are unread, up to a hundred. */
export async function countInbox(db: Db, viewerId: string): Promise<number> {
  return (await countsOf(db, viewerId))[0]?.unread ?? 0
}

// These run inside a shared commit.

/** An item to insert into an inbox. Reminders and the notifier create them. */
export interface NewItem {
  userId: string
  /** Of `message` and of mentions of everyone and roles nothing is stored. */
  reason: InboxReason | "message"
  message: { id: string; channelId: string; position: number; createdAt: Date }
  /** Of a reminder: when it fell due, and what it says. */
  at?: Date
  note?: string
}

const storedReasons = new Set<string>(["mention", "reply", "keyword", "thread", "reminder"])

/**
 * Stores what waits for people; what they have already stays as it is, except a reminder, which comes again, and of a
 * thread that they follow only the newest message is there. Users who are mentioned in a thread follow it from now on. Name
 * `resource.inbox` of each of them to `server.updateResources` afterwards.
 */
export async function recordInboxItems(tx: Tx, items: readonly NewItem[]): Promise<void> {
  const rows = newestOfThreads(items.filter(({ reason }) => storedReasons.has(reason))).map(rowOf)
  await deleteOlderOfThreads(tx, rows)
  for (let from = 0; from < rows.length; from += batchSize) {
    const batch = rows.slice(from, from + batchSize)
    await tx
      .insert(inboxItems)
      .values(batch)
      .onConflictDoUpdate({
        target: [inboxItems.userId, inboxItems.messageId, inboxItems.reason],
        set: { at: sql`excluded.at`, note: sql`excluded.note`, doneAt: null },
        setWhere: sql`excluded.reason = 'reminder'`,
      })
      .run()
  }
  await insertFollowsOfMentioned(tx, items)
}

/** A thread is one item for each follower: its newest message. */
function newestOfThreads(items: readonly NewItem[]): NewItem[] {
  const newest = new Map(items.map((item) => [keyOf(item), item]))
  return [...newest.values()]
}

function keyOf({ userId, reason, message }: NewItem): string {
  return `${userId} ${reason} ${reason === "thread" ? message.channelId : message.id}`
}

/** Replaces older items of the same threads. */
async function deleteOlderOfThreads(tx: Tx, rows: (typeof inboxItems.$inferInsert)[]): Promise<void> {
  const byThread = Map.groupBy(
    rows.filter(({ reason }) => reason === "thread"),
    ({ channelId }) => channelId,
  )
  for (const [channelId, ofThread] of byThread) {
    const userIds = JSON.stringify(ofThread.map(({ userId }) => userId))
    await tx.run(sql`
      delete from inbox_items where user_id in ${textsIn(tx, userIds)} and done_at is null
        and channel_id = ${channelId} and reason = 'thread'`)
  }
}

function rowOf({ userId, reason, message, at, note }: NewItem): typeof inboxItems.$inferInsert {
  const { id: messageId, channelId, position, createdAt } = message
  return { userId, messageId, channelId, position, reason, at: at ?? createdAt, note }
}

const ofItem = (userId: string, { messageId, reason }: ItemId) =>
  and(eq(inboxItems.userId, userId), eq(inboxItems.messageId, messageId), eq(inboxItems.reason, reason))

/** An item of a user, with what decides whether it is in their inbox. */
interface ItemOf {
  userId: string
  item: ItemId
  message: Message
  /** The ids of the user's roles. */
  roleIds: readonly string[]
}

/** Does the message mention the user by everyone or a role, as the item says? Such a mention has no row until it is done. */
function isUnstored({ item: { reason }, message, roleIds }: ItemOf): boolean {
  const mentioned = mentionedIds(message.extras)
  if (reason === "everyone") return mentioned.includes("everyone")
  return reason === "role" && roleIds.some((id) => mentioned.includes(id))
}

/** Marks an item as done; `false` when there is none. */
export async function insertDone(tx: Tx, { doneAt, ...of }: ItemOf & { doneAt: Date }): Promise<boolean> {
  const { userId, item, message } = of
  const known = await tx
    .select({ doneAt: inboxItems.doneAt })
    .from(inboxItems)
    .where(ofItem(userId, item))
    .get()
  if (known) {
    await tx
      .update(inboxItems)
      .set({ doneAt })
      .where(and(ofItem(userId, item), isNull(inboxItems.doneAt)))
      .run()
    return true
  }
  if (!isUnstored(of)) return false

  await tx
    .insert(inboxItems)
    .values({ ...rowOf({ userId, reason: item.reason, message }), doneAt })
    .onConflictDoNothing()
    .run()
  return true
}

/** Returns an item to the inbox; `false` when it is not done. */
export async function deleteDone(tx: Tx, userId: string, item: ItemId): Promise<boolean> {
  const changed = await tx
    .update(inboxItems)
    .set({ doneAt: null })
    .where(and(ofItem(userId, item), isNotNull(inboxItems.doneAt)))
    .returning({ messageId: inboxItems.messageId })
    .all()
  return changed.length > 0
}

/**
 * Returns an item to the inbox as unread: its channel is unread from its message on, unless it is a reminder, which is unread
 * until it is done. `false` when there is none.
 */
export async function markItemUnread(tx: Tx, of: ItemOf): Promise<boolean> {
  const { userId, item, message } = of
  const returned = await tx
    .update(inboxItems)
    .set({ doneAt: null })
    .where(ofItem(userId, item))
    .returning({ messageId: inboxItems.messageId })
    .get()
  if (!returned && !isUnstored(of)) return false

  const { channelId, position } = message
  if (item.reason !== "reminder") await retreatReadPosition(tx, { userId, channelId, position: position - 1 })
  return true
}
