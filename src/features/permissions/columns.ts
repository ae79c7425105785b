import { type AnyColumn, type Placeholder, type SQL, sql } from "drizzle-orm"
import { servers } from "../../../drizzle/schema.ts"

/** A user's id in a statement. */
export type UserIdExpression = AnyColumn | Placeholder | SQL

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
