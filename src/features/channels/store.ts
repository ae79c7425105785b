import { and, asc, eq, isNull, sql } from "drizzle-orm"
import { channels, servers } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
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
  const found = db
    .select({ isConversation, parentId: channels.parentId })
    .from(channels)
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .where(eq(channels.id, id))
    .get()
  return found?.parentId === null ? (found.isConversation ? "conversation" : "listed") : undefined
}

/** The ids of all a server's channels, threads too. Runs inside a shared commit. */
export function listChannelIds(db: Db, serverId: string): string[] {
  const rows = db.select({ id: channels.id }).from(channels).where(eq(channels.serverId, serverId)).all()
  return rows.map(({ id }) => id)
}

/** Synchronous: it runs inside a shared commit. */
export function insertChannel(db: Db, channel: Channel): Channel {
  db.insert(channels).values(channel).run()
  return channel
}

export function updateChannelName(db: Db, id: string, name: string): Channel | undefined {
  return db.update(channels).set({ name }).where(eq(channels.id, id)).returning(columns).get()
}

/** Deletes a channel and ends the live connections to it. Delete the threads of its messages first. */
export function deleteChannel(changes: ChangeSet, channelId: string): void {
  changes.tx.delete(channels).where(eq(channels.id, channelId)).run()
  changes.end({ of: "channel", channelId })
}
