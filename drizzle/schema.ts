import { sql } from "drizzle-orm"
import {
  type AnySQLiteColumn,
  check,
  foreignKey,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core"
import type { MessageExtras } from "../src/features/messages/extras.ts"
import { defaultPermissions } from "../src/features/permissions/bits.ts"
import { createdAt, time } from "./schema/columns.ts"
import { scheduledMessages } from "./schema/notifications.ts"
import { ofUser, users } from "./schema/users.ts"

export * from "./schema/accounts.ts"
export * from "./schema/notifications.ts"
export { users }

/**
 * Every table. Times are integers in milliseconds since 1970 and come back as `Date`.
 *
 * A chat channel is a log: `channels.seq` counts its changes, `messages.seq` is the number of a message's last change and
 * `messages.position` the number of its creation.
 */

/** Permission bits, see `permissions/bits.ts`. Below 2^53, so that a number holds them exactly. */
const bits = (name: string) => integer(name).notNull().default(0)

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
    /** When they last proved who they are, by password, passkey or provider; `null`: when the session was created. */
    confirmedAt: time("confirmed_at"),
    createdAt: createdAt(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("sessions_user").on(table.userId)],
)

/** Credentials: password hashes, and accounts at providers of identities. better-auth's `account`. */
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
  (table) => [
    index("accounts_user").on(table.userId),
    uniqueIndex("accounts_provider").on(table.providerId, table.accountId),
  ],
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
    description: text("description").notNull().default(""),
    /** In the file store; `null` without an image. */
    iconKey: text("icon_key"),
    bannerKey: text("banner_key"),
    /** Where joins and pins are announced; `null` for nowhere. No foreign key: channels refer to servers. */
    systemChannelId: text("system_channel_id"),
    /** After how many days messages are deleted; `null`: never. */
    retentionDays: integer("retention_days"),
    /** After how many days files are deleted; `null`: never. */
    fileRetentionDays: integer("file_retention_days"),
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
    /**
     * What the member may do in the server, before the overwrites of a channel: the bits of all their roles together, and
     * `administrator` for the owner. Derived from the roles by `permissions/derived.ts`, so that a read needs no join.
     */
    permissions: integer("permissions").notNull().default(Number(defaultPermissions)),
    nickname: text("nickname"),
    /** Until then the member may only read. */
    timedOutUntil: time("timed_out_until"),
    /** When the member accepted the server's rules; `null`: not yet. Matters only where there are rules. */
    acceptedRulesAt: time("accepted_rules_at"),
    /** The ids of the answers that the member chose, by question; `null`: has not answered. */
    joinAnswers: text("join_answers", { mode: "json" }).$type<Record<string, string[]>>(),
    /** The server's place in the member's own list; `null`: after those that have one, oldest membership first. */
    listPosition: integer("list_position"),
  },
  (table) => [
    primaryKey({ columns: [table.serverId, table.userId] }),
    index("server_members_user").on(table.userId, table.serverId),
    index("server_members_timed_out").on(table.timedOutUntil).where(sql`${table.timedOutUntil} is not null`),
  ],
)

