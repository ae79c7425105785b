import { and, eq, isNull, sql } from "drizzle-orm"
import { categories, channels, servers } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { messageColumns } from "../messages/store.ts"
import {
  conversationName,
  isConversation,
  shownChannelName,
  shownServerName,
} from "../permissions/columns.ts"
import { joinedBy, viewableBy } from "../permissions/scope.ts"

const viewerId = sql.placeholder("viewerId")

/** What a result shows, in a statement over messages, users, channels and servers. */
export const foundColumns = {
  message: messageColumns,
  serverName: shownServerName,
  channelName: shownChannelName(viewerId),
  isConversation,
  isThread: sql<boolean>`${channels.parentId} is not null`.mapWith(Boolean),
}

const statements = prepare((db) => ({
  channels: db
    .select({
      serverId: servers.id,
      serverName: servers.name,
      isConversation,
      channelId: channels.id,
      channelName: sql<string>`case when ${isConversation} then ${conversationName(viewerId)} else ${channels.name} end`,
    })
    .from(servers)
    .innerJoin(
      channels,
      and(eq(channels.serverId, servers.id), isNull(channels.parentId), isNull(channels.archivedAt)),
    )
    .leftJoin(categories, eq(categories.id, channels.categoryId))
    .where(and(joinedBy(viewerId), viewableBy(viewerId)))
    .orderBy(
      sql`${isConversation}, ${servers.createdAt}, ${servers.id}, coalesce(${categories.position}, -1),
        ${categories.createdAt}, ${categories.id}, ${channels.position}, ${channels.createdAt}, ${channels.id}`,
    )
    .prepare(),
}))

/**
 * The channels that a viewer may view, with their servers, in the order of the lists; without archived ones, and without
 * threads, which are found with their channel.
 */
export async function listSearchableChannels(db: Db, viewerId: string) {
  return statements(db).channels.all({ viewerId })
}
export type SearchableChannel = Awaited<ReturnType<typeof listSearchableChannels>>[number]
