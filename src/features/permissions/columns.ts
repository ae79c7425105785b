import { type AnyColumn, type Placeholder, type SQL, sql } from "drizzle-orm"
import { servers } from "../../../drizzle/schema.ts"
import { bitOf, type Permission } from "./bits.ts"

/** A user's id in a statement. */
export type UserIdExpression = AnyColumn | Placeholder | SQL

/** The overwrites of a listed channel deny this to everyone. */
export function deniesEveryone(name: Permission, channelId: SQL): SQL<boolean> {
  const bit = sql.raw(String(bitOf[name]))
  return sql<boolean>`exists (select 1 from channel_overwrites o
    where o.channel_id = ${channelId} and o.kind = 'everyone' and (o.deny & ${bit}) <> 0)`.mapWith(Boolean)
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
    when ${servers.pair} is not null then (select username from users where id = ${other})
    else coalesce((select string_agg(username, ', ') from (
      select o.username from server_members p join users o on o.id = p.user_id
      where p.server_id = ${servers.id} and p.user_id <> ${viewerId} order by o.username) as others), 'Only you') end`
}
