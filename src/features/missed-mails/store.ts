import { and, asc, desc, eq, gt, isNotNull, isNull, lte, ne, or, sql } from "drizzle-orm"
import {
  channels,
  emailAddresses,
  inboxItems,
  messages,
  notificationSettings,
  servers,
  users,
} from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { messageColumns } from "../messages/store.ts"
import { levelChoicesOfThread, threadLevelColumns } from "../notification-levels/level-columns.ts"
import { shownChannelName, shownServerName, type UserIdExpression } from "../permissions/columns.ts"
import { joinedServers, ofMember, readableBy } from "../permissions/scope.ts"
import { notSuspended } from "../permissions/suspension.ts"

const userId = sql.placeholder("userId")
const now = sql.placeholder("now")
const since = sql.placeholder("since")
const missedBefore = sql.placeholder("missedBefore")

/** A reminder is for when one reads the message again. */
const isUnread = sql`(${inboxItems.reason} = 'reminder' or not exists (
  select 1 from read_positions r where r.user_id = ${inboxItems.userId}
  and r.channel_id = ${inboxItems.channelId} and r.position >= ${inboxItems.position}))`

const isOpen = and(isNull(inboxItems.doneAt), isUnread)

/** For `from`: a user's conversations, their channels and threads `c`, with how far they have read them, `r`. */
const unreadConversations = (userId: UserIdExpression) => sql`${joinedServers}
  join channels c on c.server_id = m.server_id
  left join read_positions r on r.channel_id = c.id and r.user_id = ${userId}
  ${levelChoicesOfThread(userId)}`
/** For `where` behind it: there may be something unread in `c`, and the user is notified of everything there. */
const isUnreadConversation = sql`s.kind = 'direct' and c.seq > coalesce(r.position, 0)
  and ${threadLevelColumns.level} = 'everything' and not ${threadLevelColumns.isMuted}`

/** Unread items of a user's inbox. */
function waitingItems(db: Db) {
  return db
    .select({
      message: messageColumns,
      at: inboxItems.at,
      reason: inboxItems.reason,
      serverName: shownServerName,
      channelName: shownChannelName(userId),
    })
    .from(inboxItems)
    .innerJoin(messages, eq(messages.id, inboxItems.messageId))
    .innerJoin(users, eq(users.id, messages.userId))
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .where(
      and(
        eq(inboxItems.userId, userId),
        gt(inboxItems.at, since),
        isOpen,
        isNull(messages.deletedAt),
        readableBy(userId),
      ),
    )
    .orderBy(desc(inboxItems.at), desc(inboxItems.messageId))
    .limit(sql.placeholder("limit"))
    .prepare()
}

/** Unread messages of others in a user's conversations. */
function unreadDirect(db: Db) {
  return db
    .select({
      message: messageColumns,
      at: messages.createdAt,
      reason: sql<"message">`'message'`,
      serverName: shownServerName,
      channelName: shownChannelName(userId),
    })
    .from(sql`(select c.id, coalesce(r.position, 0) as read_to from ${unreadConversations(userId)}
      where ${ofMember(userId)} and ${isUnreadConversation}) as unread`)
    .innerJoin(channels, sql`${channels.id} = unread.id`)
    .innerJoin(messages, and(eq(messages.channelId, channels.id), sql`${messages.position} > unread.read_to`))
    .innerJoin(users, eq(users.id, messages.userId))
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .where(and(ne(messages.userId, userId), isNull(messages.deletedAt), gt(messages.createdAt, since)))
    .orderBy(desc(messages.createdAt), desc(messages.id))
    .limit(sql.placeholder("limit"))
    .prepare()
}

