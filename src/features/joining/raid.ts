import { recordAct } from "../audit-log/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { announceInSystemChannel } from "./announce.ts"
import { type JoinSettings, raidLockMinutes } from "./contract.ts"
import { countJoins, updateJoinSettings } from "./store.ts"

const minuteMs = 60_000

/** The actor of locks that a server makes itself, in the audit log. */
const raidLock = { id: "raid-lock", username: "Raid lock" }

/** Is the server locked against a raid? */
export function isRaidLocked(
  { raidLockedUntil }: Pick<JoinSettings, "raidLockedUntil">,
  now = new Date(),
): boolean {
  return raidLockedUntil !== null && raidLockedUntil > now
}

interface Lock {
  serverId: string
  minutes: number
  /** Who locks it. Default: the server itself. */
  actor?: { id: string; username: string }
  reason?: string
}

/** Locks a server, or changes for how long it is. */
export async function lockServer(
  changes: ChangeSet,
  { serverId, minutes, actor = raidLock, reason }: Lock,
): Promise<Date> {
  const until = new Date(Date.now() + minutes * minuteMs)
  await updateJoinSettings(changes.tx, serverId, { raidLockedUntil: until })
  const change = { raidLockedUntil: { after: until.toISOString() } }
  await recordAct(changes.tx, { serverId, actor, action: "server.raid", changes: change, reason })
  const who = actor === raidLock ? "Many people joined at once" : `${actor.username} locked the server`
  await announceInSystemChannel(changes, serverId, {
    content: `**Raid lock.** ${who}: invites do not work, and slow mode is on everywhere, until <t:${Math.floor(until.getTime() / 1000)}:f>.`,
  })
  return until
}

export async function unlockServer(
  changes: ChangeSet,
  serverId: string,
  actor: { id: string; username: string },
): Promise<void> {
  await updateJoinSettings(changes.tx, serverId, { raidLockedUntil: null })
  await recordAct(changes.tx, { serverId, actor, action: "server.raidEnd" })
  await announceInSystemChannel(changes, serverId, { content: `${actor.username} ended the raid lock.` })
}

/** Locks a server that too many people joined within a minute. Call it in the commit of a join, after it. */
export async function lockAgainstRaid(changes: ChangeSet, settings: JoinSettings): Promise<void> {
  const { serverId, raidJoinsPerMinute } = settings
  if (raidJoinsPerMinute === 0 || isRaidLocked(settings)) return

  const joins = await countJoins(changes.tx, serverId, new Date(Date.now() - minuteMs))
  if (joins >= raidJoinsPerMinute) await lockServer(changes, { serverId, minutes: raidLockMinutes })
}
