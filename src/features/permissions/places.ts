import { eq, sql } from "drizzle-orm"
import { categories, serverMembers, servers } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { rowsAsJson } from "../../db/dialect.ts"
import { prepare } from "../../db/prepare.ts"
import { Refusal } from "../../kernel/index.ts"
import { assertCan, type PlaceAction } from "./can.ts"
import { joinedServers, ofMember, permits, permitsInCategory } from "./scope.ts"
import { type Identity, type Standing, standingOf } from "./standing.ts"
import { ofViewer, standingColumns } from "./store.ts"
import { noSuchCategory } from "./wording.ts"

const viewerId = sql.placeholder("viewerId")
const id = sql.placeholder("id")

/** The standing of a member in a part of a server: all its channels, or all its categories. */
const memberOf = sql`${ofMember(viewerId)} and m.server_id = ${id}`
const flag = (condition: ReturnType<typeof permits>) => sql<boolean>`${condition}`.mapWith(Boolean)

const statements = prepare((db) => ({
  category: db
    .select({
      category: {
        id: categories.id,
        serverId: categories.serverId,
        name: categories.name,
        position: categories.position,
        createdAt: categories.createdAt,
      },
      place: {
        ...standingColumns(db),
        overwrites: rowsAsJson(
          db,
          { kind: sql`kind`, allow: sql`allow`, deny: sql`deny` },
          sql`select o.kind, o.allow, o.deny from category_overwrites o
            where o.category_id = ${categories.id}
            and (o.kind = 'everyone' or o.target_id = ${viewerId} or exists (
              select 1 from member_roles mr
              where mr.server_id = ${categories.serverId} and mr.user_id = ${viewerId} and mr.role_id = o.target_id))`,
        ),
      },
    })
    .from(categories)
    .innerJoin(servers, eq(servers.id, categories.serverId))
    .leftJoin(serverMembers, ofViewer)
    .where(eq(categories.id, id))
    .prepare(),
  channels: db
    .select({
      id: sql<string>`c.id`,
      name: sql<string>`c.name`,
      categoryId: sql<string | null>`c.category_id`,
      position: sql<number>`c.position`,
      isSynced: sql<boolean>`c.is_synced`.mapWith(Boolean),
      mayView: flag(permits("viewChannel", sql`c.id`)),
      mayManage: flag(permits("manageChannels", sql`c.id`)),
    })
    .from(
      sql`${joinedServers} join channels c
        on c.server_id = m.server_id and c.parent_id is null and c.archived_at is null`,
    )
    .where(memberOf)
    .prepare(),
  categories: db
    .select({
      id: sql<string>`g.id`,
      name: sql<string>`g.name`,
      position: sql<number>`g.position`,
      mayView: flag(permitsInCategory("viewChannel", sql`g.id`)),
      mayManage: flag(permitsInCategory("manageChannels", sql`g.id`)),
    })
    .from(sql`${joinedServers} join categories g on g.server_id = m.server_id`)
    .where(memberOf)
    .prepare(),
}))

export interface CategoryAccess {
  category: { id: string; serverId: string; name: string; position: number; createdAt: Date }
  standing: Standing
}

/** A category of a server that the viewer is a member of. Fails: 404 (no such category), 403 (not a member). */
export async function requireCategoryOfMember(
  source: { db: Db },
  viewer: Identity,
  categoryId: string,
): Promise<CategoryAccess> {
  const access = await findCategory(source.db, viewer, categoryId)
  // Its overwrites do not matter: members see categories because of a channel that they may view.
  assertCan({ ...access.standing, isChannel: false }, "read")
  return access
}

/** Finds a category with the viewer's standing in it. Fails: 404 (no such category), 403. */
export async function requireCategory(
  { db }: { db: Db },
  viewer: Identity,
  categoryId: string,
  action: PlaceAction,
): Promise<CategoryAccess> {
  const access = await findCategory(db, viewer, categoryId)
  assertCan(access.standing, action)
  return access
}

async function findCategory(db: Db, viewer: Identity, id: string): Promise<CategoryAccess> {
  const row = await statements(db).category.get({ viewerId: viewer.id, id })
  if (row?.place.kind !== "server") throw new Refusal(noSuchCategory, 404)

  return { category: row.category, standing: standingOf(viewer, row.place) }
}

/** What a member may do with each listed channel of a server; also those that they may not view. */
export async function listChannelRights(db: Db, serverId: string, userId: string) {
  return statements(db).channels.all({ viewerId: userId, id: serverId })
}

/** What a member may do with each category of a server. */
export async function listCategoryRights(db: Db, serverId: string, userId: string) {
  return statements(db).categories.all({ viewerId: userId, id: serverId })
}
