import { and, eq, type SQL, sql } from "drizzle-orm"
import { channels, servers } from "../../../drizzle/schema.ts"
import type { UserIdExpression } from "./columns.ts"

// Restricts statements of other features to what a viewer may read. A statement that finds one object adds a condition;
// a statement that lists everything starts from the viewer's memberships, which are few.

/** Condition on `channels`: the user may read it. For statements that select channels by other columns. */
export function readableBy(userId: UserIdExpression): SQL {
  return sql`exists (
    select 1 from server_members where server_id = ${channels.serverId} and user_id = ${userId})`
}

/** Condition on `servers`: the user is a member. For lists of a user's servers and conversations. */
export function joinedBy(userId: UserIdExpression): SQL {
  return sql`${servers.id} in (select server_id from server_members where user_id = ${userId})`
}

/** Condition on `servers`: the user owns it. A conversation has no owner. */
export function ownedBy(userId: string): SQL | undefined {
  return and(eq(servers.ownerId, userId), eq(servers.kind, "server"))
}

/** Condition on a conversation in `servers`: the user opened it. */
export function openedBy(userId: UserIdExpression): SQL {
  return sql`${servers.ownerId} = ${userId}`
}

/** Start of a handwritten `from`: the memberships `m` of the user in `ofMember`, with their servers `s`. */
export const joinedServers = sql`server_members m join servers s on s.id = m.server_id`
/** Like `joinedServers`, with the channels `c` that the user may read, without threads. */
export const readableChannels = sql`${joinedServers} join channels c on c.server_id = m.server_id and c.parent_id is null`

/** The condition to use with `joinedServers` and `readableChannels`. */
export function ofMember(userId: UserIdExpression): SQL {
  return sql`m.user_id = ${userId}`
}

/** For `in`: the ids of all users who share a server or conversation with the user, their own id included. */
export function idsKnownTo(userId: UserIdExpression): SQL {
  return sql`(
    select theirs.user_id from server_members mine join server_members theirs on theirs.server_id = mine.server_id
    where mine.user_id = ${userId})`
}

/** Condition: two users share a server or conversation. */
export function sharePlace(userId: UserIdExpression, otherId: UserIdExpression): SQL {
  return sql`exists (
    select 1 from server_members theirs join server_members mine
      on mine.server_id = theirs.server_id and mine.user_id = ${otherId} where theirs.user_id = ${userId})`
}
