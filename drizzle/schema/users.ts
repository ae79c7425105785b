import { sql } from "drizzle-orm"
import { type AnySQLiteColumn, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import { createdAt, time } from "./columns.ts"

/** Users, bots and webhooks. The shape is better-auth's `user` model with its username plugin. */
export const users = sqliteTable(
  "users",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    email: text("email").notNull().unique(),
    emailVerified: integer("email_verified", { mode: "boolean" }).notNull().default(false),
    image: text("image"),
    username: text("username").notNull().unique(),
    displayUsername: text("display_username"),
    /** The name that pages show; `null`: the username. */
    displayName: text("display_name"),
    /** The version of their picture, which is in its address; `null` without one. */
    avatarVersion: text("avatar_version"),
    /** What they let others see of their presence. */
    presence: text("presence", { enum: ["online", "idle", "doNotDisturb", "invisible"] })
      .notNull()
      .default("online"),
    /** The person who owns a bot or webhook, which signs in only with tokens; `null` for people. */
    botOwnerId: text("bot_owner_id").references((): AnySQLiteColumn => users.id, { onDelete: "cascade" }),
    /** Administers the instance: its people, servers and settings, not what is written there. */
    isAdministrator: integer("is_administrator", { mode: "boolean" }).notNull().default(false),
    /** When an administrator suspended the account; `null`: is not suspended. */
    suspendedAt: time("suspended_at"),
    /** The end of the suspension; `null`: until an administrator ends it. */
    suspendedUntil: time("suspended_until"),
    suspensionReason: text("suspension_reason"),
    /** Since when the account waits for an administrator's approval; `null`: approved, or none was needed. */
    waitingSince: time("waiting_since"),
    /** Why they want to join: what they wrote when they signed up, where accounts need an approval. */
    application: text("application"),
    createdAt: createdAt(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [
    index("users_owner").on(table.botOwnerId).where(sql`${table.botOwnerId} is not null`),
    index("users_administrators").on(table.id).where(sql`is_administrator = 1`),
    index("users_suspended").on(table.suspendedAt).where(sql`${table.suspendedAt} is not null`),
    index("users_waiting").on(table.waitingSince).where(sql`${table.waitingSince} is not null`),
  ],
)

/** A row that belongs to a user, and goes with them. */
export const ofUser = (name = "user_id") =>
  text(name)
    .notNull()
    .references(() => users.id, { onDelete: "cascade" })
