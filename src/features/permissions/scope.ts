import { type AnyColumn, and, eq, type Placeholder, type SQL, sql } from "drizzle-orm"
import { channels, servers } from "../../../drizzle/schema.ts"

// What a viewer may read, for statements of other features. Who asks for a thing they know takes a condition; who lists
// everything of a viewer begins at their memberships, of which there are few.

type Id = AnyColumn | Placeholder | SQL

/** Condition on `channels`: that user may read it. For statements that find the channel by something else. */
export function readableBy(userId: Id): SQL {
  return sql`exists (
    select 1 from server_members where server_id = ${channels.serverId} and user_id = ${userId})`
}

/** Condition on `servers`: that user is a member. For lists of a user's servers and conversations. */
export function joinedBy(userId: Id): SQL {
  return sql`${servers.id} in (select server_id from server_members where user_id = ${userId})`
}

/** When that user became a member of the server in `servers`: the order of their list. */
export function joinedAt(userId: Id): SQL {
  return sql`(select joined_at from server_members where server_id = ${servers.id} and user_id = ${userId})`
}

/** Condition on `servers`: that user owns it. A conversation has no owner. */
export function ownedBy(userId: string): SQL | undefined {
  return and(eq(servers.ownerId, userId), eq(servers.kind, "server"))
}

/** Condition on `servers`, of which it holds a conversation: that user opened it. */
export function openedBy(userId: Id): SQL {
  return sql`${servers.ownerId} = ${userId}`
}

/** What a handwritten `from` begins with: the memberships `m` of the user that `ofMember` names, and their servers `s`. */
export const joinedServers = sql`server_members m join servers s on s.id = m.server_id`
/** The same with the channels `c` that the user may read, without their threads. */
export const readableChannels = sql`${joinedServers} join channels c on c.server_id = m.server_id and c.parent_id is null`

/** The condition that goes with `joinedServers` and `readableChannels`. */
export function ofMember(userId: Id): SQL {
  return sql`m.user_id = ${userId}`
}

/** For `in`: the ids of everyone who shares a server or conversation with that user, of themselves too. */
export function idsKnownTo(userId: Id): SQL {
  return sql`(
    select theirs.user_id from server_members mine join server_members theirs on theirs.server_id = mine.server_id
    where mine.user_id = ${userId})`
}

/** Condition: two users share a server or conversation. */
export function sharePlace(userId: Id, otherId: Id): SQL {
  return sql`exists (
    select 1 from server_members theirs join server_members mine
      on mine.server_id = theirs.server_id and mine.user_id = ${otherId} where theirs.user_id = ${userId})`
}
