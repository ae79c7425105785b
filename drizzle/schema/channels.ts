import { sql } from "drizzle-orm"
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
import type { MessageExtras } from "../../src/features/messages/extras.ts"
import { bits, createdAt, time } from "./columns.ts"
import { ofServer } from "./servers.ts"
import { ofUser, users } from "./users.ts"

// Channels and their logs. A thread refers to the message that it begins at, so messages are here, too.

/** Groups of channels. */
export const categories = sqliteTable(
  "categories",
  {
    id: text("id").primaryKey(),
    serverId: ofServer(),
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
    userId: ofUser(),
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
    serverId: ofServer(),
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

/** A row that belongs to a channel, and goes with it. */
export const ofChannel = () =>
  text("channel_id")
    .notNull()
    .references(() => channels.id, { onDelete: "cascade" })

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
    channelId: ofChannel(),
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
    channelId: ofChannel(),
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

/** A row that belongs to a message, and goes with it. */
export const ofMessage = () =>
  text("message_id")
    .notNull()
    .references(() => messages.id, { onDelete: "cascade" })

/** Read positions: one row for each user and channel. */
export const readPositions = sqliteTable(
  "read_positions",
  {
    userId: ofUser(),
    channelId: ofChannel(),
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