const statements = prepare((db) => ({
  recipients: db
    .select({
      userId: users.id,
      username: users.username,
      address: emailAddresses.address,
      isTextShown: notificationSettings.isTextShown,
      lastMailedAt: notificationSettings.lastMailedAt,
    })
    .from(notificationSettings)
    .innerJoin(users, eq(users.id, notificationSettings.userId))
    .innerJoin(emailAddresses, eq(emailAddresses.userId, users.id))
    .where(
      and(
        gt(users.id, sql.placeholder("after")),
        eq(notificationSettings.mails, "missed"),
        isNotNull(emailAddresses.verifiedAt),
        notSuspended(now),
        or(
          isNull(notificationSettings.lastMailedAt),
          lte(notificationSettings.lastMailedAt, sql.placeholder("mailedBefore")),
        ),
        or(
          sql`exists (select 1 from ${inboxItems} where ${and(
            eq(inboxItems.userId, users.id),
            lte(inboxItems.at, missedBefore),
            sql`${inboxItems.at} > coalesce(${notificationSettings.lastMailedAt}, ${since})`,
            isOpen,
          )})`,
          sql`exists (select 1 from ${unreadConversations(users.id)} join messages said on said.channel_id = c.id
            and said.position > coalesce(r.position, 0) and said.user_id <> ${users.id} and said.deleted_at is null
            where ${ofMember(users.id)} and ${isUnreadConversation} and said.created_at <= ${missedBefore}
            and said.created_at > coalesce(${notificationSettings.lastMailedAt}, ${since}))`,
        ),
      ),
    )
    .orderBy(asc(users.id))
    .limit(sql.placeholder("limit"))
    .prepare(),
  missed: waitingItems(db),
  direct: unreadDirect(db),
  settings: db
    .select({ mails: notificationSettings.mails, unsubscribeHash: notificationSettings.unsubscribeHash })
    .from(notificationSettings)
    .where(eq(notificationSettings.userId, userId))
    .prepare(),
}))

interface Times {
  now: Date
  /** They had no mail since. */
  mailedBefore: Date
  /** Missed messages are older than this. */
  missedBefore: Date
  /** Before the first e-mail: older messages do not count. */
  since: Date
}

export type Recipient = Awaited<ReturnType<typeof listRecipients>>[number]

/** Users after an id who want these e-mails and missed something, by id. */
export async function listRecipients(db: Db, after: string, limit: number, times: Times) {
  const inMs = Object.fromEntries(Object.entries(times).map(([name, at]) => [name, at.getTime()]))
  return statements(db).recipients.all({ ...inMs, after, limit })
}

export type Missed = Awaited<ReturnType<typeof listMissed>>[number]

/** Lists unread messages since a time that a user may read, newest first: inbox items, and messages in conversations.
 */
export async function listMissed(db: Db, userId: string, { since, limit }: { since: Date; limit: number }) {
  const asked = { userId, since: since.getTime(), limit }
  const direct = await statements(db).direct.all(asked)
  const waiting = await statements(db).missed.all(asked)
  const named = new Set(waiting.map(({ message }) => message.id))
  const all = [...waiting, ...direct.filter(({ message }) => !named.has(message.id))]
  return all.toSorted((a, b) => b.at.getTime() - a.at.getTime()).slice(0, limit)
}

/** A user's choice; `undefined` when they never made one. */
export async function findMailSettings(db: Db, userId: string) {
  return statements(db).settings.get({ userId })
}

// These run inside a commit.

export async function updateMails(
  tx: Tx,
  userId: string,
  chosen: { mails: "never" | "missed"; unsubscribeHash: string | null },
): Promise<void> {
  await tx
    .insert(notificationSettings)
    .values({ userId, ...chosen })
    .onConflictDoUpdate({ target: notificationSettings.userId, set: chosen })
    .run()
}

/** Notes a mail before it is sent. `false` when they want none any more, or another process has sent one. */
export async function claimMail(
  tx: Tx,
  { userId, lastMailedAt }: Pick<Recipient, "userId" | "lastMailedAt">,
  claimed: { lastMailedAt: Date; unsubscribeHash: string },
): Promise<boolean> {
  const { lastMailedAt: column } = notificationSettings
  const row = await tx
    .update(notificationSettings)
    .set(claimed)
    .where(
      and(
        eq(notificationSettings.userId, userId),
        eq(notificationSettings.mails, "missed"),
        lastMailedAt === null ? isNull(column) : eq(column, lastMailedAt),
      ),
    )
    .returning({ userId: notificationSettings.userId })
    .get()
  return row !== undefined
}

/** Ends the mails by the hash of the token in one of them. `false` when it is none. */
export async function endMails(tx: Tx, userId: string, unsubscribeHash: string): Promise<boolean> {
  const ended = await tx
    .update(notificationSettings)
    .set({ mails: "never" })
    .where(
      and(eq(notificationSettings.userId, userId), eq(notificationSettings.unsubscribeHash, unsubscribeHash)),
    )
    .returning({ userId: notificationSettings.userId })
    .get()
  return ended !== undefined
}
