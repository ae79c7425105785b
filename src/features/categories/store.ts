import { and, count, eq, inArray, isNull, type SQL, sql } from "drizzle-orm"
import { categories, channels, collapsedCategories } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { lastPosition } from "../channels/store.ts"
import { joinedServers, ofMember, permits, permitsInCategory } from "../permissions/scope.ts"
import type { Category, SeenCategory } from "./contract.ts"

const viewerId = sql.placeholder("viewerId")

/** Condition: the member `m` sees the category `g`, because of a channel in it or because they may manage it. */
export const seenCategory = sql`(${permitsInCategory("manageChannels", sql`g.id`)} or exists (
  select 1 from channels x where x.category_id = g.id and x.archived_at is null and ${permits("viewChannel", sql`x.id`)}))`

/** The viewer `m` has collapsed the category `g`. */
export const isCollapsed = sql<boolean>`exists (
  select 1 from collapsed_categories k where k.user_id = m.user_id and k.category_id = g.id)`.mapWith(Boolean)

const statements = prepare((db) => ({
  seen: db
    .select({
      id: sql<string>`g.id`,
      serverId: sql<string>`g.server_id`,
      name: sql<string>`g.name`,
      position: sql<number>`g.position`,
      createdAt: sql<Date>`g.created_at`.mapWith((at: number) => new Date(at)),
      isCollapsed,
    })
    .from(sql`${joinedServers} join categories g on g.server_id = m.server_id and ${seenCategory}`)
    .where(sql`${ofMember(viewerId)} and m.server_id = ${sql.placeholder("serverId")}`)
    .orderBy(sql`g.position, g.created_at, g.id`)
    .prepare(),
}))

/** A server's categories that a member sees, in their order. */
export async function listCategories(db: Db, serverId: string, viewerId: string): Promise<SeenCategory[]> {
  return statements(db).seen.all({ serverId, viewerId })
}

export async function countCategories(db: Db, serverId: string): Promise<number> {
  const row = await db
    .select({ count: count() })
    .from(categories)
    .where(eq(categories.serverId, serverId))
    .get()
  return row?.count ?? 0
}

/** Stores a category below the others of its server. */
export async function insertCategory(tx: Tx, category: Omit<Category, "position">): Promise<Category> {
  const position = sql<number>`(
    select coalesce(max(p.position), 0) from categories p where p.server_id = ${category.serverId})`
  return tx
    .insert(categories)
    .values({ ...category, position })
    .returning()
    .get()
}

export async function updateCategoryName(tx: Tx, id: string, name: string): Promise<void> {
  await tx.update(categories).set({ name }).where(eq(categories.id, id)).run()
}

/** Deletes a category. Its channels come after those without one, in their order. */
export async function deleteCategory(tx: Tx, { id, serverId }: Category): Promise<void> {
  const last = await tx
    .select({ position: lastPosition(serverId, null) })
    .from(categories)
    .where(eq(categories.id, id))
    .get()
  await tx
    .update(channels)
    .set({
      categoryId: null,
      isSynced: false,
      position: sql`${channels.position} + ${(last?.position ?? 0) + 1}`,
    })
    .where(eq(channels.categoryId, id))
    .run()
  await tx.delete(categories).where(eq(categories.id, id)).run()
}

export async function insertCollapsed(tx: Tx, userId: string, categoryId: string): Promise<void> {
  await tx.insert(collapsedCategories).values({ userId, categoryId }).onConflictDoNothing().run()
}

export async function deleteCollapsed(tx: Tx, userId: string, categoryId: string): Promise<void> {
  await tx
    .delete(collapsedCategories)
    .where(and(eq(collapsedCategories.userId, userId), eq(collapsedCategories.categoryId, categoryId)))
    .run()
}

/** A new place of a channel. */
export interface ChannelMove {
  id: string
  position: number
  categoryId: string | null
  isSynced: boolean
}

/** Writes the positions of categories, in one statement. */
export async function updateCategoryPositions(
  tx: Tx,
  moves: { id: string; position: number }[],
): Promise<void> {
  if (moves.length === 0) return

  const position = byId(moves, ({ position }) => sql`cast(${position} as integer)`, sql`${categories.id}`)
  await tx
    .update(categories)
    .set({ position })
    .where(inArray(categories.id, idsOf(moves)))
    .run()
}

/** Writes the places of channels, in one statement. */
export async function updateChannelPlaces(tx: Tx, moves: ChannelMove[]): Promise<void> {
  if (moves.length === 0) return

  const id = sql`${channels.id}`
  await tx
    .update(channels)
    .set({
      position: byId(moves, ({ position }) => sql`cast(${position} as integer)`, id),
      categoryId: byId(moves, ({ categoryId }) => sql`cast(${categoryId} as text)`, id),
    })
    .where(inArray(channels.id, idsOf(moves)))
    .run()
  const unsynced = moves.filter(({ isSynced }) => !isSynced)
  if (unsynced.length === 0) return

  await tx
    .update(channels)
    .set({ isSynced: false })
    .where(and(inArray(channels.id, idsOf(unsynced)), isNull(channels.parentId)))
    .run()
}

function byId<Row extends { id: string }>(rows: Row[], value: (row: Row) => SQL, id: SQL): SQL {
  const cases = rows.map((row) => sql`when ${row.id} then ${value(row)}`)
  return sql`case ${id} ${sql.join(cases, sql` `)} end`
}

const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)
