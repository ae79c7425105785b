import { sql } from "drizzle-orm"
import { foreignKey, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import { defaultPermissions } from "../../src/features/permissions/bits.ts"
import { bits, createdAt, time } from "./columns.ts"
import { ofUser, users } from "./users.ts"

// Servers, their members and roles, and how people join.

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

/** A row that belongs to a server, and goes with it. */
export const ofServer = () =>
  text("server_id")
    .notNull()
    .references(() => servers.id, { onDelete: "cascade" })

export const serverMembers = sqliteTable(
  "server_members",
  {
    serverId: ofServer(),
    userId: ofUser(),
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
    serverId: ofServer(),
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

export const invites = sqliteTable(
  "invites",
  {
    code: text("code").primaryKey(),
    serverId: ofServer(),
    createdBy: ofUser("created_by"),
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
    serverId: ofServer(),
    userId: ofUser(),
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