/** Roles of a server. The role `@everyone` has the server's id and position 0; all members have it, without a row. */
export const roles = sqliteTable(
  "roles",
  {
    id: text("id").primaryKey(),
    serverId: text("server_id")
      .notNull()
      .references(() => servers.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    permissions: bits("permissions"),
    /** 0xRRGGBB; 0 for none. */
    color: integer("color").notNull().default(0),
    /** Members with this role are listed apart from others. */
    hoist: integer("hoist", { mode: "boolean" }).notNull().default(false),
    /** Everyone may mention it. */
    mentionable: integer("mentionable", { mode: "boolean" }).notNull().default(false),
    /** The hierarchy: higher positions act on lower ones. */
    position: integer("position").notNull(),
    createdAt: createdAt(),
  },
  (table) => [index("roles_server").on(table.serverId, table.position)],
)

/** The roles of members, without `@everyone`. */
export const memberRoles = sqliteTable(
  "member_roles",
  {
    serverId: text("server_id").notNull(),
    userId: text("user_id").notNull(),
    roleId: text("role_id")
      .notNull()
      .references(() => roles.id, { onDelete: "cascade" }),
  },
  (table) => [
    primaryKey({ columns: [table.serverId, table.userId, table.roleId] }),
    index("member_roles_role").on(table.roleId, table.userId),
    foreignKey({
      columns: [table.serverId, table.userId],
      foreignColumns: [serverMembers.serverId, serverMembers.userId],
    }).onDelete("cascade"),
  ],
)

/** Groups of channels. */
export const categories = sqliteTable(
  "categories",
  {
    id: text("id").primaryKey(),
    serverId: text("server_id")
      .notNull()
      .references(() => servers.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    position: integer("position").notNull().default(0),
    createdAt: createdAt(),
  },
  (table) => [index("categories_server").on(table.serverId, table.position)],
)

/** Categories that users have collapsed. */
export const collapsedCategories = sqliteTable(
  "collapsed_categories",
  {
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    categoryId: text("category_id")
      .notNull()
      .references(() => categories.id, { onDelete: "cascade" }),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.categoryId] }),
    index("collapsed_categories_category").on(table.categoryId),
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
    /** For a thread, the listed channel that it is in, whose overwrites apply; `null` for listed channels. */
    rootId: text("root_id").references((): AnySQLiteColumn => channels.id, { onDelete: "cascade" }),
    categoryId: text("category_id").references(() => categories.id, { onDelete: "set null" }),
    /** Its place among the channels of its category; of the server, without one. Equal positions: oldest first. */
    position: integer("position").notNull().default(0),
    topic: text("topic").notNull().default(""),
    /** Has the overwrites of its category, and gets those that the category gets. */
    isSynced: integer("is_synced", { mode: "boolean" }).notNull().default(false),
    /** How long a member waits between two messages, in seconds; 0 for no slow mode. */
    slowModeSeconds: integer("slow_mode_seconds").notNull().default(0),
    /** Locked: only moderators write. */
    lockedAt: time("locked_at"),
    /** Archived: not listed, and nobody writes. */
    archivedAt: time("archived_at"),
    /** After how many days messages are deleted; `null`: as the server says. */
    retentionDays: integer("retention_days"),
    /** After how many days files are deleted; `null`: as the server says. */
    fileRetentionDays: integer("file_retention_days"),
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
    index("channels_root").on(table.rootId).where(sql`${table.rootId} is not null`),
    index("channels_category").on(table.categoryId),
  ],
)

const overwrite = () => ({
  /** A role or a user. */
  targetId: text("target_id").notNull(),
  /** Decides which overwrite wins: everyone's, then those of roles, then the member's. */
  kind: text("kind", { enum: ["everyone", "role", "member"] }).notNull(),
  allow: bits("allow"),
  deny: bits("deny"),
})

/** What a channel and its threads allow and deny, other than the server. */
export const channelOverwrites = sqliteTable(
  "channel_overwrites",
  {
    channelId: text("channel_id")
      .notNull()
      .references(() => channels.id, { onDelete: "cascade" }),
    ...overwrite(),
  },
  (table) => [
    primaryKey({ columns: [table.channelId, table.targetId] }),
    index("channel_overwrites_target").on(table.targetId),
  ],
)

/** What the synced channels of a category allow and deny: it is copied to them, and applies only there. */
export const categoryOverwrites = sqliteTable(
  "category_overwrites",
  {
    categoryId: text("category_id")
      .notNull()
      .references(() => categories.id, { onDelete: "cascade" }),
    ...overwrite(),
  },
  (table) => [
    primaryKey({ columns: [table.categoryId, table.targetId] }),
    index("category_overwrites_target").on(table.targetId),
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
    /** `null`: for good. */
    expiresAt: time("expires_at"),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.serverId, table.userId] }),
    index("bans_user").on(table.userId),
    index("bans_due").on(table.expiresAt).where(sql`${table.expiresAt} is not null`),
  ],
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
    /** The number of messages that are not unread: up to `position`, and the user's own behind it. `ordinal` if that is greater. */
    countedAsRead: integer("counted_as_read").notNull().default(0),
    /** When everything was last marked as read at once, and where the user was before: what undoes it. */
    markedAt: time("marked_at"),
    previousPosition: integer("previous_position"),
    previousOrdinal: integer("previous_ordinal"),
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

