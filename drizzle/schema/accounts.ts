import { sql } from "drizzle-orm"
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import { createdAt, time } from "./columns.ts"
import { ofUser, users } from "./users.ts"

// How people sign in and come back to their account, who they say they are, whom they block, and how they leave.

/** A person's own e-mail address. `users.email` is made up, because better-auth needs one. */
export const emailAddresses = sqliteTable(
  "email_addresses",
  {
    userId: ofUser().primaryKey(),
    /** In lower case. */
    address: text("address").notNull(),
    /** `null`: a message with a code was sent and not answered yet. */
    verifiedAt: time("verified_at"),
    createdAt: createdAt(),
  },
  // Only a verified address is its owner's: anyone can enter the address of somebody else.
  (table) => [
    uniqueIndex("email_addresses_verified").on(table.address).where(sql`${table.verifiedAt} is not null`),
  ],
)

/** Codes that work once instead of a password or of a second factor. Only their hashes are stored. */
export const recoveryCodes = sqliteTable(
  "recovery_codes",
  {
    id: text("id").primaryKey(),
    userId: ofUser(),
    /** `account`: sets a new password. `factor`: replaces the second factor once. */
    purpose: text("purpose", { enum: ["account", "factor"] }).notNull(),
    hash: text("hash").notNull(),
    usedAt: time("used_at"),
    createdAt: createdAt(),
  },
  (table) => [index("recovery_codes_user").on(table.userId, table.purpose)],
)

/** Secrets of authenticator apps (TOTP, RFC 6238), encrypted with the instance's secret. */
export const totpSecrets = sqliteTable("totp_secrets", {
  userId: ofUser().primaryKey(),
  secret: text("secret").notNull(),
  /** `null` until a first code proved that the app has the secret. */
  confirmedAt: time("confirmed_at"),
  /** The time step of the last code that was accepted: each code works once. */
  lastStep: integer("last_step").notNull().default(0),
  createdAt: createdAt(),
})

/** Browsers that need no second factor for a while. Only the hashes of their cookies are stored. */
export const trustedDevices = sqliteTable(
  "trusted_devices",
  {
    hash: text("hash").primaryKey(),
    userId: ofUser(),
    userAgent: text("user_agent").notNull().default(""),
    expiresAt: time("expires_at").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    index("trusted_devices_user").on(table.userId),
    index("trusted_devices_due").on(table.expiresAt),
  ],
)

/** Passkeys (WebAuthn): keys in a device or password manager that sign in without a password. */
export const passkeys = sqliteTable(
  "passkeys",
  {
    id: text("id").primaryKey(),
    userId: ofUser(),
    name: text("name").notNull(),
    credentialId: text("credential_id").notNull().unique(),
    /** COSE key in base64url. */
    publicKey: text("public_key").notNull(),
    counter: integer("counter").notNull().default(0),
    transports: text("transports", { mode: "json" }).$type<string[]>().notNull(),
    deviceType: text("device_type").notNull(),
    isBackedUp: integer("is_backed_up", { mode: "boolean" }).notNull().default(false),
    createdAt: createdAt(),
    lastUsedAt: time("last_used_at"),
  },
  (table) => [index("passkeys_user").on(table.userId)],
)

/**
 * Sign-ins between two steps: between password and second factor, between here and a provider, or the challenge of a
 * passkey. Only the hash of the token is stored; each works once and for minutes.
 */
export const signInSteps = sqliteTable(
  "sign_in_steps",
  {
    hash: text("hash").primaryKey(),
    kind: text("kind", { enum: ["factor", "passkey", "provider", "email", "work"] }).notNull(),
    /** `null` while it is not known who signs in. */
    userId: text("user_id").references(() => users.id, { onDelete: "cascade" }),
    data: text("data", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    /** Wrong answers so far. */
    failures: integer("failures").notNull().default(0),
    expiresAt: time("expires_at").notNull(),
    createdAt: createdAt(),
  },
  (table) => [index("sign_in_steps_user").on(table.userId), index("sign_in_steps_due").on(table.expiresAt)],
)

/** Providers where people sign in with an account that they have there (OpenID Connect). */
export const identityProviders = sqliteTable("identity_providers", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  issuer: text("issuer").notNull(),
  clientId: text("client_id").notNull(),
  /** Encrypted with the instance's secret. */
  clientSecret: text("client_secret").notNull(),
  scopes: text("scopes").notNull().default("openid profile email"),
  /** The claim with the person's groups; empty for none. */
  groupsClaim: text("groups_claim").notNull().default(""),
  /** Which roles the members of a group get: `serverId` and `roleId`, or `administrator` of the instance. */
  groupRoles: text("group_roles", { mode: "json" })
    .$type<{ group: string; serverId?: string; roleId?: string; administrator?: boolean }[]>()
    .notNull(),
  /** Who has a verified e-mail address of one of these domains gets an account; empty: nobody does by themselves. */
  domains: text("domains", { mode: "json" }).$type<string[]>().notNull(),
  isEnabled: integer("is_enabled", { mode: "boolean" }).notNull().default(true),
  /** Who has a second factor here is asked for it, after the provider. */
  asksSecondFactor: integer("asks_second_factor", { mode: "boolean" }).notNull().default(false),
  createdAt: createdAt(),
})

