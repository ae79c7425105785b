import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import { createdAt, time } from "./columns.ts"
import { ofUser } from "./users.ts"

// The instance: its settings, and what administrators did.

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
