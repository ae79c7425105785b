import { and, desc, eq, gt, sql } from "drizzle-orm"
import { mentions, roles } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import { isRestricted } from "../permissions/restricted.ts"
import { mayView } from "../permissions/scope.ts"

/** Means all members, in place of a user's id. */
export const everyone = "everyone"

const serverId = sql.placeholder("serverId")

const statements = prepare((db) => ({
  channels: db
    .select({ id: sql<string>`c.id`, name: sql<string>`c.name` })
    .from(sql`channels c`)
    .where(sql`c.server_id = ${serverId} and c.parent_id is null
      and (not ${isRestricted} or ${mayView(sql.placeholder("userId"), sql`c.id`)})`)
    .orderBy(sql`c.created_at, c.id`)
    .prepare(),
  roles: db
    .select({ id: roles.id, name: roles.name, mentionable: roles.mentionable })
    .from(roles)
    .where(and(eq(roles.serverId, serverId), gt(roles.position, 0)))
    .orderBy(desc(roles.position), roles.id)
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

/** The roles of a server that someone may mention, highest first. `mayMentionAll`: also those that not everyone may. */
export async function listMentionableRoles(db: Db, serverId: string, mayMentionAll: boolean) {
  const all = await statements(db).roles.all({ serverId })
  return all.filter(({ name, mentionable }) => {
    // This name means all members.
    return (mentionable || mayMentionAll) && name.toLowerCase() !== everyone
  })
}

/** Replaces the mentions of a message: ids of users and roles, or `everyone`. */
export async function replaceMentions(
  tx: Tx,
  { id: messageId, channelId, position }: { id: string; channelId: string; position: number },
  ids: string[],
): Promise<void> {
  await deleteMentions(tx, messageId)
  for (const userId of ids) await writes(tx).insert.run({ messageId, channelId, userId, position })
}

export async function deleteMentions(tx: Tx, messageId: string): Promise<void> {
  await writes(tx).delete.run({ messageId })
}
