import { and, eq, type SQL, sql } from "drizzle-orm"
import { channels, servers } from "../../../drizzle/schema.ts"
import { bitOf, type Permission } from "./bits.ts"
import type { UserIdExpression } from "./columns.ts"

// Restricts statements of other features to what a viewer may read. A statement that finds one object adds a condition;
// a statement that lists everything starts from the viewer's memberships, which are few.

/** Most roles of one user that a statement returns. */
const maxHeldRoles = 1000

/** What an overwrite is worth: the highest one that mentions the permission decides; an odd one allows. */
const worth = (bit: SQL) =>
  sql`case o.kind when 'everyone' then 2 when 'role' then 4 else 6 end + case when (o.allow & ${bit}) <> 0 then 1 else 0 end`

/**
 * Condition: the member `m`, a row of `server_members`, has this permission in a channel. The same rule as `permissionsIn`,
 * without the implicit denials. `rootId`: the channel whose overwrites apply; for a thread, the one that it is in.
 */
export function permits(name: Permission, rootId: SQL): SQL {
  return permitsBy(name, sql`channel_overwrites o where o.channel_id = ${rootId}`)
}

/** The same in a category, whose overwrites decide who may change it. */
export function permitsInCategory(name: Permission, categoryId: SQL): SQL {
  return permitsBy(name, sql`category_overwrites o where o.category_id = ${categoryId}`)
}

/** `overwrites`: those of the place, as `o`. */
function permitsBy(name: Permission, overwrites: SQL): SQL {
  const bit = sql.raw(String(bitOf[name]))
  const administrator = sql.raw(String(bitOf.administrator))
  return sql`((m.permissions & ${administrator}) <> 0 or coalesce((
    select max(${worth(bit)}) from ${overwrites} and ((o.allow | o.deny) & ${bit}) <> 0 and ${concernsMember}),
    case when (m.permissions & ${bit}) <> 0 then 1 else 0 end) % 2 = 1)`
}

/**
 * For `from`: the members `m` of the servers of some channels `c`, each with each channel. With `isAllowed` it finds
 * everyone who has a permission in a channel, as `permits` does, in time that grows with the holders of the roles that the
 * overwrites name: ten times faster than `permits` for each member. `channelIds`: for `in`, without threads. `isOf`: a
 * condition on the user's id, for some members alone.
 */
export function viewings(
  name: Permission,
  channelIds: SQL,
  isOf: (userId: SQL) => SQL = () => sql`true`,
): SQL {
  const bit = sql.raw(String(bitOf[name]))
  const administrator = sql.raw(String(bitOf.administrator))
  const concerning = sql`o.channel_id in ${channelIds} and ((o.allow | o.deny) & ${bit}) <> 0`
  // A cross join, because otherwise SQLite looks through all channels for each member.
  return sql`(select id, server_id from channels where id in ${channelIds}) c
    cross join (
      select server_id, user_id, (permissions & ${administrator}) <> 0 as is_administrator,
        case when (permissions & ${bit}) <> 0 then 1 else 0 end as base
      from server_members where ${isOf(sql`user_id`)}) m
    left join (select o.channel_id, ${worth(bit)} as worth from channel_overwrites o
      where o.kind = 'everyone' and ${concerning}) of_all on of_all.channel_id = c.id
    left join (select channel_id, user_id, max(worth) as worth from (
        select o.channel_id, mr.user_id, ${worth(bit)} as worth
        from channel_overwrites o join member_roles mr on mr.role_id = o.target_id
        where o.kind = 'role' and ${concerning} and ${isOf(sql`mr.user_id`)}
        union all
        select o.channel_id, o.target_id, ${worth(bit)} from channel_overwrites o
        where o.kind = 'member' and ${concerning} and ${isOf(sql`o.target_id`)}) as each group by channel_id, user_id) own
      on own.channel_id = c.id and own.user_id = m.user_id`
}

/** Condition on `viewings`: the member has the permission in the channel. */
export const isAllowed = sql`(m.server_id = c.server_id and (m.is_administrator or coalesce(own.worth, of_all.worth, m.base) % 2 = 1))`

/** Condition on an overwrite `o`: it concerns the member `m`. */
export const concernsMember = sql`(o.kind = 'everyone' or o.target_id = m.user_id or exists (
  select 1 from member_roles mr
  where mr.server_id = m.server_id and mr.user_id = m.user_id and mr.role_id = o.target_id))`

const rootOfChannel = sql`coalesce(${channels.rootId}, ${channels.id})`
const rootOfHere = sql`coalesce(c.root_id, c.id)`

/** Condition on `channels`: the user may read it with its history. For statements that select channels by other columns. */
export function readableBy(userId: UserIdExpression): SQL {
  return sql`exists (
    select 1 from server_members m where m.server_id = ${channels.serverId} and m.user_id = ${userId}
    and ${permits("viewChannel", rootOfChannel)} and ${permits("readHistory", rootOfChannel)})`
}

/** Condition on `channels`: the user may view it, perhaps without its history. */
export function viewableBy(userId: UserIdExpression): SQL {
  return sql`exists (
    select 1 from server_members m where m.server_id = ${channels.serverId} and m.user_id = ${userId}
    and ${permits("viewChannel", rootOfChannel)})`
}

