import { asc, count, eq, sql } from "drizzle-orm"
import { channels, incomingWebhooks, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { webhookPrefix } from "../accounts/contract.ts"
import { noneSuspended } from "../permissions/suspension.ts"
import type { Webhook } from "./contract.ts"

const columns = {
  id: incomingWebhooks.id,
  channelId: incomingWebhooks.channelId,
  name: incomingWebhooks.name,
  createdAt: incomingWebhooks.createdAt,
}

const statements = prepare((db) => ({
  find: db
    .select({
      ...columns,
      serverId: channels.serverId,
      userId: incomingWebhooks.userId,
      username: users.username,
      hash: incomingWebhooks.hash,
      archivedAt: channels.archivedAt,
      /** Its creator is not suspended. Whether they may still manage webhooks does not matter: the channel has it now. */
      mayAct: sql<boolean>`${noneSuspended([incomingWebhooks.createdBy], sql.placeholder("now"))}`.mapWith(
        Boolean,
      ),
    })
    .from(incomingWebhooks)
    .innerJoin(channels, eq(channels.id, incomingWebhooks.channelId))
    .innerJoin(users, eq(users.id, incomingWebhooks.userId))
    .where(eq(incomingWebhooks.id, sql.placeholder("id")))
    .prepare(),
}))

/** A webhook with its account and its token's hash. */
export async function findWebhook(db: Db, id: string) {
  return statements(db).find.get({ id, now: Date.now() })
}

export type WebhookWithAccount = NonNullable<Awaited<ReturnType<typeof findWebhook>>>

/** Oldest first. */
export async function listWebhooks(db: Db, channelId: string): Promise<Webhook[]> {
  return db
    .select(columns)
    .from(incomingWebhooks)
    .where(eq(incomingWebhooks.channelId, channelId))
    .orderBy(asc(incomingWebhooks.createdAt), asc(incomingWebhooks.id))
    .all()
}

/** The accounts that write the messages of somebody's webhooks. */
export async function listWebhookAccounts(db: Db, createdBy: string): Promise<string[]> {
  const ofPerson = eq(incomingWebhooks.createdBy, createdBy)
  const rows = await db
    .select({ userId: incomingWebhooks.userId })
    .from(incomingWebhooks)
    .where(ofPerson)
    .all()
  return rows.map(({ userId }) => userId)
}

export async function countWebhooks(db: Db, channelId: string): Promise<number> {
  const inChannel = eq(incomingWebhooks.channelId, channelId)
  return (await db.select({ webhooks: count() }).from(incomingWebhooks).where(inChannel).get())?.webhooks ?? 0
}

/** Stores a webhook and the account of its messages. Nobody can sign in to that account, and no list shows it. */
export async function insertWebhook(
  tx: Tx,
  webhook: Webhook & { hash: string; createdBy: string },
): Promise<void> {
  const userId = crypto.randomUUID()
  const username = `${webhookPrefix}${userId.slice(0, 13)}`
  const [email, updatedAt] = [`${username}@users.invalid`, webhook.createdAt]
  await tx.insert(users).values({ id: userId, username, name: username, email, updatedAt }).run()
  await tx
    .insert(incomingWebhooks)
    .values({ ...webhook, userId })
    .run()
}

/** With a new token it is the webhook of the person who renewed it. */
export async function updateWebhookHash(tx: Tx, id: string, hash: string, createdBy: string): Promise<void> {
  await tx.update(incomingWebhooks).set({ hash, createdBy }).where(eq(incomingWebhooks.id, id)).run()
}

export async function updateWebhookName(tx: Tx, id: string, name: string): Promise<void> {
  await tx.update(incomingWebhooks).set({ name }).where(eq(incomingWebhooks.id, id)).run()
}

/** `false` when there is no such webhook. */
export async function deleteWebhook(tx: Tx, id: string): Promise<boolean> {
  const deleted = tx
    .delete(incomingWebhooks)
    .where(eq(incomingWebhooks.id, id))
    .returning({ id: incomingWebhooks.id })
  return (await deleted.all()).length > 0
}
