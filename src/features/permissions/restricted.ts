import { sql } from "drizzle-orm"
import type { Db } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { prepare } from "../../db/prepare.ts"
import { bitOf, type Permission, permissionsOf } from "./bits.ts"
import { isAllowed, permitsInServer, viewings } from "./scope.ts"

// Channels are restricted when it cannot be said that every member of their server may view them: someone is denied it, or
// not everyone has it. Statements about all channels of a server work on their forms.

const viewBit = sql.raw(String(bitOf.viewChannel))
const viewBits = sql.raw(String(permissionsOf("viewChannel", "administrator")))

/** The overwrites of a channel `c` on one permission: `+` allows it, `-` denies it. */
export function overwriteForm(name: Permission) {
  const bit = sql.raw(String(bitOf[name]))
  return sql<string>`coalesce((
    select string_agg(o.target_id || case when (o.allow & ${bit}) <> 0 then '+' else '-' end, ' ' order by o.target_id)
    from channel_overwrites o where o.channel_id = c.id and ((o.allow | o.deny) & ${bit}) <> 0), '')`
}

/** The form of a channel `c`. Channels of a server with the same form have the same viewers. */
export const viewForm = overwriteForm("viewChannel")

/** Condition on a channel `c` of a server, see above. */
export const isRestricted = sql`(
  exists (select 1 from channel_overwrites o where o.channel_id = c.id and (o.deny & ${viewBit}) <> 0)
  or not exists (select 1 from roles r where r.id = c.server_id and (r.permissions & ${viewBits}) <> 0)
  and not exists (select 1 from channel_overwrites o
    where o.channel_id = c.id and o.kind = 'everyone' and (o.allow & ${viewBit}) <> 0))`

const id = sql.placeholder("id")
const chosen = (db: Db, name: string) => textsIn(db, sql.placeholder(name))

const statements = prepare((db) => ({
  isRestricted: db
    .select({
      is: sql<boolean>`case when s.kind = 'server' and ${isRestricted} then 1 else 0 end`.mapWith(Boolean),
    })
    .from(sql`channels c join servers s on s.id = c.server_id`)
    .where(sql`c.id = ${id}`)
    .prepare(),
  ofServer: db
    .select({ channelId: sql<string>`c.id`, form: viewForm })
    .from(sql`channels c`)
    .where(sql`c.server_id = ${id} and c.parent_id is null and ${isRestricted}`)
    .prepare(),
  moderators: db
    .select({ userId: sql<string>`m.user_id` })
    .from(sql`server_members m`)
    .where(
      sql`m.server_id = ${id} and m.user_id in ${chosen(db, "userIds")} and ${permitsInServer("manageMessages")}`,
    )
    .prepare(),
  viewers: db
    .select({ userId: sql<string>`m.user_id` })
    .from(viewings("viewChannel", sql`(${id})`, (userId) => sql`${userId} in ${chosen(db, "userIds")}`))
    .where(isAllowed)
    .prepare(),
}))

/** Those of some users who moderate a server. */
export async function listModerators(db: Db, serverId: string, userIds: string[]): Promise<Set<string>> {
  const rows = await statements(db).moderators.all({ id: serverId, userIds: JSON.stringify(userIds) })
  return new Set(rows.map(({ userId }) => userId))
}

/** Is it possible that members of its server may not view the channel? `false` for conversations. */
export async function isRestrictedChannel(db: Db, channelId: string): Promise<boolean> {
  return (await statements(db).isRestricted.get({ id: channelId }))?.is ?? true
}

/** The restricted channels of a server, with their forms. */
export async function listRestrictedChannels(db: Db, serverId: string) {
  return statements(db).ofServer.all({ id: serverId })
}

/** Those of some users who may view a channel, which is not a thread. */
export async function listViewers(db: Db, channelId: string, userIds: string[]): Promise<Set<string>> {
  const rows = await statements(db).viewers.all({ id: channelId, userIds: JSON.stringify(userIds) })
  return new Set(rows.map(({ userId }) => userId))
}
