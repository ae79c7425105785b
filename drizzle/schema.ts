import { relations, sql } from "drizzle-orm"
import {
  type AnySQLiteColumn,
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core"
import type { MessageExtras } from "../src/features/messages/extras.ts"

/**
 * Every table. Times are integers in milliseconds since 1970 and come back as `Date`.
 *
 * A chat channel is a log: `channels.seq` counts its changes, `messages.seq` is the number of a message's
 * last change and `messages.position` that of its creation. See "One message's journey" in the README.
 */

const time = (name: string) => integer(name, { mode: "timestamp_ms" })
const createdAt = () =>
  time("created_at")
    .notNull()
    .$defaultFn(() => new Date())

/** People. The shape is better-auth's `user` model with its username plugin. */
export const users = sqliteTable("users", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  emailVerified: integer("email_verified", { mode: "boolean" }).notNull().default(false),
  image: text("image"),
  username: text("username").notNull().unique(),
  displayUsername: text("display_username"),
  /** Of a bot or webhook, which signs in by tokens alone: the person who answers for it. */
  botOwnerId: text("bot_owner_id").references((): AnySQLiteColumn => users.id, { onDelete: "cascade" }),
  createdAt: createdAt(),
  updatedAt: time("updated_at").notNull(),
})

/** Signed-in browsers and programs. better-auth's `session`. */
export const sessions = sqliteTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    token: text("token").notNull().unique(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    expiresAt: time("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt: createdAt(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("sessions_user").on(table.userId)],
)

/** How a person signs in: here, a password's hash. better-auth's `account`. */
export const accounts = sqliteTable(
  "accounts",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: time("access_token_expires_at"),
    refreshTokenExpiresAt: time("refresh_token_expires_at"),
    scope: text("scope"),
    password: text("password"),
    createdAt: createdAt(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("accounts_user").on(table.userId)],
)

/** Codes sent to prove something. better-auth's `verification`. */
export const verifications = sqliteTable(
  "verifications",
  {
    id: text("id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: time("expires_at").notNull(),
    createdAt: createdAt(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("verifications_identifier").on(table.identifier)],
)

export const servers = sqliteTable(
  "servers",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    ownerId: text("owner_id")
      .notNull()
      .references(() => users.id),
    /**
     * `direct`: what holds a conversation between a few people, who are its members. It is in no list of servers
     * and has one channel; all else about it, who may read above all, is as in any server.
     */
    kind: text("kind", { enum: ["server", "direct"] })
      .notNull()
      .default("server"),
    /** Of a conversation between two: their ids, sorted and joined, so that there is one for each pair. */
    pair: text("pair").unique(),
    createdAt: createdAt(),
  },
  (table) => [index("servers_owner").on(table.ownerId)],
)

export const serverMembers = sqliteTable(
  "server_members",
  {
    serverId: text("server_id")
      .notNull()
      .references(() => servers.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    joinedAt: time("joined_at")
      .notNull()
      .$defaultFn(() => new Date()),
  },
  (table) => [
    primaryKey({ columns: [table.serverId, table.userId] }),
    index("server_members_user").on(table.userId, table.serverId),
  ],
)

export const channels = sqliteTable(
  "channels",
  {
    id: text("id").primaryKey(),
    serverId: text("server_id")
      .notNull()
      .references(() => servers.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** The message a thread hangs on; `null` for the channels of the list. A thread is a channel in all else. */
    parentId: text("parent_id").references((): AnySQLiteColumn => messages.id, { onDelete: "cascade" }),
    /** The number of the log's last change; 0 when nothing has happened yet. */
    seq: integer("seq").notNull().default(0),
    /** How many messages it was ever sent: the newest one's `ordinal`. What is unread is a difference of two. */
    messageCount: integer("message_count").notNull().default(0),
    createdAt: createdAt(),
  },
  (table) => [
    // Threads apart: there are many more of them than of what stands in a list.
    index("channels_server").on(table.serverId, table.parentId, table.createdAt, table.id),
    // Of threads alone: SQLite takes what a unique index finds for one row, and `is null` would be sought in it first.
    uniqueIndex("channels_parent").on(table.parentId).where(sql`${table.parentId} is not null`),
  ],
)

export const messages = sqliteTable(
  "messages",
  {
    /** A UUID, chosen by the sender: the idempotency key. */
    id: text("id").primaryKey(),
    channelId: text("channel_id")
      .notNull()
      .references(() => channels.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id),
    /** Empty once deleted: a tombstone keeps nothing of what was said. */
    content: text("content").notNull(),
    /** `channels.seq` at creation: the order of reading, for ever. */
    position: integer("position").notNull(),
    /** `channels.seq` at the last change: what a reader who was away asks by. */
    seq: integer("seq").notNull(),
    /** The how-manieth message of its channel it is, from 1. */
    ordinal: integer("ordinal").notNull().default(0),
    /**
     * All that a reader sees of it besides its text, as it now is (reactions, files, the quoted message …), so that
     * showing it takes no other read; `null` for a plain message. The tables behind it are what rules are kept by.
     */
    extras: text("extras", { mode: "json" }).$type<MessageExtras>(),
    createdAt: time("created_at").notNull(),
    editedAt: time("edited_at"),
    deletedAt: time("deleted_at"),
  },
  (table) => [
    uniqueIndex("messages_position").on(table.channelId, table.position),
    uniqueIndex("messages_seq").on(table.channelId, table.seq),
    check("messages_seq_after_position", sql`${table.seq} >= ${table.position}`),
  ],
)

export const invites = sqliteTable(
  "invites",
  {
    code: text("code").primaryKey(),
    serverId: text("server_id")
      .notNull()
      .references(() => servers.id, { onDelete: "cascade" }),
    createdBy: text("created_by")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: createdAt(),
    /** `null`: never expires. */
    expiresAt: time("expires_at"),
    /** `null`: any number of times. */
    maxUses: integer("max_uses"),
    uses: integer("uses").notNull().default(0),
    revokedAt: time("revoked_at"),
  },
  (table) => [
    index("invites_server").on(table.serverId, table.createdAt),
    index("invites_creator").on(table.createdBy),
  ],
)

/** Who may not come into a server, whatever invite they hold. */
export const bans = sqliteTable(
  "bans",
  {
    serverId: text("server_id")
      .notNull()
      .references(() => servers.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    reason: text("reason"),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.serverId, table.userId] }), index("bans_user").on(table.userId)],
)

/** How far a person has read in a channel. One row for both, however many messages there are. */
export const readPositions = sqliteTable(
  "read_positions",
  {
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    channelId: text("channel_id")
      .notNull()
      .references(() => channels.id, { onDelete: "cascade" }),
    position: integer("position").notNull(),
    /** How many of its messages stand up to there. */
    ordinal: integer("ordinal").notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.channelId] }),
    index("read_positions_channel").on(table.channelId),
  ],
)

