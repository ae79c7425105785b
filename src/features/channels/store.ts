import { and, count, eq, isNull, or, type SQL, sql } from "drizzle-orm"
import { channels, servers } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import type { ChangeSet } from "../change-set.ts"
import { deniesEveryone, isConversation } from "../permissions/columns.ts"
import { ofMember, placeOrder, readableChannels, viewableArchive } from "../permissions/scope.ts"
import type { Channel } from "./contract.ts"

const time = (column: SQL) => column.mapWith((at: number) => new Date(at))

const columns = {
  id: sql<string>`c.id`,
  serverId: sql<string>`c.server_id`,
  name: sql<string>`c.name`,
  topic: sql<string>`c.topic`,
  categoryId: sql<string | null>`c.category_id`,
  position: sql<number>`c.position`,
  isPrivate: deniesEveryone("viewChannel", sql`c.id`),
  isReadOnly: deniesEveryone("sendMessages", sql`c.id`),
  isSynced: sql<boolean>`c.is_synced`.mapWith(Boolean),
  archivedAt: time(sql`c.archived_at`) as SQL<Date | null>,
  createdAt: time(sql`c.created_at`) as SQL<Date>,
}

const viewerId = sql.placeholder("viewerId")
const serverId = sql.placeholder("serverId")

const statements = prepare((db) => ({
  find: db
    .select(columns)
    .from(sql`channels c`)
    .where(sql`c.id = ${sql.placeholder("id")}`)
    .prepare(),
  ofServer: db
    .select(columns)
    .from(sql`${readableChannels} left join categories g on g.id = c.category_id`)
    .where(sql`${ofMember(viewerId)} and m.server_id = ${serverId}`)
    .orderBy(placeOrder())
    .prepare(),
  archived: db
    .select(columns)
    .from(viewableArchive)
    .where(sql`${ofMember(viewerId)} and m.server_id = ${serverId}`)
    .orderBy(sql`c.archived_at desc, c.id`)
    .prepare(),
}))

/** A channel or thread. */
export async function findChannel(db: Db, id: string): Promise<Channel | undefined> {
  return statements(db).find.get({ id })
}

/** A server's channels that a member may view, without threads and archived ones, in the order of the list. */
export async function listChannels(db: Db, serverId: string, viewerId: string): Promise<Channel[]> {
  return statements(db).ofServer.all({ serverId, viewerId })
}

/** A server's archived channels that a member may view, last archived first. */
export async function listArchived(db: Db, serverId: string, viewerId: string): Promise<Channel[]> {
  return statements(db).archived.all({ serverId, viewerId })
}

const listed = (serverId: string) =>
  and(eq(channels.serverId, serverId), isNull(channels.parentId), isNull(channels.archivedAt))

/** How many channels a server has, without threads and archived ones, and how many of them are in the category. */
export async function countChannels(db: Db, serverId: string, categoryId: string | null) {
  const inCategory = sql<number>`coalesce(sum(case when ${channels.categoryId} = ${categoryId ?? ""} then 1 else 0 end), 0)`
  const row = await db
    .select({ inServer: count(), inCategory: inCategory.mapWith(Number) })
    .from(channels)
    .where(listed(serverId))
    .get()
  return row ?? { inServer: 0, inCategory: 0 }
}

/** The kind of a channel; `undefined` for threads and deleted channels. */
export async function findKind(db: Db, id: string): Promise<"listed" | "conversation" | undefined> {
  const found = await db
    .select({ isConversation, parentId: channels.parentId })
    .from(channels)
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .where(eq(channels.id, id))
    .get()
  return found?.parentId === null ? (found.isConversation ? "conversation" : "listed") : undefined
}

/** The ids of all a server's channels, threads too. Runs inside a shared commit. */
export async function listChannelIds(db: Db, serverId: string): Promise<string[]> {
  const rows = await db
    .select({ id: channels.id })
    .from(channels)
    .where(eq(channels.serverId, serverId))
    .all()
  return rows.map(({ id }) => id)
}

type NewChannel = Pick<Channel, "id" | "serverId" | "name" | "createdAt"> &
  Partial<Pick<Channel, "topic" | "categoryId" | "isSynced">>

/** Stores a channel at the end of its category. */
export async function insertChannel(tx: Tx, channel: NewChannel): Promise<Channel> {
  const { id, serverId, categoryId = null } = channel
  await tx
    .insert(channels)
    .values({ ...channel, position: lastPosition(serverId, categoryId) })
    .run()
  return stored(await findChannel(tx, id))
}

/** The position of the last channel in a category; a newer channel with the same one comes after it. */
export function lastPosition(serverId: string, categoryId: string | null): SQL<number> {
  const among = categoryId === null ? sql`p.category_id is null` : sql`p.category_id = ${categoryId}`
  return sql<number>`(select coalesce(max(p.position), 0) from channels p
    where p.server_id = ${serverId} and p.parent_id is null and ${among})`
}

export async function updateChannel(
  tx: Tx,
  id: string,
  { name, topic }: { name?: string; topic?: string },
): Promise<Channel> {
  await tx.update(channels).set({ name, topic }).where(eq(channels.id, id)).run()
  return stored(await findChannel(tx, id))
}

/** Archives a channel with its threads, or brings them back. */
export async function updateArchived(tx: Tx, id: string, archivedAt: Date | null): Promise<Channel> {
  await tx
    .update(channels)
    .set({ archivedAt })
    .where(or(eq(channels.id, id), eq(channels.rootId, id)))
    .run()
  return stored(await findChannel(tx, id))
}

/** Deletes a channel and ends the live connections to it. Delete the threads of its messages first. */
export async function deleteChannel(changes: ChangeSet, channelId: string): Promise<void> {
  await changes.tx.delete(channels).where(eq(channels.id, channelId)).run()
  changes.end({ of: "channel", channelId })
}

/** After a write of the same commit that found it. */
export function stored(channel: Channel | undefined): Channel {
  if (!channel) throw new Error("A channel is gone inside the commit that changed it")

  return channel
}
