import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm"
import { channels, mentions, serverMembers, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"

const serverId = sql.placeholder("serverId")
const asked = sql.placeholder("asked")

const statements = prepare((db) => ({
  people: db
    .select({ userId: users.id, username: users.username })
    .from(users)
    .innerJoin(serverMembers, and(eq(serverMembers.userId, users.id), eq(serverMembers.serverId, serverId)))
    .where(inArray(users.username, sql`(select value from json_each(${sql.placeholder("names")}))`))
    .prepare(),
  channels: db
    .select({ id: channels.id, name: channels.name })
    .from(channels)
    .where(and(eq(channels.serverId, serverId), isNull(channels.parentId)))
    .orderBy(asc(channels.createdAt), asc(channels.id))
    .prepare(),
  /** By the members of one server: there are as many rows to look at as it has members, whoever else is there. */
  membersLike: db
    .select({ userId: users.id, username: users.username })
    .from(serverMembers)
    .innerJoin(users, eq(users.id, serverMembers.userId))
    .where(and(eq(serverMembers.serverId, serverId), sql`instr(${users.username}, ${asked}) > 0`))
    .orderBy(sql`instr(${users.username}, ${asked})`, asc(users.username))
    .limit(sql.placeholder("limit"))
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

/** Those of that server's members that have one of these names. Synchronous, as all that runs in a commit. */
export function findMembersNamed(db: Db, serverId: string, names: string[]) {
  return statements(db).people.all({ serverId, names: JSON.stringify(names) })
}

/** The channels of a server's list. */
export function listChannelNames(db: Db, serverId: string) {
  return statements(db).channels.all({ serverId })
}

/** Members whose names contain what was asked for, those first whose names begin with it. */
export async function searchMembers(db: Db, serverId: string, asked: string, limit: number) {
  return statements(db).membersLike.all({ serverId, asked, limit })
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
