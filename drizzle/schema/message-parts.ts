import { sql } from "drizzle-orm"
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import { messages, ofChannel, ofMessage } from "./channels.ts"
import { createdAt, time } from "./columns.ts"
import { scheduledMessages } from "./notifications.ts"
import { ofUser } from "./users.ts"

// What belongs to messages.

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