const ofMessage = () =>
  text("message_id")
    .notNull()
    .references(() => messages.id, { onDelete: "cascade" })
const ofUser = (name = "user_id") =>
  text(name)
    .notNull()
    .references(() => users.id, { onDelete: "cascade" })
const ofChannel = () =>
  text("channel_id")
    .notNull()
    .references(() => channels.id, { onDelete: "cascade" })

/** What a message said before each edit, oldest first. Deleting the message deletes them. */
export const messageVersions = sqliteTable(
  "message_versions",
  {
    messageId: ofMessage(),
    /** The message's `seq` while it said this. */
    seq: integer("seq").notNull(),
    content: text("content").notNull(),
    /** When it began to say this. */
    writtenAt: time("written_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageId, table.seq] })],
)

/** Which message answers which. What a quote says follows what is quoted: this is how it is found. */
export const replies = sqliteTable(
  "replies",
  {
    messageId: ofMessage().primaryKey(),
    quotedId: text("quoted_id")
      .notNull()
      .references(() => messages.id, { onDelete: "cascade" }),
    /** Who wrote what is quoted. */
    quotedUserId: ofUser("quoted_user_id"),
  },
  (table) => [index("replies_quoted").on(table.quotedId), index("replies_user").on(table.quotedUserId)],
)

/** Who is mentioned where: a row for each name in a message, one with `userId` "everyone" for all at once. */
export const mentions = sqliteTable(
  "mentions",
  {
    messageId: ofMessage(),
    channelId: ofChannel(),
    /** A user's id, or "everyone". */
    userId: text("user_id").notNull(),
    position: integer("position").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.messageId, table.userId] }),
    index("mentions_unread").on(table.channelId, table.userId, table.position),
    index("mentions_user").on(table.userId, table.position),
  ],
)

