import { and, asc, desc, eq, gt, lt, sql } from "drizzle-orm"
import { channels, messages } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import type { Message } from "./contract.ts"
import { ownColumns } from "./store.ts"

// Pages of a log have fifty messages of a few people. To join their authors takes as long as to read the messages, so
// these come from a cache.

type Author = Pick<Message, "username" | "displayName" | "nickname" | "avatarUrl">

export interface PageReader {
  db: Db
  /** A cache of how users show in channels, by user id. */
  faces: { allIn(channelId: string, userIds: string[]): Promise<Map<string, Author>> }
}

/** A channel, and a position in its log. */
export interface PageStart {
  channel: { id: string; serverId: string }
  position: number
}

const channelId = sql.placeholder("channelId")
const position = sql.placeholder("position")
const limit = sql.placeholder("limit")

const statements = prepare((db) => {
  const select = () =>
    db.select(ownColumns).from(messages).innerJoin(channels, eq(channels.id, messages.channelId))
  const inChannel = eq(messages.channelId, channelId)

  return {
    before: select()
      .where(and(inChannel, lt(messages.position, position)))
      .orderBy(desc(messages.position))
      .limit(limit)
      .prepare(),
    after: select()
      .where(and(inChannel, gt(messages.position, position)))
      .orderBy(asc(messages.position))
      .limit(limit)
      .prepare(),
  }
})

type Row = Awaited<ReturnType<ReturnType<typeof statements>["before"]["all"]>>[number]

/** The messages immediately before a position, oldest first. */
export async function readBefore(
  reader: PageReader,
  { channel, position }: PageStart,
  limit: number,
): Promise<Message[]> {
  const rows = await statements(reader.db).before.all({ channelId: channel.id, position, limit })
  return withAuthors(reader, channel, rows.reverse())
}

/** The messages immediately after a position, oldest first. */
export async function readAfter(
  reader: PageReader,
  { channel, position }: PageStart,
  limit: number,
): Promise<Message[]> {
  const rows = await statements(reader.db).after.all({ channelId: channel.id, position, limit })
  return withAuthors(reader, channel, rows)
}

async function withAuthors(
  { faces }: PageReader,
  { id: channelId, serverId }: PageStart["channel"],
  rows: Row[],
): Promise<Message[]> {
  const userIds = rows.map(({ userId }) => userId)
  const authors = await faces.allIn(channelId, userIds)
  return rows.flatMap((row) => {
    const author = authors.get(row.userId)
    return author ? toMessage({ serverId, channelId }, author, row) : []
  })
}

/** In the order in which messages are documented, and written as JSON. `Object.assign` takes 14 µs more for a page. */
function toMessage(
  { serverId, channelId }: Pick<Message, "serverId" | "channelId">,
  author: Author,
  row: Row,
): Message {
  return {
    id: row.id,
    serverId,
    channelId,
    userId: row.userId,
    username: author.username,
    displayName: author.displayName,
    avatarUrl: author.avatarUrl,
    nickname: author.nickname,
    content: row.content,
    createdAt: row.createdAt,
    editedAt: row.editedAt,
    deletedAt: row.deletedAt,
    position: row.position,
    ordinal: row.ordinal,
    seq: row.seq,
    extras: row.extras,
    names: row.names,
  }
}
