import { and, eq, isNull } from "drizzle-orm"
import { channels, slowModeTimes } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"

/** What is written in a channel with slow mode. */
export type Paced = "message" | "thread"

/** The slow mode of a channel, and since when it is locked. */
export async function findChannelLimits(db: Db, channelId: string) {
  return db
    .select({ seconds: channels.slowModeSeconds, lockedAt: channels.lockedAt })
    .from(channels)
    .where(eq(channels.id, channelId))
    .get()
}

/** The limits of all channels of a server that have any, by channel. */
export async function listChannelLimits(
  db: Db,
  serverId: string,
): Promise<Map<string, { seconds: number; lockedAt: Date | null }>> {
  const rows = await db
    .select({ id: channels.id, seconds: channels.slowModeSeconds, lockedAt: channels.lockedAt })
    .from(channels)
    .where(and(eq(channels.serverId, serverId), isNull(channels.parentId)))
    .all()
  return new Map(rows.map(({ id, ...limits }) => [id, limits]))
}

export async function updateSlowMode(tx: Tx, channelId: string, slowModeSeconds: number): Promise<void> {
  await tx.update(channels).set({ slowModeSeconds }).where(eq(channels.id, channelId)).run()
}

export async function updateLock(tx: Tx, channelId: string, lockedAt: Date | null): Promise<void> {
  await tx.update(channels).set({ lockedAt }).where(eq(channels.id, channelId)).run()
}

interface Pace {
  channelId: string
  userId: string
  seconds: number
  what: Paced
  now: Date
}

/**
 * Notes that someone writes in a channel with slow mode, and returns 0; or returns how many seconds they still have to
 * wait. Call it in the commit that writes.
 */
export async function takeTurn(tx: Tx, { channelId, userId, seconds, what, now }: Pace): Promise<number> {
  const row = await tx
    .select({ message: slowModeTimes.messageAt, thread: slowModeTimes.threadAt })
    .from(slowModeTimes)
    .where(and(eq(slowModeTimes.channelId, channelId), eq(slowModeTimes.userId, userId)))
    .get()
  const last = row?.[what]
  const waitMs = last ? last.getTime() + seconds * 1000 - now.getTime() : 0
  if (waitMs > 0) return Math.ceil(waitMs / 1000)

  const time = what === "message" ? { messageAt: now } : { threadAt: now }
  await tx
    .insert(slowModeTimes)
    .values({ channelId, userId, ...time })
    .onConflictDoUpdate({ target: [slowModeTimes.channelId, slowModeTimes.userId], set: time })
    .run()
  return 0
}
