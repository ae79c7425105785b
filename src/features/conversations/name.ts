import { type SQL, sql } from "drizzle-orm"
import { servers } from "../../../drizzle/schema.ts"

/** Is this server what holds a conversation? */
export const isConversation = sql<boolean>`${servers.kind} = 'direct'`.mapWith(Boolean)

/** The owner of a server. A conversation has none: in it nobody has a say over others. */
export const ownerId = sql<string>`case ${servers.kind} when 'direct' then '' else ${servers.ownerId} end`

/**
 * What a conversation is called for the one who looks: what its people called it, else by the others in it. The other
 * one of two is named also when their account is gone.
 */
export function conversationName(viewerId: SQL | ReturnType<typeof sql.placeholder>): SQL<string> {
  return sql<string>`case
    when ${servers.name} <> '' then ${servers.name}
    when ${servers.pair} is not null then (
      select username from users where id = replace(replace(${servers.pair}, ${viewerId}, ''), ':', ''))
    else coalesce((select group_concat(username, ', ') from (
      select o.username from server_members p join users o on o.id = p.user_id
      where p.server_id = ${servers.id} and p.user_id <> ${viewerId} order by o.username)), 'Only you') end`
}

/** The key of the one conversation between two people. */
export function pairOf(one: string, other: string): string {
  return [one, other].toSorted().join(":")
}

/** The other one of a pair. */
export function otherOf(pair: string, userId: string): string {
  return pair.split(":").find((id) => id !== userId) ?? ""
}
