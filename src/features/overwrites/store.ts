import { and, asc, eq, sql } from "drizzle-orm"
import { categories, categoryOverwrites, channelOverwrites, channels } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { copyOverwrites } from "../channels/overwrites.ts"
import type { PermissionOverwrite } from "./contract.ts"

/** What has overwrites. */
export interface Place {
  kind: "channel" | "category"
  id: string
}

/** An overwrite with the name of the role or member. */
export interface NamedOverwrite extends PermissionOverwrite {
  name: string | null
}

const text = (column: unknown) => sql<string>`${column}`.mapWith(String)
const type = (kind: unknown) =>
  sql<0 | 1>`case ${kind} when 'member' then 1 else 0 end`.mapWith((value) => Number(value) as 0 | 1)

const ofChannel = {
  id: channelOverwrites.targetId,
  type: type(channelOverwrites.kind),
  allow: text(channelOverwrites.allow),
  deny: text(channelOverwrites.deny),
}
const ofCategory = {
  id: categoryOverwrites.targetId,
  type: type(categoryOverwrites.kind),
  allow: text(categoryOverwrites.allow),
  deny: text(categoryOverwrites.deny),
}
const placeId = sql.placeholder("placeId")

const statements = prepare((db) => ({
  channel: db
    .select(ofChannel)
    .from(channelOverwrites)
    .where(eq(channelOverwrites.channelId, placeId))
    .orderBy(asc(channelOverwrites.targetId))
    .prepare(),
  category: db
    .select(ofCategory)
    .from(categoryOverwrites)
    .where(eq(categoryOverwrites.categoryId, placeId))
    .orderBy(asc(categoryOverwrites.targetId))
    .prepare(),
  sync: db
    .select({ categoryId: channels.categoryId, isSynced: channels.isSynced, categoryName: categories.name })
    .from(channels)
    .leftJoin(categories, eq(categories.id, channels.categoryId))
    .where(eq(channels.id, placeId))
    .prepare(),
  synced: db
    .select({ id: channels.id })
    .from(channels)
    .where(and(eq(channels.categoryId, placeId), eq(channels.isSynced, true)))
    .prepare(),
}))

/** The overwrites of a place with the names of those whom they concern; `null` for someone who left. */
export async function listNamedOverwrites(db: Db, { kind, id }: Place): Promise<NamedOverwrite[]> {
  const [table, column] = kind === "channel" ? ["channel", "channel_id"] : ["category", "category_id"]
  return db
    .select({
      id: sql<string>`o.target_id`,
      type: type(sql`o.kind`),
      allow: text(sql`o.allow`),
      deny: text(sql`o.deny`),
      name: sql<string | null>`coalesce(r.name, u.username)`,
    })
    .from(
      sql`${sql.raw(`${table}_overwrites`)} o left join roles r on r.id = o.target_id left join users u on u.id = o.target_id`,
    )
    .where(sql`o.${sql.raw(column ?? "")} = ${id}`)
    .orderBy(sql`coalesce(r.position, -1) desc, u.username`)
    .all()
}

export async function listOverwrites(db: Db, { kind, id }: Place): Promise<PermissionOverwrite[]> {
  return statements(db)[kind].all({ placeId: id })
}

/** A channel's category, and whether it has its overwrites. */
export async function findSync(db: Db, channelId: string) {
  return statements(db).sync.get({ placeId: channelId })
}

/** The channels whose overwrites change with those of the place: itself, or the synced ones of the category. */
export async function listAffected(db: Db, { kind, id }: Place): Promise<string[]> {
  if (kind === "channel") return [id]
  return (await statements(db).synced.all({ placeId: id })).map((channel) => channel.id)
}

interface Stored {
  targetId: string
  kind: "everyone" | "role" | "member"
  allow: number
  deny: number
}

/** Sets an overwrite, for a category also on its synced channels. A channel is no longer synced. */
export async function putOverwrite(tx: Tx, place: Place, stored: Stored): Promise<void> {
  const { targetId, kind, allow, deny } = stored
  if (place.kind === "channel") {
    await tx
      .insert(channelOverwrites)
      .values({ channelId: place.id, ...stored })
      .onConflictDoUpdate({
        target: [channelOverwrites.channelId, channelOverwrites.targetId],
        set: { kind, allow, deny },
      })
      .run()
    await tx.update(channels).set({ isSynced: false }).where(eq(channels.id, place.id)).run()
    return
  }
  await tx
    .insert(categoryOverwrites)
    .values({ categoryId: place.id, ...stored })
    .onConflictDoUpdate({
      target: [categoryOverwrites.categoryId, categoryOverwrites.targetId],
      set: { kind, allow, deny },
    })
    .run()
  await tx.run(sql`
    insert into channel_overwrites (channel_id, target_id, kind, allow, deny)
    select c.id, o.target_id, o.kind, o.allow, o.deny from category_overwrites o
    join channels c on c.category_id = o.category_id and c.is_synced = 1
    where o.category_id = ${place.id} and o.target_id = ${targetId}
    on conflict (channel_id, target_id) do update set
      kind = excluded.kind, allow = excluded.allow, deny = excluded.deny`)
}

/** Removes an overwrite, in the same way. */
export async function deleteOverwrite(tx: Tx, place: Place, targetId: string): Promise<void> {
  if (place.kind === "channel") {
    await tx
      .delete(channelOverwrites)
      .where(and(eq(channelOverwrites.channelId, place.id), eq(channelOverwrites.targetId, targetId)))
      .run()
    await tx.update(channels).set({ isSynced: false }).where(eq(channels.id, place.id)).run()
    return
  }
  await tx.run(sql`
    delete from channel_overwrites where target_id = ${targetId}
    and channel_id in (select id from channels where category_id = ${place.id} and is_synced = 1)`)
  await tx
    .delete(categoryOverwrites)
    .where(and(eq(categoryOverwrites.categoryId, place.id), eq(categoryOverwrites.targetId, targetId)))
    .run()
}

/** Gives a channel the overwrites of its category in place of its own, now and from now on. */
export async function syncChannel(tx: Tx, channelId: string, categoryId: string): Promise<void> {
  await copyOverwrites(tx, categoryId, [channelId])
  await tx.update(channels).set({ isSynced: true }).where(eq(channels.id, channelId)).run()
}
