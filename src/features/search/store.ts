import { and, desc, eq, isNull, sql } from "drizzle-orm"
import { channels, messages, searchDocuments, searchLogs, servers, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import { messageColumns } from "../messages/store.ts"
import { conversationName, isConversation } from "../permissions/columns.ts"
import { joinedBy, readableBy } from "../permissions/scope.ts"
import { searchIndex } from "./index-table.ts"
import type { Range } from "./spans.ts"

const viewerId = sql.placeholder("viewerId")
const match = sql`${sql.raw("search_index")} match ${sql.placeholder("match")}`

const statements = prepare((db) => ({
  // In this order, whatever SQLite thinks of it: the index gives the newest first, and it ends when there are enough.
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
    .offset(sql.placeholder("than"))
    .prepare(),
  places: db
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

/** The SQL of it, so that a test can ask SQLite how it would run it. */
export function searchRead(db: Db): string {
  return statements(db).find.getQuery().sql
}

/**
 * What the viewer may read of what fits, between two numbers, newest first. The index stops as soon as there are enough,
 * but goes on to the next match however far below `low` it is.
 */
export function listNewest(db: Db, what: { viewerId: string; match: string; limit: number } & Range) {
  return statements(db).find.all({ ...what })
}

/** Does more than that fit? */
export function hasMore(db: Db, match: string, than: number): boolean {
  return statements(db).nth.get({ match, than }) !== undefined
}

/** Is there anything that fits? */
export const hasAny = (db: Db, match: string) => hasMore(db, match, 0)

/** All channels that someone may read, with their servers; threads belong to theirs. */
export function listPlaces(db: Db, viewerId: string) {
  return statements(db).places.all({ viewerId })
}
export type SearchPlace = ReturnType<typeof listPlaces>[number]
