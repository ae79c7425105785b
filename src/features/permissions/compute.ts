import {
  allPermissions,
  bitOf,
  includes,
  noPermissions,
  type Permissions,
  permissionsOf,
  timedOutPermissions,
} from "./bits.ts"

/** What a channel allows and denies to everyone, to a role, or to one member. */
export interface Overwrite {
  kind: OverwriteKind
  allow: number
  deny: number
}

/** In the order in which they apply: later ones win. */
const overwriteKinds = ["everyone", "role", "member"] as const
export type OverwriteKind = (typeof overwriteKinds)[number]

/** What a member without `sendMessages` cannot do either. */
export const deniedWithoutSending = permissionsOf("mentionEveryone", "attachFiles", "embedLinks", "sendPolls")

interface Place {
  /** The overwrites that concern the member: everyone's, those of the member's roles, and the member's. */
  overwrites: readonly Overwrite[]
  isThread: boolean
  isTimedOut: boolean
}

/**
 * What a member may do in a channel. `base`: what they may do in the server. Source: Discord, "Permission Overwrites" and
 * "Implicit Permissions". `permits` in `scope.ts` is the same rule for statements.
 */
export function permissionsIn(base: Permissions, { overwrites, isThread, isTimedOut }: Place): Permissions {
  if (includes(base, "administrator")) return allPermissions

  const written = overwrites.length === 0 ? base : withOverwrites(base, overwrites)
  const allowed = isTimedOut ? written & timedOutPermissions : written
  if (!includes(allowed, "viewChannel")) return noPermissions

  const maySend = includes(allowed, isThread ? "sendInThreads" : "sendMessages")
  return maySend ? allowed : allowed & ~deniedWithoutSending
}

/** What a member may do in the whole server. Here `viewChannel` hides nothing: a channel may allow what the server denies. */
export function permissionsInServer(base: Permissions, isTimedOut: boolean): Permissions {
  if (includes(base, "administrator")) return allPermissions

  return isTimedOut ? base & timedOutPermissions : base
}

function withOverwrites(base: Permissions, overwrites: readonly Overwrite[]): Permissions {
  return overwriteKinds.reduce((permissions, kind) => {
    const ofKind = overwrites.filter((overwrite) => overwrite.kind === kind)
    return (permissions & ~union(ofKind, "deny")) | union(ofKind, "allow")
  }, base)
}

function union(overwrites: readonly Overwrite[], side: "allow" | "deny"): Permissions {
  // An overwrite never makes someone an administrator: that is a permission of the whole server.
  return overwrites.reduce((bits, overwrite) => bits | BigInt(overwrite[side]), 0n) & ~bitOf.administrator
}