export const reactions = sqliteTable(
  "reactions",
  {
    messageId: ofMessage(),
    userId: ofUser(),
    emoji: text("emoji").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.messageId, table.emoji, table.userId] }),
    index("reactions_user").on(table.userId),
  ],
)

/** A poll's texts and counts are in its message's `extras`; this finds the polls that are due. */
export const polls = sqliteTable(
  "polls",
  {
    messageId: ofMessage().primaryKey(),
    closesAt: time("closes_at").notNull(),
    closedAt: time("closed_at"),
  },
  (table) => [index("polls_open").on(table.closesAt).where(sql`closed_at is null`)],
)

/** A vote for one answer, which is named by its index. */
export const pollVotes = sqliteTable(
  "poll_votes",
  {
    messageId: ofMessage(),
    answer: integer("answer").notNull(),
    userId: ofUser(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.messageId, table.answer, table.userId] }),
    index("poll_votes_user").on(table.userId, table.messageId),
  ],
)

export const pins = sqliteTable(
  "pins",
  { messageId: ofMessage().primaryKey(), channelId: ofChannel(), userId: ofUser(), createdAt: createdAt() },
  (table) => [
    index("pins_channel").on(table.channelId, table.createdAt),
    index("pins_user").on(table.userId),
  ],
)

/** Messages somebody keeps for themselves. */
export const savedMessages = sqliteTable(
  "saved_messages",
  { userId: ofUser(), messageId: ofMessage(), createdAt: createdAt() },
  (table) => [
    primaryKey({ columns: [table.userId, table.messageId] }),
    index("saved_messages_newest").on(table.userId, table.createdAt),
    index("saved_messages_message").on(table.messageId),
  ],
)

/** Files people sent; their bytes are in the file store, under `key`. */
export const files = sqliteTable(
  "files",
  {
    id: text("id").primaryKey(),
    channelId: ofChannel(),
    userId: ofUser(),
    /** `null` until the message it belongs to is sent; after a day it is then deleted. */
    messageId: text("message_id").references(() => messages.id, { onDelete: "set null" }),
    name: text("name").notNull(),
    /** By its content, not by its name. */
    type: text("type").notNull(),
    bytes: integer("bytes").notNull(),
    /** Of images, in pixels. */
    width: integer("width"),
    height: integer("height"),
    alt: text("alt").notNull().default(""),
    key: text("key").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    index("files_message").on(table.messageId, table.createdAt),
    index("files_user").on(table.userId),
    index("files_channel").on(table.channelId),
  ],
)

/** What a page linked in a message says of itself; its picture is in the file store, under `imageKey`. */
export const linkPreviews = sqliteTable(
  "link_previews",
  {
    id: text("id").primaryKey(),
    messageId: ofMessage(),
    url: text("url").notNull(),
    imageKey: text("image_key"),
    createdAt: createdAt(),
    /** The author did not want it. */
    removedAt: time("removed_at"),
  },
  (table) => [uniqueIndex("link_previews_message").on(table.messageId, table.url)],
)

/** Whose messages a person does not want. */
export const blocks = sqliteTable(
  "blocks",
  { userId: ofUser(), blockedId: ofUser("blocked_id"), createdAt: createdAt() },
  (table) => [
    primaryKey({ columns: [table.userId, table.blockedId] }),
    index("blocks_blocked").on(table.blockedId),
  ],
)

