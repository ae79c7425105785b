import { type AnyColumn, type Placeholder, type SQL, sql } from "drizzle-orm"
import { channels, serverMembers, servers } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { rowsAsJson } from "../../db/dialect.ts"
import { bitOf, type Permission } from "./bits.ts"

/** A user's id in a statement. */
export type UserIdExpression = AnyColumn | Placeholder | SQL

/** The overwrites of a listed channel deny this to everyone. */
export function deniesEveryone(name: Permission, channelId: SQL): SQL<boolean> {
  const bit = sql.raw(String(bitOf[name]))
  return sql<boolean>`exists (select 1 from channel_overwrites o
    where o.channel_id = ${channelId} and o.kind = 'everyone' and (o.deny & ${bit}) <> 0)`.mapWith(Boolean)
}

/** A time of the channel or, for a thread, of the channel that it is in: what is closed there is closed in its threads. */
export function orOfRoot(
  name: string,
  column: typeof channels.lockedAt | typeof channels.archivedAt,
): SQL<Date | null> {
  const ofRoot = sql`(select root.${sql.raw(name)} from channels root where root.id = ${channels.rootId})`
  return sql<Date | null>`coalesce(${column}, ${ofRoot})`.mapWith(column)
}

/** What the server asks of a new member before they write: one row where it asks for anything, as JSON; for `parseHold`. */
export function holdColumn(db: Db) {
  return rowsAsJson(
    db,
    { serverId: sql`server_id`, rules: sql`rules`, accountAt: sql`account_at`, memberAt: sql`member_at` },
    sql`select j.server_id,
        case when j.rules <> '' and ${serverMembers.acceptedRulesAt} is null then 1 else 0 end as rules,
        (select u.created_at from users u where u.id = ${serverMembers.userId}) + j.min_account_minutes * 60000 as account_at,
        ${serverMembers.joinedAt} + j.min_member_minutes * 60000 as member_at
      from join_settings j where j.server_id = ${servers.id}`,
  )
}

/** Is this server a conversation? */
export const isConversation = sql<boolean>`${servers.kind} = 'direct'`.mapWith(Boolean)

/** Does that user own the server? A conversation has no owner. */
export function isOwner(userId: UserIdExpression): SQL<boolean> {
  return sql<boolean>`(${servers.ownerId} = ${userId} and ${servers.kind} = 'server')`.mapWith(Boolean)
}

/**
 * The name of a conversation for a viewer: its own name, or the names of its other users. In a conversation of two the
 * other user is named even when their account was deleted.
 */
export function conversationName(viewerId: UserIdExpression): SQL<string> {
  const other = sql`replace(replace(${servers.pair}, ${viewerId}, ''), ':', '')`
  return sql<string>`case
    when ${servers.name} <> '' then ${servers.name}
    when ${servers.pair} is not null then (select coalesce(display_name, username) from users where id = ${other})
    else coalesce((select string_agg(name, ', ') from (
      select coalesce(o.display_name, o.username) as name from server_members p join users o on o.id = p.user_id
      where p.server_id = ${servers.id} and p.user_id <> ${viewerId} order by o.username) as others), 'Only you') end`
}

/** The name of a channel or thread for a viewer: of a conversation itself it is the conversation's. */
export function shownChannelName(viewerId: UserIdExpression): SQL<string> {
  return sql<string>`case when ${isConversation} and ${channels.parentId} is null
    then ${conversationName(viewerId)} else ${channels.name} end`
}

/** The name of a server; empty for a conversation, whose name is its channel's. */
export const shownServerName = sql<string>`case when ${isConversation} then '' else ${servers.name} end`