/** A row for each user and each role that a message mentions, and one for a mention of all members. */
export const mentions = sqliteTable(
  "mentions",
  {
    messageId: ofMessage(),
    channelId: ofChannel(),
    /** The id of a user or a role, or "everyone". */
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
    /** `null` until a message is sent with it. */
    messageId: text("message_id").references(() => messages.id, { onDelete: "set null" }),
    name: text("name").notNull(),
    /** Media type, detected from the content and not from the name. */
    type: text("type").notNull(),
    bytes: integer("bytes").notNull(),
    /** In pixels, for images. */
    width: integer("width"),
    height: integer("height"),
    alt: text("alt").notNull().default(""),
    /** A picture that moves. */
    isAnimated: integer("is_animated", { mode: "boolean" }).notNull().default(false),
    key: text("key").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    index("files_message").on(table.messageId, table.createdAt),
    index("files_user").on(table.userId),
    index("files_channel").on(table.channelId),
  ],
)

/** Files of messages that are to be sent at a time, in order. Other files without a message are deleted after a day. */
export const scheduledFiles = sqliteTable(
  "scheduled_files",
  {
    fileId: text("file_id")
      .primaryKey()
      .references(() => files.id, { onDelete: "cascade" }),
    scheduledId: text("scheduled_id")
      .notNull()
      .references(() => scheduledMessages.id, { onDelete: "cascade" }),
    position: integer("position").notNull(),
  },
  (table) => [index("scheduled_files_message").on(table.scheduledId, table.position)],
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
    /** Who created it; `null` when they are gone, or when it is older than this column. */
    createdBy: text("created_by").references(() => users.id, { onDelete: "set null" }),
    createdAt: createdAt(),
  },
  (table) => [
    index("incoming_webhooks_channel").on(table.channelId),
    index("incoming_webhooks_user").on(table.userId),
    index("incoming_webhooks_creator").on(table.createdBy).where(sql`${table.createdBy} is not null`),
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
  /** The rules by which all of its messages are indexed. */
  wordsVersion: integer("words_version").notNull().default(1),
  /** Newer rules by which its messages are indexed again, up to `renewedSeq`; 0 for none. */
  nextVersion: integer("next_version").notNull().default(0),
  renewedSeq: integer("renewed_seq").notNull().default(0),
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

const ofServer = () =>
  text("server_id")
    .notNull()
    .references(() => servers.id, { onDelete: "cascade" })

/**
 * What people with permissions did in a server. Entries are only added, and deleted when they are old. No foreign keys to
 * people and objects: an entry stays when they are gone, with the names they had.
 */
export const auditLog = sqliteTable(
  "audit_log",
  {
    id: text("id").primaryKey(),
    serverId: ofServer(),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    /** What was done, such as `member.ban`. */
    action: text("action").notNull(),
    /** Whom or what it was done to; `null` for the server itself. */
    targetId: text("target_id"),
    targetName: text("target_name"),
    /** For each changed field, its value before and after. */
    changes: text("changes", { mode: "json" })
      .$type<Record<string, { before?: unknown; after?: unknown }>>()
      .notNull(),
    reason: text("reason"),
    createdAt: createdAt(),
  },
  (table) => [
    index("audit_log_server").on(table.serverId, table.createdAt, table.id),
    index("audit_log_actor").on(table.serverId, table.actorId, table.createdAt, table.id),
    index("audit_log_action").on(table.serverId, table.action, table.createdAt, table.id),
    index("audit_log_target").on(table.serverId, table.targetId, table.createdAt, table.id),
    index("audit_log_created").on(table.createdAt),
  ],
)

/** When members last wrote in channels with slow mode. Only written there, so that other messages cost nothing more. */
export const slowModeTimes = sqliteTable(
  "slow_mode_times",
  {
    channelId: ofChannel(),
    userId: ofUser(),
    /** The last message in the channel. */
    messageAt: time("message_at"),
    /** The last thread that the member began there. */
    threadAt: time("thread_at"),
  },
  (table) => [
    primaryKey({ columns: [table.channelId, table.userId] }),
    index("slow_mode_times_user").on(table.userId),
  ],
)

/**
 * What it takes to undo an act of a moderator, for some seconds after it. Deleted messages are kept in rows of their own,
 * some in each, whose ids begin with that of the act.
 */
export const undoableActs = sqliteTable(
  "undoable_acts",
  {
    id: text("id").primaryKey(),
    serverId: ofServer(),
    actorId: ofUser("actor_id"),
    action: text("action").notNull(),
    data: text("data", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    expiresAt: time("expires_at").notNull(),
  },
  (table) => [
    index("undoable_acts_server").on(table.serverId),
    index("undoable_acts_actor").on(table.actorId),
    index("undoable_acts_due").on(table.expiresAt),
  ],
)

/** Messages that members reported, as they were then. No foreign keys to them: a report outlives its message. */
export const reports = sqliteTable(
  "reports",
  {
    id: text("id").primaryKey(),
    serverId: ofServer(),
    reporterId: ofUser("reporter_id"),
    messageId: text("message_id").notNull(),
    channelId: text("channel_id").notNull(),
    authorId: text("author_id").notNull(),
    reason: text("reason").notNull(),
    /** The message with those around it. */
    snapshot: text("snapshot", { mode: "json" }).$type<Record<string, unknown>[]>().notNull(),
    status: text("status", { enum: ["open", "claimed", "acted", "dismissed"] })
      .notNull()
      .default("open"),
    /** The moderator who claimed or closed it. */
    moderatorId: text("moderator_id"),
    /** What the reporter is told. */
    answer: text("answer"),
    createdAt: createdAt(),
    closedAt: time("closed_at"),
  },
  (table) => [
    index("reports_server").on(table.serverId, table.status, table.createdAt),
    uniqueIndex("reports_once").on(table.messageId, table.reporterId),
    index("reports_reporter").on(table.reporterId),
  ],
)

/** Rules that messages are checked by before they are stored. */
export const automodRules = sqliteTable(
  "automod_rules",
  {
    id: text("id").primaryKey(),
    serverId: ofServer(),
    name: text("name").notNull(),
    trigger: text("trigger", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    actions: text("actions", { mode: "json" }).$type<Record<string, unknown>[]>().notNull(),
    exemptRoleIds: text("exempt_role_ids", { mode: "json" }).$type<string[]>().notNull(),
    exemptChannelIds: text("exempt_channel_ids", { mode: "json" }).$type<string[]>().notNull(),
    isEnabled: integer("is_enabled", { mode: "boolean" }).notNull().default(true),
    createdAt: createdAt(),
  },
  (table) => [index("automod_rules_server").on(table.serverId, table.createdAt)],
)

/** How new members come in; no row: without rules and questions. */
export const joinSettings = sqliteTable("join_settings", {
  serverId: ofServer().primaryKey(),
  /** Accepted before the first message; empty for none. */
  rules: text("rules").notNull().default(""),
  /** Questions whose answers give roles. */
  questions: text("questions", { mode: "json" }).$type<Record<string, unknown>[]>().notNull().default([]),
  /** Channels that new members are shown first, in this order. */
  defaultChannelIds: text("default_channel_ids", { mode: "json" }).$type<string[]>().notNull().default([]),
  /** Sent to the system channel when someone joins; empty for none. */
  welcome: text("welcome").notNull().default(""),
  /** How old an account must be to write, in minutes. */
  minAccountMinutes: integer("min_account_minutes").notNull().default(0),
  /** How long a member must have been in the server to write, in minutes. */
  minMemberMinutes: integer("min_member_minutes").notNull().default(0),
  /** Joins a minute at which the server locks itself; 0 for never. */
  raidJoinsPerMinute: integer("raid_joins_per_minute").notNull().default(0),
  /** Until then invites do not work, and slow mode is on in every channel; `null`: not locked. */
  raidLockedUntil: time("raid_locked_until"),
})

/** A server that its owner hands over, until the new owner confirms. */
export const serverTransfers = sqliteTable(
  "server_transfers",
  {
    serverId: ofServer().primaryKey(),
    toUserId: ofUser("to_user_id"),
    createdAt: createdAt(),
  },
  (table) => [index("server_transfers_user").on(table.toUserId)],
)

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

/** The settings of the instance: one row, which is there once it was set up. */
export const instanceSettings = sqliteTable("instance_settings", {
  id: integer("id").primaryKey(),
  name: text("name").notNull().default("Covenant Chat"),
  /** Who may sign up. */
  registration: text("registration", { enum: ["open", "invite", "approval", "closed"] }).notNull(),
  /** Who may create servers. */
  serverCreation: text("server_creation", { enum: ["everyone", "administrators"] })
    .notNull()
    .default("everyone"),
  /** In the file store; `null`: the icon of Covenant Chat. */
  iconKey: text("icon_key"),
  /** The colour of links and buttons as `#rrggbb`; `null`: the usual one. */
  accent: text("accent"),
  /** Links at the foot of the pages for those who are not signed in; empty for none. */
  termsUrl: text("terms_url").notNull().default(""),
  privacyUrl: text("privacy_url").notNull().default(""),
  /** Administrators must sign in with a second factor. */
  needsSecondFactor: integer("needs_second_factor", { mode: "boolean" }).notNull().default(false),
  /** People may sign in with a password, not only at a provider. */
  allowsPasswords: integer("allows_passwords", { mode: "boolean" }).notNull().default(true),
  /** Asked at sign-up against programs; empty for none. The answer is compared without case. */
  signUpQuestion: text("sign_up_question").notNull().default(""),
  signUpAnswer: text("sign_up_answer").notNull().default(""),
  /** Browsers may compute for a moment in place of the answer. */
  signUpWork: integer("sign_up_work", { mode: "boolean" }).notNull().default(false),
  /** Shown where people sign in; empty for none. */
  signInText: text("sign_in_text").notNull().default(""),
  /** What administrators announce to everyone; empty for nothing. */
  announcement: text("announcement").notNull().default(""),
  /** Changes with each announcement, so that those who dismissed one see the next. */
  announcementId: text("announcement_id"),
  updatedAt: time("updated_at").notNull(),
})

/** Invitations to the instance: who has one may sign up. Only the hashes of their codes are stored. */
export const instanceInvitations = sqliteTable(
  "instance_invitations",
  {
    id: text("id").primaryKey(),
    hash: text("hash").notNull().unique(),
    note: text("note").notNull().default(""),
    /** The name that its creator had; an invitation outlives their account. */
    createdByName: text("created_by_name").notNull(),
    /** `null`: never expires. */
    expiresAt: time("expires_at"),
    /** `null`: any number of times. */
    maxUses: integer("max_uses"),
    uses: integer("uses").notNull().default(0),
    revokedAt: time("revoked_at"),
    createdAt: createdAt(),
  },
  (table) => [index("instance_invitations_created").on(table.createdAt, table.id)],
)

/** Addresses that work once and for a short time. Only the hashes of their tokens are stored. */
export const oneTimeLinks = sqliteTable(
  "one_time_links",
  {
    hash: text("hash").primaryKey(),
    /** `setup`: makes its opener administrator. `password`: sets a new password. */
    purpose: text("purpose", { enum: ["setup", "password"] }).notNull(),
    /** Whose password. */
    userId: text("user_id").references(() => users.id, { onDelete: "cascade" }),
    expiresAt: time("expires_at").notNull(),
    usedAt: time("used_at"),
    createdAt: createdAt(),
  },
  (table) => [index("one_time_links_user").on(table.userId), index("one_time_links_due").on(table.expiresAt)],
)

/** Announcements that users have dismissed. */
export const dismissedAnnouncements = sqliteTable("dismissed_announcements", {
  userId: ofUser().primaryKey(),
  announcementId: text("announcement_id").notNull(),
})

/** What administrators did. Entries are only added. No foreign keys: an entry stays when its people are gone. */
export const instanceLog = sqliteTable(
  "instance_log",
  {
    id: text("id").primaryKey(),
    /** `null` for the command line. */
    actorId: text("actor_id"),
    actorName: text("actor_name").notNull(),
    /** What was done, such as `person.suspend`. */
    action: text("action").notNull(),
    targetId: text("target_id"),
    targetName: text("target_name"),
    /** For each changed field, its value before and after. */
    changes: text("changes", { mode: "json" })
      .$type<Record<string, { before?: unknown; after?: unknown }>>()
      .notNull(),
    reason: text("reason"),
    createdAt: createdAt(),
  },
  (table) => [
    index("instance_log_created").on(table.createdAt, table.id),
    index("instance_log_target").on(table.targetId, table.createdAt, table.id),
  ],
)
