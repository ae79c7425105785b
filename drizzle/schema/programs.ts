import { sql } from "drizzle-orm"
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import { ofChannel } from "./channels.ts"
import { createdAt, time } from "./columns.ts"
import { ofUser, users } from "./users.ts"

// Bots and webhooks.

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
