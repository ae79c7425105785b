import { sql } from "drizzle-orm"
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import { createdAt, time } from "./columns.ts"
import { ofUser } from "./users.ts"

// What people are told of while they look elsewhere, and later. Rows name channels and messages without a foreign key:
// what is gone is skipped where it is read, and deleting a channel need not look here.

/** What somebody chose for a place; no row, or `null` in a column: as the place around it. */
export const notificationLevels = sqliteTable(
  "notification_levels",
  {
    userId: ofUser(),
    /** The id of a server, category, channel or thread, or "account". */
    placeId: text("place_id").notNull(),
    place: text("place", { enum: ["account", "server", "category", "channel", "thread"] }).notNull(),
    level: text("level", { enum: ["everything", "mentions", "nothing"] }),
    /** The end of a mute; `null`: not muted. A mute without an end has the last time there is. */
    mutedUntil: time("muted_until"),
    /** Whether mentions of everyone count. */
    isEveryoneSuppressed: integer("is_everyone_suppressed", { mode: "boolean" }),
    /** Whether mentions of the reader's roles count. */
    areRolesSuppressed: integer("are_roles_suppressed", { mode: "boolean" }),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.placeId] }),
    // Who reads everything of a place: the only ones but the mentioned whom a message looks for.
    index("notification_levels_everything").on(table.placeId).where(sql`${table.level} = 'everything'`),
    // The mutes that end: the number is the time of those that do not.
    index("notification_levels_mute_ends")
      .on(table.mutedUntil)
      .where(sql`${table.mutedUntil} < 8640000000000000`),
  ],
)

/** When and how somebody is told, beyond the levels; no row: defaults. */
export const notificationSettings = sqliteTable("notification_settings", {
  userId: ofUser().primaryKey(),
  /** Minutes of the day in the reader's zone; both `null`: no quiet hours. The end may be before the start. */
  quietFrom: integer("quiet_from"),
  quietUntil: integer("quiet_until"),
  /** Whether notices show what was written, or only that something was. */
  isTextShown: integer("is_text_shown", { mode: "boolean" }).notNull().default(true),
  /** E-mail for what was missed: never, or after a quarter of an hour and then once a day. */
  mails: text("mails", { enum: ["never", "missed"] })
    .notNull()
    .default("never"),
  lastMailedAt: time("last_mailed_at"),
  /** Hash of the secret in the address that ends the mails with one click. */
  unsubscribeHash: text("unsubscribe_hash"),
})

/** Words that notify a person as a mention does, in lower case. */
export const keywords = sqliteTable(
  "keywords",
  { userId: ofUser(), word: text("word").notNull(), createdAt: createdAt() },
  (table) => [primaryKey({ columns: [table.userId, table.word] }), index("keywords_word").on(table.word)],
)

/** Devices that accept Web Push. */
export const pushSubscriptions = sqliteTable(
  "push_subscriptions",
  {
    id: text("id").primaryKey(),
    userId: ofUser(),
    /** The session that subscribed; ending it ends the subscription. */
    sessionId: text("session_id"),
    /** The address of the push service. A user gives it: only public hosts are asked. */
    endpoint: text("endpoint").notNull().unique(),
    /** The device's public key and secret, as base64url, which encrypt what is sent. */
    p256dh: text("p256dh").notNull(),
    auth: text("auth").notNull(),
    name: text("name").notNull(),
    createdAt: createdAt(),
    lastSentAt: time("last_sent_at"),
    lastStatus: text("last_status"),
  },
  (table) => [index("push_subscriptions_user").on(table.userId)],
)

/** Notices that a device has still to get, or has got: at most one for each message. */
export const pushDeliveries = sqliteTable(
  "push_deliveries",
  {
    subscriptionId: text("subscription_id")
      .notNull()
      .references(() => pushSubscriptions.id, { onDelete: "cascade" }),
    messageId: text("message_id").notNull(),
    channelId: text("channel_id").notNull(),
    position: integer("position").notNull(),
    /** Why the person is told: `mention`, `reply`, `keyword`, `message` and so on. */
    reason: text("reason").notNull(),
    /** `null`: sent, withdrawn or given up. */
    dueAt: time("due_at"),
    /** Set before it is sent: what stopped meanwhile is not sent twice. */
    sentAt: time("sent_at"),
    failures: integer("failures").notNull().default(0),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.subscriptionId, table.messageId] }),
    index("push_deliveries_due").on(table.dueAt).where(sql`${table.dueAt} is not null`),
    index("push_deliveries_created").on(table.createdAt),
  ],
)

