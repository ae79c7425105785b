import { eq, sql } from "drizzle-orm"
import { mentions } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import { isRestricted } from "../permissions/restricted.ts"
import { mayView } from "../permissions/scope.ts"

const serverId = sql.placeholder("serverId")

const statements = prepare((db) => ({
  channels: db
    .select({ id: sql<string>`c.id`, name: sql<string>`c.name` })
    .from(sql`channels c`)
    .where(sql`c.server_id = ${serverId} and c.parent_id is null
      and (not ${isRestricted} or ${mayView(sql.placeholder("userId"), sql`c.id`)})`)
    .orderBy(sql`c.created_at, c.id`)
    .prepare(),
}))

const writes = prepareWrites((tx) => ({
  insert: tx
    .insert(mentions)
    .values({
      messageId: sql.placeholder("messageId"),
      channelId: sql.placeholder("channelId"),
      userId: sql.placeholder("userId"),
      position: sql.placeholder("position"),
    })
    .prepare(),
  delete: tx
    .delete(mentions)
    .where(eq(mentions.messageId, sql.placeholder("messageId")))
    .prepare(),
}))

/** The channels of a server that a user may view, and for accounts of webhooks those that all members may. */
export async function listChannelNames(db: Db, serverId: string, userId: string) {
  return statements(db).channels.all({ serverId, userId })
}

/** Says anew whom a message mentions. */
export async function replaceMentions(
  tx: Tx,
  { id: messageId, channelId, position }: { id: string; channelId: string; position: number },
  userIds: string[],
): Promise<void> {
  await deleteMentions(tx, messageId)
  for (const userId of userIds) await writes(tx).insert.run({ messageId, channelId, userId, position })
}

export async function deleteMentions(tx: Tx, messageId: string): Promise<void> {
  await writes(tx).delete.run({ messageId })
}
