import { and, asc, count, eq, isNotNull, sql } from "drizzle-orm"
import { serverMembers, servers, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import { isOwner } from "../permissions/columns.ts"
import { readServer } from "../reading/store.ts"
import type { Member } from "./contract.ts"

/** Most members that one answer or page lists. */
export const maxMembersListed = 1000

const inServer = eq(serverMembers.serverId, sql.placeholder("serverId"))

function selectMembers(db: Db) {
  return db
    .select({
      userId: users.id,
      username: users.username,
      joinedAt: serverMembers.joinedAt,
      isOwner: isOwner(users.id),
      isBot: isNotNull(users.botOwnerId).mapWith(Boolean),
    })
    .from(serverMembers)
    .innerJoin(users, eq(users.id, serverMembers.userId))
    .innerJoin(servers, eq(servers.id, serverMembers.serverId))
}

const statements = prepare((db) => ({
  find: selectMembers(db)
    .where(and(inServer, eq(serverMembers.userId, sql.placeholder("userId"))))
    .prepare(),
  list: selectMembers(db)
    .where(inServer)
    .orderBy(asc(users.username))
    .limit(sql.placeholder("limit"))
    .prepare(),
  count: db
    .select({ count: count() })
    .from(serverMembers)
    .where(eq(serverMembers.serverId, sql.placeholder("serverId")))
    .prepare(),
}))

/** One member of a server; `undefined` for outsiders. */
export function findMember(db: Db, serverId: string, userId: string): Member | undefined {
  return statements(db).find.get({ serverId, userId })
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
