import { and, asc, count, eq, gt, inArray, isNotNull, sql } from "drizzle-orm"
import { serverMembers, servers, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { positionIn, rowsAsJson, textsIn } from "../../db/dialect.ts"
import { prepare } from "../../db/prepare.ts"
import type { ChangeSet } from "../change-set.ts"
import { listChannelIds } from "../channels/store.ts"
import { allNames, avatarUrlOf, memberFaceColumns, statusLine } from "../face-columns.ts"
import { isOwner } from "../permissions/columns.ts"
import { refreshMember } from "../permissions/derived.ts"
import { isRestrictedChannel } from "../permissions/restricted.ts"
import { mayView, viewersOf } from "../permissions/scope.ts"
import { readServer } from "../reading/store.ts"
import type { Member } from "./contract.ts"

/** Members that one response or page lists. */
export const maxMembersListed = 1000

/** A member with the position of their highest role. */
export type RankedMember = Member & { rank: number }

const query = sql.placeholder("query")

/** For statements over `servers`: the number of members. */
export const memberCount = sql<number>`(select count(*) from ${serverMembers} where ${serverMembers.serverId} = ${servers.id})`

/** For statements over `servers`: the members by name, as JSON. */
export function peopleAsJson(db: Db) {
  return rowsAsJson(
    db,
    { userId: sql`id`, username: sql`username`, displayName: sql`display_name`, avatarUrl: sql`avatar_url` },
    sql`select o.id, o.username, o.display_name, ${avatarUrlOf(sql`o.id`, sql`o.avatar_version`)} as avatar_url
      from server_members p join users o on o.id = p.user_id
      where p.server_id = ${servers.id} order by o.username`,
  )
}

/** Where one of a member's names has what was asked for, the username first; in small letters. */
const found = (db: Db) =>
  positionIn(db, sql`(${allNames} || ' ' || lower(coalesce(${serverMembers.nickname}, '')))`, query)
export const inServer = eq(serverMembers.serverId, sql.placeholder("serverId"))

const splitIds = (ids: string) => (ids === "" ? [] : ids.split(","))

export const memberColumns = {
  userId: users.id,
  username: users.username,
  ...memberFaceColumns,
  statusText: statusLine,
  joinedAt: serverMembers.joinedAt,
  isOwner: isOwner(users.id),
  isBot: isNotNull(users.botOwnerId).mapWith(Boolean),
  roleIds: sql<string[]>`coalesce((
    select string_agg(r.id, ',' order by r.position desc) from member_roles mr join roles r on r.id = mr.role_id
    where mr.server_id = ${serverMembers.serverId} and mr.user_id = ${users.id}), '')`.mapWith(splitIds),
  /** The position of the highest role. */
  rank: sql<number>`coalesce((
    select max(r.position) from member_roles mr join roles r on r.id = mr.role_id
    where mr.server_id = ${serverMembers.serverId} and mr.user_id = ${users.id}), 0)`,
}

function selectMembers(db: Db) {
  return db
    .select(memberColumns)
    .from(serverMembers)
    .innerJoin(users, eq(users.id, serverMembers.userId))
    .innerJoin(servers, eq(servers.id, serverMembers.serverId))
}

/** The member may view the channel. */
export const viewsChannel = inArray(serverMembers.userId, viewersOf(sql.placeholder("channelId")))

const statements = prepare((db) => ({
  find: selectMembers(db)
    .where(and(inServer, eq(serverMembers.userId, sql.placeholder("userId"))))
    .prepare(),
  /** A left join, though all who may view are members: otherwise SQLite goes through all members and not the names. */
  named: db
    .select({ userId: users.id, username: users.username, ...memberFaceColumns })
    .from(users)
    .leftJoin(serverMembers, and(eq(serverMembers.userId, users.id), inServer))
    .where(
      and(
        inArray(users.username, textsIn(db, sql.placeholder("names"))),
        mayView(users.id, sql.placeholder("channelId")),
      ),
    )
    .prepare(),
  /** Starts from the members of one server, so that its cost does not depend on the number of users. */
  matching: db
    .select({ userId: users.id, username: users.username, ...memberFaceColumns })
    .from(serverMembers)
    .innerJoin(users, eq(users.id, serverMembers.userId))
    .where(and(inServer, gt(found(db), 0)))
    .orderBy(found(db), asc(users.username))
    .limit(sql.placeholder("limit"))
    .prepare(),
  matchingViewers: db
    .select({ userId: users.id, username: users.username, ...memberFaceColumns })
    .from(serverMembers)
    .innerJoin(users, eq(users.id, serverMembers.userId))
    .where(and(inServer, gt(found(db), 0), viewsChannel))
    .orderBy(found(db), asc(users.username))
    .limit(sql.placeholder("limit"))
    .prepare(),
  list: selectMembers(db)
    .where(inServer)
    .orderBy(asc(users.username))
    .limit(sql.placeholder("limit"))
    .prepare(),
  searched: selectMembers(db)
    .where(and(inServer, gt(found(db), 0)))
    .orderBy(asc(users.username))
    .limit(sql.placeholder("limit"))
    .prepare(),
  count: db.select({ count: count() }).from(serverMembers).where(inServer).prepare(),
}))

/** One member of a server; `undefined` for outsiders. */
export async function findMember(
  db: Db,
  serverId: string,
  userId: string,
): Promise<RankedMember | undefined> {
  return statements(db).find.get({ serverId, userId })
}

/** Members by name. */
export async function listMembers(
  db: Db,
  serverId: string,
  limit = maxMembersListed,
): Promise<RankedMember[]> {
  return statements(db).list.all({ serverId, limit })
}

/** Members whose names contain the query, by name. */
export async function searchRankedMembers(
  db: Db,
  serverId: string,
  query: string,
  limit: number,
): Promise<RankedMember[]> {
  return statements(db).searched.all({ serverId, query: query.toLowerCase(), limit })
}

export async function countMembers(db: Db, serverId: string): Promise<number> {
  return (await statements(db).count.get({ serverId }))?.count ?? 0
}

/** The members with one of these names who may view a channel. */
export async function findMembersNamed(
  db: Db,
  place: { serverId: string; channelId: string },
  names: string[],
) {
  return statements(db).named.all({ ...place, names: JSON.stringify(names) })
}

/** Whose viewers are meant. */
export type ViewersOf = {
  serverId: string
  /** The channel whose overwrites apply. */
  channelId: string
}

/** Those who may view a channel and whose names contain the query; names that begin with it come first. */
export async function searchViewers(db: Db, search: ViewersOf & { query: string; limit: number }) {
  const { matching, matchingViewers } = statements(db)
  return ((await isRestrictedChannel(db, search.channelId)) ? matchingViewers : matching).all(search)
}

/** Adds a member and marks earlier messages as read. Runs inside a shared commit. */
export async function insertMember(tx: Tx, serverId: string, userId: string): Promise<void> {
  await tx.insert(serverMembers).values({ serverId, userId }).run()
  await refreshMember(tx, serverId, userId)
  await readServer(tx, userId, serverId)
}

export interface Membership {
  serverId: string
  userId: string
}

/** Ends a membership, and with it the user's live connections to the server. */
export async function deleteMember(changes: ChangeSet, { serverId, userId }: Membership): Promise<void> {
  const channelIds = await listChannelIds(changes.tx, serverId)
  await changes.tx
    .delete(serverMembers)
    .where(and(eq(serverMembers.serverId, serverId), eq(serverMembers.userId, userId)))
    .run()
  changes.end({ of: "membership", userId, serverId, channelIds })
}

/** Ends all memberships of a user. Runs inside a shared commit. */
export async function deleteMembershipsOf(tx: Tx, userId: string): Promise<void> {
  await tx.delete(serverMembers).where(eq(serverMembers.userId, userId)).run()
}