/** How a person wants their pages; no row: as they come. */
export const userSettings = sqliteTable("user_settings", {
  userId: ofUser().primaryKey(),
  settings: text("settings", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
})

/** What a bot signs in with. Only its hash is kept. */
export const botTokens = sqliteTable(
  "bot_tokens",
  {
    id: text("id").primaryKey(),
    /** The bot: a user with a `botOwnerId`. */
    userId: ofUser(),
    hash: text("hash").notNull().unique(),
    createdAt: createdAt(),
    lastUsedAt: time("last_used_at"),
  },
  (table) => [index("bot_tokens_user").on(table.userId)],
)

/** Ways for other programs to write into a channel by an address that is a secret. */
export const incomingWebhooks = sqliteTable(
  "incoming_webhooks",
  {
    id: text("id").primaryKey(),
    channelId: ofChannel(),
    /** Who its messages are by: a user with a `botOwnerId`. */
    userId: ofUser(),
    name: text("name").notNull(),
    hash: text("hash").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    index("incoming_webhooks_channel").on(table.channelId),
    index("incoming_webhooks_user").on(table.userId),
  ],
)

/**
 * Pictures that webhooks name by an address for who they write as. Fetched and made anew, each is in the file store,
 * under `imageKey`, once it is there.
 */
export const webhookAvatars = sqliteTable(
  "webhook_avatars",
  {
    id: text("id").primaryKey(),
    channelId: ofChannel(),
    url: text("url").notNull(),
    imageKey: text("image_key"),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex("webhook_avatars_url").on(table.channelId, table.url)],
)

/** Addresses that are told what happens in a channel. */
export const outgoingWebhooks = sqliteTable(
  "outgoing_webhooks",
  {
    id: text("id").primaryKey(),
    channelId: ofChannel(),
    createdBy: ofUser("created_by"),
    url: text("url").notNull(),
    /** Signs what is sent; it must be known to sign, so it is kept as it is. */
    secret: text("secret").notNull(),
    /** The last change of the channel's log that was delivered, or given up. */
    deliveredSeq: integer("delivered_seq").notNull().default(0),
    /** Tries of the next one that failed. */
    failures: integer("failures").notNull().default(0),
    nextTryAt: time("next_try_at"),
    lastStatus: text("last_status"),
    disabledAt: time("disabled_at"),
    createdAt: createdAt(),
  },
  (table) => [
    index("outgoing_webhooks_channel").on(table.channelId),
    index("outgoing_webhooks_creator").on(table.createdBy),
  ],
)

/**
 * How far each log is in the index that search reads, `search_index`: it reads logs as any other reader does. Nothing is
 * tied to what may be deleted, since that is how it is found out what must leave the index.
 */
export const searchLogs = sqliteTable("search_logs", {
  id: integer("id").primaryKey(),
  channelId: text("channel_id").notNull().unique(),
  /** The last change that is in the index. */
  seq: integer("seq").notNull(),
})

/** What is in the index, and under which number: numbers grow with the time of writing, so the newest come first. */
export const searchDocuments = sqliteTable(
  "search_documents",
  {
    /** `rowid` in the index. */
    id: integer("id").primaryKey(),
    /** Of `search_logs`. */
    log: integer("log").notNull(),
    /** The message's place in its log. */
    position: integer("position").notNull(),
  },
  (table) => [uniqueIndex("search_documents_place").on(table.log, table.position)],
)

/** How many messages of each span of time came into the index, at least: so it is known what looking there costs. */
export const searchSpans = sqliteTable("search_spans", {
  /** Spans are numbered from 1970 on. */
  id: integer("id").primaryKey(),
  count: integer("count").notNull(),
})

export const serversRelations = relations(servers, ({ many }) => ({
  channels: many(channels),
  members: many(serverMembers),
}))

export const serverMembersRelations = relations(serverMembers, ({ one }) => ({
  server: one(servers, { fields: [serverMembers.serverId], references: [servers.id] }),
  user: one(users, { fields: [serverMembers.userId], references: [users.id] }),
}))

export const channelsRelations = relations(channels, ({ one }) => ({
  server: one(servers, { fields: [channels.serverId], references: [servers.id] }),
}))
