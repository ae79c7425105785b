import { and, asc, eq, isNull, sql } from "drizzle-orm"
import { channels, mentions } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"

const serverId = sql.placeholder("serverId")

const statements = prepare((db) => ({
  channels: db
    .select({ id: channels.id, name: channels.name })
    .from(channels)
    .where(and(eq(channels.serverId, serverId), isNull(channels.parentId)))
    .orderBy(asc(channels.createdAt), asc(channels.id))
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

/** The channels of a server's list. */
export async function listChannelNames(db: Db, serverId: string) {
  return statements(db).channels.all({ serverId })
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
