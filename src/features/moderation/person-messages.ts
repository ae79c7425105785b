import { and, desc, eq, gte, isNull, lt, sql } from "drizzle-orm"
import { channels, messages } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { moderatedChannels, ofMember } from "../permissions/scope.ts"

/** Numbers of a log that one statement looks at. */
const windowSize = 5000
/** How far a search by number alone looks back in each channel, in numbers of its log. */
const maxLookBack = 100_000

const channelId = sql.placeholder("channelId")
const low = sql.placeholder("low")
const inChannel = eq(messages.channelId, channelId)

// Messages have no index by author, which would make every insert slower: this reads a part of a log at a time.
const statements = prepare((db) => ({
  window: db
    .select({ id: messages.id, channelId: messages.channelId, createdAt: messages.createdAt })
    .from(messages)
    .where(
      and(
        inChannel,
        gte(messages.position, low),
        lt(messages.position, sql.placeholder("high")),
        eq(messages.userId, sql.placeholder("userId")),
        isNull(messages.deletedAt),
      ),
    )
    .orderBy(desc(messages.position))
    .prepare(),
  /** The time at which a window begins. */
  beginning: db
    .select({ createdAt: messages.createdAt })
    .from(messages)
    .where(and(inChannel, gte(messages.position, low)))
    .orderBy(messages.position)
    .limit(1)
    .prepare(),
  moderated: db
    .select({ id: sql<string>`c.id`, seq: sql<number>`c.seq` })
    .from(moderatedChannels)
    .where(and(ofMember(sql.placeholder("viewerId")), sql`m.server_id = ${sql.placeholder("serverId")}`))
    .prepare(),
  all: db
    .select({ id: channels.id, seq: channels.seq })
    .from(channels)
    .where(eq(channels.serverId, sql.placeholder("serverId")))
    .prepare(),
}))

/** A channel with the head of its log. */
export interface ChannelHead {
  id: string
  seq: number
}

/** The channels and threads of a server in which a viewer may delete messages of others. */
export async function listModerated(db: Db, serverId: string, viewerId: string): Promise<ChannelHead[]> {
  return statements(db).moderated.all({ serverId, viewerId })
}

/** All channels and threads of a server. */
export async function listHeads(db: Db, serverId: string): Promise<ChannelHead[]> {
  return statements(db).all.all({ serverId })
}

interface Search {
  channels: ChannelHead[]
  userId: string
  /** Only messages from then on. */
  since?: Date
  /** Only the newest. Without `since` they are looked for among the newest 100,000 changes of each channel. */
  limit?: number
}

/** A person's messages in some channels: their ids by channel, newest first. */
export async function findMessagesOf(db: Db, search: Search): Promise<Map<string, string[]>> {
  const { limit = Number.POSITIVE_INFINITY } = search
  let found: Found[] = []
  for (const channel of search.channels) {
    found.push(...(await inLog(db, channel, search)))
    if (found.length > limit)
      found = found.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime()).slice(0, limit)
  }
  const byChannel = Map.groupBy(found, ({ channelId }) => channelId)
  return new Map([...byChannel].map(([id, list]) => [id, list.map((message) => message.id)]))
}

interface Found {
  id: string
  channelId: string
  createdAt: Date
}

async function inLog(db: Db, { id, seq }: ChannelHead, { userId, since, limit }: Search): Promise<Found[]> {
  const found: Found[] = []
  const end = since ? 0 : Math.max(0, seq - maxLookBack)
  for (let high = seq + 1; high > end; high -= windowSize) {
    const window = { channelId: id, low: Math.max(0, high - windowSize), high }
    const messages = await statements(db).window.all({ ...window, userId })
    found.push(...(since ? messages.filter(({ createdAt }) => createdAt >= since) : messages))
    if (found.length >= (limit ?? Number.POSITIVE_INFINITY)) return found.slice(0, limit)
    if (since && (await beginsBefore(db, window, since))) break
  }
  return found
}

async function beginsBefore(
  db: Db,
  { channelId, low }: { channelId: string; low: number },
  since: Date,
): Promise<boolean> {
  const first = await statements(db).beginning.get({ channelId, low })
  return first === undefined || first.createdAt < since
}
