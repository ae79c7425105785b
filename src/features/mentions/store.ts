import { and, asc, eq, isNull, sql } from "drizzle-orm"
import { channels, mentions } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"

const serverId = sql.placeholder("serverId")

const statements = prepare((db) => ({
  channels: db
    .select({ id: channels.id, name: channels.name })
    .from(channels)
    .where(and(eq(channels.serverId, serverId), isNull(channels.parentId)))
    .orderBy(asc(channels.createdAt), asc(channels.id))
    .prepare(),
  insert: db
    .insert(mentions)
    .values({
      messageId: sql.placeholder("messageId"),
      channelId: sql.placeholder("channelId"),
      userId: sql.placeholder("userId"),
      position: sql.placeholder("position"),
    })
    .prepare(),
  delete: db
    .delete(mentions)
    .where(eq(mentions.messageId, sql.placeholder("messageId")))
    .prepare(),
}))

/** The channels of a server's list. */
export function listChannelNames(db: Db, serverId: string) {
  return statements(db).channels.all({ serverId })
}

/** Says anew whom a message mentions. */
export function replaceMentions(
  db: Db,
  { id: messageId, channelId, position }: { id: string; channelId: string; position: number },
  userIds: string[],
): void {
  deleteMentions(db, messageId)
  for (const userId of userIds) statements(db).insert.run({ messageId, channelId, userId, position })
}

export function deleteMentions(db: Db, messageId: string): void {
  statements(db).delete.run({ messageId })
}