/** Condition on a channel `c`, which may be a thread: the user may read it with its history. */
export function readableHere(userId: UserIdExpression): SQL {
  return sql`exists (
    select 1 from server_members m where m.server_id = c.server_id and m.user_id = ${userId}
    and ${permits("viewChannel", rootOfHere)} and ${permits("readHistory", rootOfHere)})`
}

/** Condition: the member `m` has this permission in the server, whatever its channels say. */
export function permitsInServer(name: Permission): SQL {
  return sql`(m.permissions & ${sql.raw(String(bitOf[name] | bitOf.administrator))}) <> 0`
}

/** Condition on a channel `c`: the user moderates its server, and may view it. */
export function moderatedBy(userId: UserIdExpression): SQL {
  return sql`exists (
    select 1 from server_members m where m.server_id = c.server_id and m.user_id = ${userId}
    and ${permitsInServer("manageMessages")} and ${permits("viewChannel", sql`coalesce(c.root_id, c.id)`)})`
}

/** Condition: the user may view the channel. For few users: for all of a channel, `viewings` is faster. */
export function mayView(userId: UserIdExpression, channelId: UserIdExpression): SQL {
  return sql`exists (
    select 1 from channels viewed join server_members m on m.server_id = viewed.server_id and m.user_id = ${userId}
    where viewed.id = ${channelId} and ${permits("viewChannel", sql`coalesce(viewed.root_id, viewed.id)`)})`
}

/** For `in`: the ids of all who may view a channel, which is not a thread. */
export function viewersOf(channelId: UserIdExpression): SQL {
  return sql`(select m.user_id from ${viewings("viewChannel", sql`(${channelId})`)} where ${isAllowed})`
}

/** Condition on `servers`: the user is a member. For lists of a user's servers and conversations. */
export function joinedBy(userId: UserIdExpression): SQL {
  return sql`${servers.id} in (select server_id from server_members where user_id = ${userId})`
}

/** Condition on `servers`: the user owns it. A conversation has no owner. */
export function ownedBy(userId: string): SQL | undefined {
  return and(eq(servers.ownerId, userId), eq(servers.kind, "server"))
}

/** Condition on `servers`: other people than the user are members, too; bots do not count. */
export function withOtherPeople(userId: string): SQL {
  return sql`exists (
    select 1 from server_members m join users u on u.id = m.user_id
    where m.server_id = ${servers.id} and m.user_id <> ${userId} and u.bot_owner_id is null)`
}

/** Condition on a conversation in `servers`: the user opened it. */
export function openedBy(userId: UserIdExpression): SQL {
  return sql`${servers.ownerId} = ${userId}`
}

/** Start of a handwritten `from`: the memberships `m` of the user in `ofMember`, with their servers `s`. */
export const joinedServers = sql`server_members m join servers s on s.id = m.server_id`
/** For `order by`: the servers of `joinedServers` as their member lists them. */
export const serverOrder = sql`m.list_position is null, m.list_position, m.joined_at, s.id`
/** Like `joinedServers`, with the channels `c` that the user may view, without threads and archived channels. */
export const readableChannels = sql`${joinedServers} join channels c
  on c.server_id = m.server_id and c.parent_id is null and c.archived_at is null
  and ${permits("viewChannel", sql`c.id`)}`
/** Like `readableChannels`, for the archived ones. */
export const viewableArchive = sql`${joinedServers} join channels c
  on c.server_id = m.server_id and c.parent_id is null and c.archived_at is not null
  and ${permits("viewChannel", sql`c.id`)}`
/** For `order by`, with the category `g` of a channel: channels without a category come first. */
export function placeOrder(channel = sql`c`): SQL {
  return sql`coalesce(g.position, -1), g.created_at, g.id, ${channel}.position, ${channel}.created_at, ${channel}.id`
}

/** Like `readableChannels`, for all channels and threads in which the user may delete messages of others. */
export const moderatedChannels = sql`${joinedServers} join channels c
  on c.server_id = m.server_id and ${permits("viewChannel", sql`coalesce(c.root_id, c.id)`)}
  and ${permits("manageMessages", sql`coalesce(c.root_id, c.id)`)}`

/** For `from`: the roles `mr` that a user has in the server of a channel `c`; the condition goes with it. */
export const rolesInServer = (userId: UserIdExpression) => ({
  table: sql`member_roles mr`,
  isHeld: sql`mr.server_id = c.server_id and mr.user_id = ${userId}`,
})

/** For `from`: the ids of the roles that a user has in all their servers, as `role_id`. */
export function rolesHeldBy(userId: UserIdExpression): SQL {
  return sql`(
    select mr.role_id from server_members m
    join member_roles mr on mr.server_id = m.server_id and mr.user_id = m.user_id
    where m.user_id = ${userId} order by mr.role_id limit ${sql.raw(String(maxHeldRoles))}) as held`
}

/** For `from`: holders of some roles, as `user_id`, with the role, as `role_id`. `roleIds`: for `in`. */
export function holdersOf(roleIds: SQL): SQL {
  return sql`(select mr.user_id, mr.role_id from member_roles mr where mr.role_id in ${roleIds}) as holding`
}

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
