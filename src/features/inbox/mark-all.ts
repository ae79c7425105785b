import { sql } from "drizzle-orm"
import type { Tx } from "../../db/database.ts"
import { ofMember, readableChannels } from "../permissions/scope.ts"
import { isAnyUnread } from "../read-count.ts"
import { ownBehind } from "../reading/store.ts"
import { undoMinutes } from "./contract.ts"
import { unstoredMentions } from "./items.ts"
import { mentionsSince } from "./store.ts"

// Marking everything as read, so that it can be undone: what it changed has its time, and where it was before. These run
// inside a shared commit.

interface Marking {
  userId: string
  /** `undefined`: all servers and conversations. */
  serverId?: string
  at: Date
}

/** Marks what somebody may read as read, and what is in their inbox as done, but for reminders. */
export async function markAll(tx: Tx, { userId, serverId, at }: Marking): Promise<void> {
  const ms = at.getTime()
  const inPlace = serverId === undefined ? sql`true` : sql`s.id = ${serverId}`
  const position = sql`on conflict (user_id, channel_id) do update set position = excluded.position,
    ordinal = excluded.ordinal, counted_as_read = 0, marked_at = excluded.marked_at, previous_position = excluded.previous_position,
    previous_ordinal = excluded.previous_ordinal`
  const into = sql`insert into read_positions
    (user_id, channel_id, position, ordinal, marked_at, previous_position, previous_ordinal)`
  const read = sql`left join read_positions r on r.channel_id = c.id and r.user_id = ${userId}`
  const columns = sql`${userId}, c.id, c.seq, c.message_count, cast(${ms} as bigint), coalesce(r.position, 0), coalesce(r.ordinal, 0)`
  await tx.run(sql`${into} select ${columns} from ${readableChannels} ${read}
    where ${ofMember(sql`${userId}`)} and ${inPlace} and ${isAnyUnread} ${position}`)
  await tx.run(sql`${into} select ${columns}
    from thread_follows t join channels c on c.id = t.channel_id join servers s on s.id = c.server_id ${read}
    where t.user_id = ${userId} and t.is_followed = 1 and ${inPlace} and ${isAnyUnread} ${position}`)
  await tx.run(sql`
    update inbox_items set done_at = ${ms}
    where user_id = ${userId} and done_at is null and reason <> 'reminder' and exists (
      select 1 from channels c join servers s on s.id = c.server_id
      where c.id = inbox_items.channel_id and ${inPlace})`)
  await markMentions(tx, { userId, at }, inPlace)
}

/** Mentions of everyone and of roles get their rows. */
async function markMentions(tx: Tx, { userId, at }: Marking, inPlace: ReturnType<typeof sql>): Promise<void> {
  const mentions = unstoredMentions({
    viewer: sql`${userId}`,
    since: sql`${mentionsSince()}`,
    where: inPlace,
  })
  await tx.run(sql`
    insert into inbox_items (user_id, message_id, channel_id, position, reason, at, done_at)
    select ${userId}, message_id, channel_id, position, reason, sent_at, cast(${at.getTime()} as bigint)
    from (${mentions}) as mentioned
    where true on conflict (user_id, message_id, reason) do nothing`)
}

/** Puts everything back that was marked at a time; `false` when there is nothing to put back. */
export async function unmarkAll(tx: Tx, userId: string, at: Date, now: Date): Promise<boolean> {
  const ms = at.getTime()
  if (now.getTime() - ms > undoMinutes * 60_000) return false

  const [channelId, position] = [sql`read_positions.channel_id`, sql`read_positions.previous_position`]
  const own = ownBehind({ userId, channelId, position, skipped: 0 })
  const positions = await tx.all(sql`
    update read_positions set position = previous_position, ordinal = previous_ordinal,
      counted_as_read = previous_ordinal + ${own}, marked_at = null
    where user_id = ${userId} and marked_at = ${ms} returning channel_id`)
  const items = await tx.all(sql`
    update inbox_items set done_at = null
    where user_id = ${userId} and done_at = ${ms} returning message_id`)
  return positions.length + items.length > 0
}
