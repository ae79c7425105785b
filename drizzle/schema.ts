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
 * A chat channel is a log: `channels.seq` counts its changes, `messages.seq` is the number of a message's last change and
 * `messages.position` the number of its creation.
 */

const time = (name: string) => integer(name, { mode: "timestamp_ms" })
const createdAt = () =>
  time("created_at")
    .notNull()
    .$defaultFn(() => new Date())

/** Users, bots and webhooks. The shape is better-auth's `user` model with its username plugin. */
export const users = sqliteTable("users", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  emailVerified: integer("email_verified", { mode: "boolean" }).notNull().default(false),
  image: text("image"),
  username: text("username").notNull().unique(),
  displayUsername: text("display_username"),
  /** The person who owns a bot or webhook, which signs in only with tokens; `null` for people. */
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

/** Credentials: password hashes. better-auth's `account`. */
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

/** Verification codes. better-auth's `verification`. */
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
     * `direct`: stores a conversation, whose users are its members. It has one channel and is in no list of servers;
     * otherwise it works like a server, so that the same rules decide who may read.
     */
    kind: text("kind", { enum: ["server", "direct"] })
      .notNull()
      .default("server"),
    /** In a conversation of two, their ids, sorted and joined: unique, so that two users have one conversation. */
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
    /** The message that a thread belongs to; `null` for listed channels. Otherwise a thread is a channel. */
    parentId: text("parent_id").references((): AnySQLiteColumn => messages.id, { onDelete: "cascade" }),
    /** The head of the log: the number of its last change; 0 for an empty log. */
    seq: integer("seq").notNull().default(0),
    /** The newest message's `ordinal`. Minus a reader's `ordinal` it is their unread count. */
    messageCount: integer("message_count").notNull().default(0),
    createdAt: createdAt(),
  },
  (table) => [
    // With `parentId`, to list channels without reading the threads, of which there are many more.
    index("channels_server").on(table.serverId, table.parentId, table.createdAt, table.id),
    // Partial: SQLite expects one row from a unique index, and would prefer this one for `parent_id is null`.
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
    /** Empty when deleted: a tombstone retains no text. */
    content: text("content").notNull(),
    /** `channels.seq` at creation: the order of messages. Never changes. */
    position: integer("position").notNull(),
    /** `channels.seq` at the last change: readers replay changes after their cursor. */
    seq: integer("seq").notNull(),
    /** 1-based index of the message in its channel. */
    ordinal: integer("ordinal").notNull().default(0),
    /**
     * What readers see besides the text (reactions, files, the quoted message …), denormalized so that showing a
     * message reads one row; `null` for a plain message. Other tables store the same data for rules and lookups.
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

/** Users who may not join a server, with any invite. */
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

/** Read positions: one row for each user and channel. */
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
    /** The number of messages up to `position`. */
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

/** Earlier texts of edited messages. Deleting the message deletes them. */
export const messageVersions = sqliteTable(
  "message_versions",
  {
    messageId: ofMessage(),
    /** The message's `seq` while it had this text. */
    seq: integer("seq").notNull(),
    content: text("content").notNull(),
    /** The time when it got this text. */
    writtenAt: time("written_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageId, table.seq] })],
)

/** Replies by quoted message: an edit of the quoted message updates the quotes in its replies. */
export const replies = sqliteTable(
  "replies",
  {
    messageId: ofMessage().primaryKey(),
    quotedId: text("quoted_id")
      .notNull()
      .references(() => messages.id, { onDelete: "cascade" }),
    /** The author of the quoted message. */
    quotedUserId: ofUser("quoted_user_id"),
  },
  (table) => [index("replies_quoted").on(table.quotedId), index("replies_user").on(table.quotedUserId)],
)

/** A row for each user a message mentions; `userId` is "everyone" for a mention of all members. */
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
    index("reactions_user").on(table.userId, table.createdAt),
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

/** Messages that users saved for themselves. */
export const savedMessages = sqliteTable(
  "saved_messages",
  { userId: ofUser(), messageId: ofMessage(), createdAt: createdAt() },
  (table) => [
    primaryKey({ columns: [table.userId, table.messageId] }),
    index("saved_messages_newest").on(table.userId, table.createdAt),
    index("saved_messages_message").on(table.messageId),
  ],
)

/** Uploaded files; their bytes are in the file store, under `key`. */
export const files = sqliteTable(
  "files",
  {
    id: text("id").primaryKey(),
    channelId: ofChannel(),
    userId: ofUser(),
    /** `null` until a message is sent with it; unused files are deleted after a day. */
    messageId: text("message_id").references(() => messages.id, { onDelete: "set null" }),
    name: text("name").notNull(),
    /** Media type, detected from the content and not from the name. */
    type: text("type").notNull(),
    bytes: integer("bytes").notNull(),
    /** In pixels, for images. */
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

/** Previews of pages that messages link to; the image is in the file store, under `imageKey`. */
export const linkPreviews = sqliteTable(
  "link_previews",
  {
    id: text("id").primaryKey(),
    messageId: ofMessage(),
    url: text("url").notNull(),
    imageKey: text("image_key"),
    createdAt: createdAt(),
    /** The time when the preview was removed from the message. */
    removedAt: time("removed_at"),
  },
  (table) => [uniqueIndex("link_previews_message").on(table.messageId, table.url)],
)

/** Users blocked by a user. */
export const blocks = sqliteTable(
  "blocks",
  { userId: ofUser(), blockedId: ofUser("blocked_id"), createdAt: createdAt() },
  (table) => [
    primaryKey({ columns: [table.userId, table.blockedId] }),
    index("blocks_blocked").on(table.blockedId),
  ],
)

/** Appearance and other settings of a user; no row: defaults. */
export const userSettings = sqliteTable("user_settings", {
  userId: ofUser().primaryKey(),
  settings: text("settings", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
})

/** Tokens that bots sign in with. Only the hash is stored. */
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

/** Webhooks that let programs send to a channel with a secret URL. */
export const incomingWebhooks = sqliteTable(
  "incoming_webhooks",
  {
    id: text("id").primaryKey(),
    channelId: ofChannel(),
    /** The author of its messages: a user with a `botOwnerId`. */
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
 * Avatars that webhooks set by URL. Each image is fetched, encoded again, and then in the file store under
 * `imageKey`.
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

/** URLs to which the changes of a channel are sent. */
export const outgoingWebhooks = sqliteTable(
  "outgoing_webhooks",
  {
    id: text("id").primaryKey(),
    channelId: ofChannel(),
    createdBy: ofUser("created_by"),
    url: text("url").notNull(),
    /** Signs deliveries. Signing needs the secret itself, so it is stored unhashed. */
    secret: text("secret").notNull(),
    /** The last change of the channel's log that was delivered or given up. */
    deliveredSeq: integer("delivered_seq").notNull().default(0),
    /** Failed attempts to deliver the next change. */
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
 * The cursor of each log in the full-text index `search_index`. Has no foreign keys: rows whose channel was deleted show
 * what must be removed from the index.
 */
export const searchLogs = sqliteTable("search_logs", {
  id: integer("id").primaryKey(),
  channelId: text("channel_id").notNull().unique(),
  /** The last indexed change. */
  seq: integer("seq").notNull(),
})

/** Indexed messages and their row ids in the index, which grow with the time of the message, for newest-first reads. */
export const searchDocuments = sqliteTable(
  "search_documents",
  {
    /** `rowid` in the index. */
    id: integer("id").primaryKey(),
    /** An id of `search_logs`. */
    log: integer("log").notNull(),
    /** The message's `position` in its log. */
    position: integer("position").notNull(),
  },
  (table) => [uniqueIndex("search_documents_place").on(table.log, table.position)],
)

/** A lower bound for the number of indexed messages in each span of time: estimates the cost of searching it. */
export const searchSpans = sqliteTable("search_spans", {
  /** The number of the span, counted from 1970. */
  id: integer("id").primaryKey(),
  count: integer("count").notNull(),
})

/**
 * Access that ended, in the order of the commits that ended it, so that every node enforces it. Old entries are deleted:
 * a node that was away for longer ends all its connections.
 */
export const accessLog = sqliteTable("access_log", {
  seq: integer("seq").primaryKey(),
  /** An `EndedAccess`. */
  access: text("access", { mode: "json" }).notNull(),
  createdAt: createdAt(),
})

/** The head of `access_log`: one row, whose lock makes that log's commits follow each other. */
export const accessHead = sqliteTable("access_head", {
  id: integer("id").primaryKey(),
  seq: integer("seq").notNull(),
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
