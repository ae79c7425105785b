import { and, asc, eq, inArray, type SQL, sql } from "drizzle-orm"
import { roles, servers } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import type { ChangeSet } from "../change-set.ts"
import { listChannelIds } from "../channels/store.ts"
import { insertMember } from "../members/store.ts"
import { defaultPermissions } from "../permissions/bits.ts"
import { joinedServers, ofMember, ownedBy, serverOrder } from "../permissions/scope.ts"
import type { Server } from "./contract.ts"

/** The images of a server, and the kind in their storage keys. */
export const imageKinds = { icon: "icons", banner: "banners" } as const
export type ImageName = keyof typeof imageKinds

/** The name of the role that all members have. */
const everyone = "@everyone"

/** Excludes servers that store a conversation. */
const isServer = eq(servers.kind, "server")

/** The path of an image of a server with this id and key; the key begins with its kind. */
const imageUrl = (image: ImageName, id: SQL, key: SQL) =>
  sql<string | null>`case when ${key} is null then null
    else '/servers/' || ${id} || ${sql.raw(`'/${image}/'`)} || substr(${key}, ${sql.raw(String(imageKinds[image].length + 2))}) end`

/** For handwritten statements with the server `s`. */
export const iconUrlOfServer = imageUrl("icon", sql`s.id`, sql`s.icon_key`)
export const bannerUrlOfServer = imageUrl("banner", sql`s.id`, sql`s.banner_key`)

const keyColumns = { icon: servers.iconKey, banner: servers.bannerKey }

const columns = {
  id: servers.id,
  name: servers.name,
  ownerId: servers.ownerId,
  description: servers.description,
  iconUrl: imageUrl("icon", sql`${servers.id}`, sql`${servers.iconKey}`),
  bannerUrl: imageUrl("banner", sql`${servers.id}`, sql`${servers.bannerKey}`),
  createdAt: servers.createdAt,
}

const statements = prepare((db) => ({
  find: db
    .select(columns)
    .from(servers)
    .where(and(eq(servers.id, sql.placeholder("id")), isServer))
    .prepare(),
  ofMember: db
    .select({
      id: sql<string>`s.id`,
      name: sql<string>`s.name`,
      ownerId: sql<string>`s.owner_id`,
      description: sql<string>`s.description`,
      iconUrl: iconUrlOfServer,
      bannerUrl: bannerUrlOfServer,
      createdAt: sql<Date>`s.created_at`.mapWith(servers.createdAt),
    })
    .from(sql`${joinedServers} and s.kind = 'server'`)
    .where(ofMember(sql.placeholder("userId")))
    .orderBy(serverOrder)
    .prepare(),
}))

export async function findServer(db: Db, id: string): Promise<Server | undefined> {
  return statements(db).find.get({ id })
}

/** The servers of which a user is a member, in their order of them: new ones last. */
export async function listServers(db: Db, userId: string): Promise<Server[]> {
  return statements(db).ofMember.all({ userId })
}

/** The servers that a user owns. Runs inside shared commits, too. */
export async function listServersOwned(db: Db, userId: string): Promise<Server[]> {
  return db
    .select(columns)
    .from(servers)
    .where(ownedBy(userId))
    .orderBy(asc(servers.createdAt), asc(servers.id))
    .all()
}

/** Stores a server and its owner as first member. */
export async function insertServer(
  tx: Tx,
  server: Pick<Server, "id" | "name" | "ownerId" | "createdAt">,
): Promise<Server> {
  await tx.insert(servers).values(server).run()
  const { id, createdAt } = server
  const permissions = Number(defaultPermissions)
  await tx
    .insert(roles)
    .values({ id, serverId: id, name: everyone, permissions, position: 0, createdAt })
    .run()
  await insertMember(tx, server.id, server.ownerId)
  return { ...server, description: "", iconUrl: null, bannerUrl: null }
}

interface ServerFields {
  name?: string
  description?: string
  iconKey?: string | null
  bannerKey?: string | null
  systemChannelId?: string | null
}

export async function updateServer(tx: Tx, id: string, fields: ServerFields): Promise<Server | undefined> {
  await tx.update(servers).set(fields).where(eq(servers.id, id)).run()
  return findServer(tx, id)
}

/** The channel to which a server itself sends; `null` for none. */
export async function findSystemChannelId(db: Db, id: string): Promise<string | null> {
  const found = await db.select({ id: servers.systemChannelId }).from(servers).where(eq(servers.id, id)).get()
  return found?.id ?? null
}

/** Leaves a server without a system channel if it is this one, which nobody can write to any more. */
export async function forgetSystemChannel(tx: Tx, serverId: string, channelId: string): Promise<void> {
  const isThis = and(eq(servers.id, serverId), eq(servers.systemChannelId, channelId))
  await tx.update(servers).set({ systemChannelId: null }).where(isThis).run()
}

/** The name of a server or a conversation, which may be empty. */
export async function findServerName(db: Db, id: string): Promise<string | undefined> {
  return (await db.select({ name: servers.name }).from(servers).where(eq(servers.id, id)).get())?.name
}

/** The storage key of an image of a server; `null` without one. */
export async function findImageKey(db: Db, id: string, image: ImageName): Promise<string | null> {
  const found = await db.select({ key: keyColumns[image] }).from(servers).where(eq(servers.id, id)).get()
  return found?.key ?? null
}

/** The storage keys among these that are of an image of a server. */
export async function filterImageKeys(db: Db, image: ImageName, keys: string[]): Promise<Set<string | null>> {
  const column = keyColumns[image]
  const rows = await db.select({ key: column }).from(servers).where(inArray(column, keys)).all()
  return new Set(rows.map(({ key }) => key))
}

/** Deletes a server with its channels, and ends the live connections to them. */
export async function deleteServer(changes: ChangeSet, serverId: string): Promise<void> {
  const channelIds = await listChannelIds(changes.tx, serverId)
  await changes.tx.delete(servers).where(eq(servers.id, serverId)).run()
  changes.end({ of: "server", serverId, channelIds })
}
