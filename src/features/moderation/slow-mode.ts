import type { Db, Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { can } from "../permissions/can.ts"
import type { MembershipCache } from "../permissions/membership-cache.ts"
import type { Identity, Standing } from "../permissions/standing.ts"
import { findChannelAccess } from "../permissions/store.ts"
import { type Paced, takeTurn } from "./channel-limits.ts"

/** A channel's slow mode, as it is for one author. */
export interface Pace {
  channelId: string
  userId: string
  seconds: number
}

/** Slow mode in every channel of a server that is locked against a raid, in seconds. */
export const raidSlowModeSeconds = 30

interface SlowChannel {
  slowModeSeconds: number
  /** Until then the server is locked against a raid; `null` or past: it is not. */
  raidLockedUntil: Date | null
}

/** The slow mode that holds in a channel, in seconds: its own, or that of a locked server where it is longer. */
export function slowModeOf({ slowModeSeconds, raidLockedUntil }: SlowChannel, now = new Date()): number {
  const isLocked = raidLockedUntil !== null && raidLockedUntil > now
  return isLocked ? Math.max(slowModeSeconds, raidSlowModeSeconds) : slowModeSeconds
}

interface Source {
  db: Db
  memberships: Pick<MembershipCache, "place">
}

/** The slow mode that an author is subject to in a channel. Queries nothing where there is none. */
export async function findPace(
  { db, memberships }: Source,
  author: Identity,
  channelId: string,
): Promise<Pace | undefined> {
  const place = await memberships.place(channelId)
  const seconds = place ? slowModeOf(place) : 0
  if (seconds === 0 || author.isBot) return undefined

  const access = await findChannelAccess(db, author, channelId)
  return access && !isExempt(access.standing) ? { channelId, userId: author.id, seconds } : undefined
}

/** Moderators do not wait. Source: Discord, "Slow mode". */
export function isExempt(standing: Standing): boolean {
  return (["bypassSlowMode", "manageMessages", "manageChannels"] as const).some((action) =>
    can(standing, action),
  )
}

/** Call it in the commit that writes. The refusal of a member who still has to wait; otherwise starts their next wait. */
export async function denialOfPace(tx: Tx, pace: Pace, what: Paced): Promise<Refusal | undefined> {
  const retryAfterSeconds = await takeTurn(tx, { ...pace, what, now: new Date() })
  if (retryAfterSeconds === 0) return undefined

  const doing = what === "message" ? "write" : "begin a thread"
  return new Refusal(`Slow mode is on: you can ${doing} again in ${inWords(retryAfterSeconds)}`, 429, {
    retryAfterSeconds,
  })
}

/** "45 seconds", "2 minutes", "6 hours": up, so that it is never too early. */
export function inWords(seconds: number): string {
  if (seconds < 120) return counted(seconds, "second")
  if (seconds < 7200) return counted(Math.ceil(seconds / 60), "minute")
  return counted(Math.ceil(seconds / 3600), "hour")
}

const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? "" : "s"}`
