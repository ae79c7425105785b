import { and, desc, eq, isNull, sql } from "drizzle-orm"
import { channels, messages, searchDocuments, searchLogs, servers, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { messageColumns } from "../messages/store.ts"
import { conversationName, isConversation } from "../permissions/columns.ts"
import { joinedBy, readableBy } from "../permissions/scope.ts"
import { searchIndex } from "./index-table.ts"
import type { Range } from "./spans.ts"

const viewerId = sql.placeholder("viewerId")
const match = sql`${sql.raw("search_index")} match ${sql.placeholder("match")}`

const statements = prepare((db) => ({
  // `cross join` fixes the order of tables in SQLite: the index yields the newest first, and the limit ends the scan.
  find: db
    .select({
      id: searchIndex.id,
      message: messageColumns,
      serverName: sql<string>`case when ${isConversation} then '' else ${servers.name} end`,
      channelName: sql<string>`case when ${isConversation} and ${channels.parentId} is null
        then ${conversationName(viewerId)} else ${channels.name} end`,
      isConversation,
      isThread: sql<boolean>`${channels.parentId} is not null`.mapWith(Boolean),
    })
    .from(searchIndex)
    .crossJoin(searchDocuments)
    .crossJoin(searchLogs)
    .crossJoin(messages)
    .innerJoin(users, eq(users.id, messages.userId))
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .where(
      and(
        match,
        sql`${searchIndex.id} between ${sql.placeholder("low")} and ${sql.placeholder("high")}`,
        eq(searchDocuments.id, searchIndex.id),
        eq(searchLogs.id, searchDocuments.log),
        eq(messages.channelId, searchLogs.channelId),
        eq(messages.position, searchDocuments.position),
        isNull(messages.deletedAt),
        readableBy(viewerId),
      ),
    )
    .orderBy(desc(searchIndex.id))
    .limit(sql.placeholder("limit"))
    .prepare(),
  nth: db
    .select({ id: searchIndex.id })
    .from(searchIndex)
    .where(match)
    .limit(1)
    .offset(sql.placeholder("count"))
    .prepare(),
  channels: db
    .select({
      serverId: servers.id,
      serverName: servers.name,
      isConversation,
      channelId: channels.id,
      channelName: sql<string>`case when ${isConversation} then ${conversationName(viewerId)} else ${channels.name} end`,
    })
    .from(servers)
    .innerJoin(channels, and(eq(channels.serverId, servers.id), isNull(channels.parentId)))
    .where(joinedBy(viewerId))
    .prepare(),
}))

/** The search statement as SQL, for the test of its query plan. */
export function searchRead(db: Db): string {
  return statements(db).find.getQuery().sql
}

/**
 * The newest messages in a range that match and that the viewer may read. The scan ends with the limit; with fewer
 * matches it runs on to the next match below `low`, however far away that is.
 */
export async function listNewest(db: Db, search: { viewerId: string; match: string; limit: number } & Range) {
  return statements(db).find.all({ ...search })
}

/** Do more than `count` messages match? */
export async function hasMore(db: Db, match: string, count: number): Promise<boolean> {
  return (await statements(db).nth.get({ match, count })) !== undefined
}

/** Does any message match? */
export const hasAny = (db: Db, match: string) => hasMore(db, match, 0)

/** The channels that a viewer may read, with their servers; without threads, which are found with their channel. */
export async function listSearchableChannels(db: Db, viewerId: string) {
  return statements(db).channels.all({ viewerId })
}
export type SearchableChannel = Awaited<ReturnType<typeof listSearchableChannels>>[number]
