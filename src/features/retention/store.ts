import { and, asc, eq, gt, isNull, or, sql } from "drizzle-orm"
import { alias } from "drizzle-orm/sqlite-core"
import { channels, servers } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"

/** Days after which messages and files are deleted. In a channel, `null` is as in its server, and 0 is never. */
export interface Days {
  messageDays: number | null
  fileDays: number | null
}

/** A channel or thread, with the days that apply to it: `null` or 0 for never. */
export interface RetainedChannel extends Days {
  id: string
}

/** When the first message of a channel was written, in milliseconds since 1970; `null` without one. */
interface Beginning {
  firstAt: number | null
}

const root = alias(channels, "root")

// A thread has the days of the channel that it is in.
const own = {
  messageDays: sql<number | null>`coalesce(${root.retentionDays}, ${channels.retentionDays})`,
  fileDays: sql<number | null>`coalesce(${root.fileRetentionDays}, ${channels.fileRetentionDays})`,
}
const applied = {
  messageDays: sql<number | null>`coalesce(${own.messageDays}, ${servers.retentionDays})`,
  fileDays: sql<number | null>`coalesce(${own.fileDays}, ${servers.fileRetentionDays})`,
}

/**
 * When the first message of a channel was written. `channels.id` in words: Drizzle writes the columns of a single table
 * without its name, and messages have an id, too.
 */
const firstAt = sql<number | null>`(select m.created_at from messages m where m.channel_id = channels.id
  order by m.position limit 1)`

const statements = prepare((db) => ({
  ofServer: db
    .select({ messageDays: servers.retentionDays, fileDays: servers.fileRetentionDays })
    .from(servers)
    .where(eq(servers.id, sql.placeholder("serverId")))
    .prepare(),
  ofChannel: db
    .select({ messageDays: channels.retentionDays, fileDays: channels.fileRetentionDays })
    .from(channels)
    .where(eq(channels.id, sql.placeholder("channelId")))
    .prepare(),
  applied: db
    .select({ id: channels.id, ...applied })
    .from(channels)
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .leftJoin(root, eq(root.id, channels.rootId))
    .where(eq(channels.id, sql.placeholder("channelId")))
    .prepare(),
}))

const lists = prepare((db) => ({
  differing: db
    .select({
      id: channels.id,
      messageDays: channels.retentionDays,
      fileDays: channels.fileRetentionDays,
    })
    .from(channels)
    .where(
      and(
        eq(channels.serverId, sql.placeholder("serverId")),
        isNull(channels.parentId),
        sql`(${channels.retentionDays} is not null or ${channels.fileRetentionDays} is not null)`,
      ),
    )
    .prepare(),
  inServer: db
    .select({ id: channels.id, ...own, firstAt })
    .from(channels)
    .leftJoin(root, eq(root.id, channels.rootId))
    .where(eq(channels.serverId, sql.placeholder("serverId")))
    .prepare(),
  inChannel: db
    .select({ id: channels.id, firstAt })
    .from(channels)
    .where(
      or(eq(channels.id, sql.placeholder("channelId")), eq(channels.rootId, sql.placeholder("channelId"))),
    )
    .prepare(),
  retained: db
    .select({ id: channels.id, ...applied })
    .from(channels)
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .leftJoin(root, eq(root.id, channels.rootId))
    .where(
      and(
        gt(channels.id, sql.placeholder("after")),
        sql`(${applied.messageDays} > 0 or ${applied.fileDays} > 0)`,
      ),
    )
    .orderBy(asc(channels.id))
    .limit(sql.placeholder("limit"))
    .prepare(),
}))

const never: Days = { messageDays: null, fileDays: null }

export async function findServerDays(db: Db, serverId: string): Promise<Days> {
  return (await statements(db).ofServer.get({ serverId })) ?? never
}

/** What a channel says itself. */
export async function findChannelDays(db: Db, channelId: string): Promise<Days> {
  return (await statements(db).ofChannel.get({ channelId })) ?? never
}

/** What applies to a channel or thread; `undefined` when it does not exist. */
export async function findAppliedDays(db: Db, channelId: string): Promise<RetainedChannel | undefined> {
  return statements(db).applied.get({ channelId })
}

/** The channels of a server that say something themselves. */
export async function listDiffering(db: Db, serverId: string): Promise<RetainedChannel[]> {
  return lists(db).differing.all({ serverId })
}

/** All channels and threads of a server, with what they say themselves. */
export async function listInServer(db: Db, serverId: string): Promise<(RetainedChannel & Beginning)[]> {
  return lists(db).inServer.all({ serverId })
}

/** A channel and its threads. */
export async function listInChannel(db: Db, channelId: string): Promise<({ id: string } & Beginning)[]> {
  return lists(db).inChannel.all({ channelId })
}

/** Channels and threads in which something is deleted after some time, by id, after one of them. */
export async function listRetained(db: Db, after: string, limit: number): Promise<RetainedChannel[]> {
  return lists(db).retained.all({ after, limit })
}

export async function updateServerDays(tx: Tx, serverId: string, days: Days): Promise<void> {
  const { messageDays: retentionDays, fileDays: fileRetentionDays } = days
  await tx.update(servers).set({ retentionDays, fileRetentionDays }).where(eq(servers.id, serverId)).run()
}

export async function updateChannelDays(tx: Tx, channelId: string, days: Days): Promise<void> {
  const { messageDays: retentionDays, fileDays: fileRetentionDays } = days
  await tx.update(channels).set({ retentionDays, fileRetentionDays }).where(eq(channels.id, channelId)).run()
}
