import { sql } from "drizzle-orm"
import type { Db } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import type { ToldMessage } from "../../web/live/frames.ts"
import type { NotifiedPlace } from "../notification-levels/levels.ts"
import { levelsFor } from "../notification-levels/levels-for.ts"
import { readableHere } from "../permissions/scope.ts"

/** Older ones are no news, as for a page that was not connected for a while. */
const maxAgeMs = 60_000
/** Most messages at a time. A page plays one sound for all of them. */
const maxTold = 10

const viewerId = sql.placeholder("viewerId")

interface ToldRow extends Omit<NotifiedPlace, "isConversation"> {
  isConversation: number
  to: number
}

const statements = prepare((db) => ({
  recent: db
    .select({
      channelId: sql<ToldRow["channelId"]>`c.id`,
      serverId: sql<ToldRow["serverId"]>`c.server_id`,
      rootId: sql<ToldRow["rootId"]>`c.root_id`,
      categoryId: sql<ToldRow["categoryId"]>`coalesce(c.category_id, (
        select root.category_id from channels root where root.id = c.root_id))`,
      isConversation: sql<number>`case when s.kind = 'direct' then 1 else 0 end`.mapWith(Number),
      to: sql<number>`y.ordinal`.mapWith(Number),
    })
    // The newest first, by an index, before anything is joined.
    .from(sql`(
      select i.message_id, i.position from inbox_items i
      where i.user_id = ${viewerId} and i.at >= ${sql.placeholder("since")} and i.done_at is null
        and i.reason <> 'reminder'
      order by i.at desc limit ${sql.raw(String(maxTold))}) as told
      join messages y on y.id = told.message_id join channels c on c.id = y.channel_id
      join servers s on s.id = c.server_id
      left join read_positions r on r.user_id = ${viewerId} and r.channel_id = c.id`)
    .where(
      sql`y.deleted_at is null and told.position > coalesce(r.position, 0) and ${readableHere(viewerId)}`,
    )
    .prepare(),
}))

/**
 * The messages of the last minute that are in a user's inbox and not read, but for those in muted places. Their pages play
 * a sound and show a notification of those that they did not know.
 */
export async function listTold(db: Db, userId: string, now = new Date()): Promise<ToldMessage[]> {
  const rows = await statements(db).recent.all({ viewerId: userId, since: now.getTime() - maxAgeMs })
  if (rows.length === 0) return []

  const levels = await levelsFor(db, userId, now)
  return rows
    .filter((row) => !levels.in({ ...row, isConversation: row.isConversation === 1 }).isMuted)
    .map(({ serverId, channelId, to }) => ({ serverId, channelId, to }))
}