/** What people say about themselves, beyond the name and picture that `users` has. */
export const profiles = sqliteTable("profiles", {
  userId: ofUser().primaryKey(),
  bio: text("bio").notNull().default(""),
  pronouns: text("pronouns").notNull().default(""),
  statusText: text("status_text").notNull().default(""),
  statusEmoji: text("status_emoji").notNull().default(""),
  /** When the status ends; `null`: until it is changed. */
  statusExpiresAt: time("status_expires_at"),
  /** Keys in the file store of the picture's sizes; `null` without one. */
  avatarKeys: text("avatar_keys", { mode: "json" }).$type<Record<string, string>>(),
  isAvatarAnimated: integer("is_avatar_animated", { mode: "boolean" }).notNull().default(false),
  updatedAt: time("updated_at").notNull(),
})

/** What somebody noted about somebody else, for themselves alone. */
export const userNotes = sqliteTable(
  "user_notes",
  {
    userId: ofUser(),
    aboutId: ofUser("about_id"),
    text: text("text").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.aboutId] }),
    index("user_notes_about").on(table.aboutId),
  ],
)

/** Archives of a person's data or of a server, made in the background. */
export const dataExports = sqliteTable(
  "data_exports",
  {
    id: text("id").primaryKey(),
    /** Who asked for it, and may fetch it. */
    userId: ofUser(),
    /** The server that it has; `null`: the person's own data. */
    serverId: text("server_id"),
    state: text("state", { enum: ["waiting", "running", "ready", "failed"] })
      .notNull()
      .default("waiting"),
    /** In the file store, once it is ready. */
    key: text("key"),
    bytes: integer("bytes"),
    /** Why it failed, in a sentence for the person. */
    failure: text("failure"),
    startedAt: time("started_at"),
    finishedAt: time("finished_at"),
    /** When it is deleted. */
    expiresAt: time("expires_at"),
    createdAt: createdAt(),
  },
  (table) => [
    index("data_exports_user").on(table.userId, table.createdAt),
    index("data_exports_state").on(table.state, table.createdAt),
    index("data_exports_due").on(table.expiresAt).where(sql`${table.expiresAt} is not null`),
  ],
)

/** Accounts that will be deleted, unless their owner changes their mind. */
export const accountDeletions = sqliteTable(
  "account_deletions",
  {
    userId: ofUser().primaryKey(),
    /** What happens to what they wrote: it stays under a placeholder name, or it is deleted too. */
    messages: text("messages", { enum: ["keep", "delete"] }).notNull(),
    dueAt: time("due_at").notNull(),
    createdAt: createdAt(),
  },
  (table) => [index("account_deletions_due").on(table.dueAt)],
)

/** Names that people had before. Nobody else can take one for a while, so that nobody passes for them. */
export const formerUsernames = sqliteTable(
  "former_usernames",
  {
    username: text("username").primaryKey(),
    userId: ofUser(),
    /** From then on others can take it. */
    freeAt: time("free_at").notNull(),
  },
  (table) => [index("former_usernames_user").on(table.userId)],
)

/** People whose messages an administrator deletes, everywhere, until all are gone. */
export const messagePurges = sqliteTable("message_purges", {
  userId: ofUser().primaryKey(),
  createdAt: createdAt(),
})

/** E-mail that waits to be sent. */
export const mails = sqliteTable(
  "mails",
  {
    id: text("id").primaryKey(),
    /** The message, encrypted with the instance's secret: links in it stand for passwords. */
    sealed: text("sealed").notNull(),
    failures: integer("failures").notNull().default(0),
    /** When it is tried next, or taken from a process that ended while it tried. */
    dueAt: time("due_at").notNull(),
    createdAt: createdAt(),
  },
  (table) => [index("mails_due").on(table.dueAt)],
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
