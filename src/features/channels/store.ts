import { and, asc, eq, isNull, sql } from "drizzle-orm"
import { channels, servers } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import type { ChangeSet } from "../change-set.ts"
import { isConversation } from "../permissions/columns.ts"
import type { Channel } from "./contract.ts"

const columns = {
  id: channels.id,
  serverId: channels.serverId,
  name: channels.name,
  createdAt: channels.createdAt,
}

const statements = prepare((db) => ({
  ofServer: db
    .select(columns)
    .from(channels)
    .where(and(eq(channels.serverId, sql.placeholder("serverId")), isNull(channels.parentId)))
    .orderBy(asc(channels.createdAt), asc(channels.id))
    .prepare(),
}))

/** A server's channels without threads, oldest first. */
export async function listChannels(db: Db, serverId: string): Promise<Channel[]> {
  return statements(db).ofServer.all({ serverId })
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

export async function insertChannel(tx: Tx, channel: Channel): Promise<Channel> {
  await tx.insert(channels).values(channel).run()
  return channel
}

export async function updateChannelName(tx: Tx, id: string, name: string): Promise<Channel | undefined> {
  return tx.update(channels).set({ name }).where(eq(channels.id, id)).returning(columns).get()
}

/** Deletes a channel and ends the live connections to it. Delete the threads of its messages first. */
export async function deleteChannel(changes: ChangeSet, channelId: string): Promise<void> {
  await changes.tx.delete(channels).where(eq(channels.id, channelId)).run()
  changes.end({ of: "channel", channelId })
}
