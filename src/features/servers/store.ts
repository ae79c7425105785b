import { and, asc, count, eq, sql } from "drizzle-orm"
import { serverMembers, servers } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import type { Server } from "./contract.ts"

/** What holds a conversation is a server to the log alone. */
const isServer = eq(servers.kind, "server")

const statements = prepare((db) => ({
  find: db
    .select()
    .from(servers)
    .where(and(eq(servers.id, sql.placeholder("id")), isServer))
    .prepare(),
  ofMember: db
    .select({
      id: servers.id,
      name: servers.name,
      ownerId: servers.ownerId,
      createdAt: servers.createdAt,
    })
    .from(serverMembers)
    .innerJoin(servers, eq(servers.id, serverMembers.serverId))
    .where(and(eq(serverMembers.userId, sql.placeholder("userId")), isServer))
    .orderBy(asc(serverMembers.joinedAt), asc(servers.id))
    .prepare(),
}))

export async function findServer(db: Db, id: string): Promise<Server | undefined> {
  return statements(db).find.get({ id })
}

/** The servers a person is a member of, oldest membership first. */
export async function listServers(db: Db, userId: string): Promise<Server[]> {
  return statements(db).ofMember.all({ userId })
}

export async function countServersOwned(db: Db, ownerId: string): Promise<number> {
  return (
    db
      .select({ owned: count() })
      .from(servers)
      .where(and(eq(servers.ownerId, ownerId), isServer))
      .get()?.owned ?? 0
  )
}

/** Synchronous, for inside a shared commit. */
export function ownsServer(db: Db, ownerId: string): boolean {
  return (
    db
      .select({ id: servers.id })
      .from(servers)
      .where(and(eq(servers.ownerId, ownerId), isServer))
      .get() !== undefined
  )
}

/** Stores a server and its owner as first member. Synchronous: it runs inside a shared commit. */
export function insertServer(db: Db, server: Server): Server {
  db.insert(servers).values(server).run()
  db.insert(serverMembers).values({ serverId: server.id, userId: server.ownerId }).run()
  return server
}

export function updateServerName(db: Db, id: string, name: string): Server | undefined {
  return db.update(servers).set({ name }).where(eq(servers.id, id)).returning().get()
}

export function deleteServer(db: Db, id: string): void {
  db.delete(servers).where(eq(servers.id, id)).run()
}
