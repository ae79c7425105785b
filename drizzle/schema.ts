import { relations, sql } from "drizzle-orm"
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"

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
    /** The number of the log's last change; 0 when nothing has happened yet. */
    seq: integer("seq").notNull().default(0),
    createdAt: createdAt(),
  },
  (table) => [index("channels_server").on(table.serverId, table.createdAt, table.id)],
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
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.channelId] }),
    index("read_positions_channel").on(table.channelId),
  ],
)

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
