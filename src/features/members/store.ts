import { and, asc, count, eq, isNotNull, sql } from "drizzle-orm"
import { serverMembers, servers, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import { ownerId } from "../conversations/name.ts"
import { readServer } from "../reading/store.ts"
import type { Member } from "./contract.ts"

/** Most members that one answer or page lists. */
export const maxMembersListed = 1000

const statements = prepare((db) => ({
  find: db
    .select({
      userId: serverMembers.userId,
      serverId: servers.id,
      ownerId,
      kind: servers.kind,
      /** Of a conversation between two: whose it is. */
      pair: servers.pair,
    })
    .from(serverMembers)
    .innerJoin(servers, eq(servers.id, serverMembers.serverId))
    .where(
      and(
        eq(serverMembers.serverId, sql.placeholder("serverId")),
        eq(serverMembers.userId, sql.placeholder("userId")),
      ),
    )
    .prepare(),
  serverIds: db
    .select({ serverId: serverMembers.serverId })
    .from(serverMembers)
    .where(eq(serverMembers.userId, sql.placeholder("userId")))
    .prepare(),
  list: db
    .select({
      userId: users.id,
      username: users.username,
      joinedAt: serverMembers.joinedAt,
      isOwner: sql<boolean>`${ownerId} = ${users.id}`.mapWith(Boolean),
      isBot: isNotNull(users.botOwnerId).mapWith(Boolean),
    })
    .from(serverMembers)
    .innerJoin(users, eq(users.id, serverMembers.userId))
    .innerJoin(servers, eq(servers.id, serverMembers.serverId))
    .where(eq(serverMembers.serverId, sql.placeholder("serverId")))
    .orderBy(asc(users.username))
    .limit(sql.placeholder("limit"))
    .prepare(),
  count: db
    .select({ count: count() })
    .from(serverMembers)
    .where(eq(serverMembers.serverId, sql.placeholder("serverId")))
    .prepare(),
}))

/** The membership of that person in that server, with the server's owner; `undefined` for outsiders. */
export async function findMember(db: Db, serverId: string, userId: string) {
  return statements(db).find.get({ serverId, userId })
}

/** The same question inside a shared commit: what was allowed before may have ended since. */
export function isMember(db: Db, serverId: string, userId: string): boolean {
  return statements(db).find.get({ serverId, userId }) !== undefined
}

/** The servers someone is in, and their conversations. */
export async function listServerIds(db: Db, userId: string): Promise<string[]> {
  return statements(db)
    .serverIds.all({ userId })
    .map(({ serverId }) => serverId)
}

/** Members by name. */
export async function listMembers(db: Db, serverId: string, limit = maxMembersListed): Promise<Member[]> {
  return statements(db).list.all({ serverId, limit })
}

export async function countMembers(db: Db, serverId: string): Promise<number> {
  return statements(db).count.get({ serverId })?.count ?? 0
}

/** What was said before someone came is not unread for them. Synchronous: it runs inside a shared commit. */
export function insertMember(db: Db, serverId: string, userId: string): void {
  db.insert(serverMembers).values({ serverId, userId }).run()
  readServer(db, userId, serverId)
}

export function deleteMember(db: Db, serverId: string, userId: string): void {
  db.delete(serverMembers)
    .where(and(eq(serverMembers.serverId, serverId), eq(serverMembers.userId, userId)))
    .run()
}