/** How far each channel's log was looked through for people to notify. */
export const notifiedLogs = sqliteTable("notified_logs", {
  channelId: text("channel_id").primaryKey(),
  seq: integer("seq").notNull(),
})

/** What waits for a person: everything but mentions of everyone and of roles, which need a row only once done. */
export const inboxItems = sqliteTable(
  "inbox_items",
  {
    userId: ofUser(),
    messageId: text("message_id").notNull(),
    channelId: text("channel_id").notNull(),
    position: integer("position").notNull(),
    reason: text("reason", {
      enum: ["mention", "everyone", "role", "reply", "thread", "keyword", "reminder", "message"],
    }).notNull(),
    /** The time of the message, or when a reminder fell due: the order of the list. */
    at: time("at").notNull(),
    /** `null`: not done yet. */
    doneAt: time("done_at"),
    /** What a reminder says besides the message. */
    note: text("note"),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.messageId, table.reason] }),
    index("inbox_items_open").on(table.userId, table.at).where(sql`${table.doneAt} is null`),
    index("inbox_items_user").on(table.userId, table.at),
    index("inbox_items_message").on(table.messageId),
    index("inbox_items_at").on(table.at),
    // What a channel's number counts besides mentions.
    index("inbox_items_counted")
      .on(table.userId, table.channelId, table.position)
      .where(sql`${table.reason} in ('reply', 'keyword')`),
  ],
)

/** Who follows a thread, or stopped following it: writing there or being mentioned does not follow it again. */
export const threadFollows = sqliteTable(
  "thread_follows",
  {
    userId: ofUser(),
    channelId: text("channel_id").notNull(),
    isFollowed: integer("is_followed", { mode: "boolean" }).notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.channelId] }),
    index("thread_follows_channel").on(table.channelId).where(sql`${table.isFollowed} = 1`),
  ],
)

/** Messages that somebody wants to see again at a time. */
export const reminders = sqliteTable(
  "reminders",
  {
    id: text("id").primaryKey(),
    userId: ofUser(),
    messageId: text("message_id").notNull(),
    channelId: text("channel_id").notNull(),
    dueAt: time("due_at").notNull(),
    note: text("note").notNull().default(""),
    /** `null`: still to come. */
    firedAt: time("fired_at"),
    createdAt: createdAt(),
  },
  (table) => [
    index("reminders_due").on(table.dueAt).where(sql`${table.firedAt} is null`),
    index("reminders_user").on(table.userId, table.dueAt),
  ],
)

/** Messages to be sent at a time. Their id becomes the message's, so that none is sent twice. */
export const scheduledMessages = sqliteTable(
  "scheduled_messages",
  {
    id: text("id").primaryKey(),
    userId: ofUser(),
    channelId: text("channel_id").notNull(),
    content: text("content").notNull(),
    quotedId: text("quoted_id"),
    dueAt: time("due_at").notNull(),
    sentAt: time("sent_at"),
    /** Why it could not be sent, as a sentence for its author. */
    failure: text("failure"),
    createdAt: createdAt(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [
    index("scheduled_messages_due")
      .on(table.dueAt)
      .where(sql`${table.sentAt} is null and ${table.failure} is null`),
    index("scheduled_messages_user").on(table.userId, table.dueAt),
  ],
)

/** Addresses that a feed reader polls. Only the hash of the secret is stored. */
export const feeds = sqliteTable(
  "feeds",
  {
    id: text("id").primaryKey(),
    userId: ofUser(),
    hash: text("hash").notNull().unique(),
    name: text("name").notNull(),
    /** The channel that is read; `null`: a search is. */
    channelId: text("channel_id"),
    query: text("query"),
    createdAt: createdAt(),
    lastUsedAt: time("last_used_at"),
  },
  (table) => [index("feeds_user").on(table.userId)],
)

/** Keys that the instance made for itself and all its nodes share, such as the one that signs Web Push. */
export const instanceKeys = sqliteTable("instance_keys", {
  name: text("name").primaryKey(),
  value: text("value").notNull(),
  createdAt: createdAt(),
})
