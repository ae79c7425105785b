import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import { createdAt, time } from "./columns.ts"
import { ofUser, users } from "./users.ts"

// Signing in, and the end of access.

/** Signed-in browsers and programs. better-auth's `session`. */
export const sessions = sqliteTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    token: text("token").notNull().unique(),
    userId: ofUser(),
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
    userId: ofUser(),
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
