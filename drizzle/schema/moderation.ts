import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import { createdAt, time } from "./columns.ts"
import { ofServer } from "./servers.ts"
import { ofUser } from "./users.ts"

// What moderators do, and what helps them.

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
