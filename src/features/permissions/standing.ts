import { allPermissions, conversationPermissions, includes, noPermissions, type Permissions } from "./bits.ts"
import { type Overwrite, permissionsIn, permissionsInServer } from "./compute.ts"
import { type Hold, parseHold } from "./hold.ts"

/** The part of a user that permissions depend on. */
export interface Identity {
  id: string
  isBot?: true
}

/** A viewer's relation to a place: a server, a conversation, or a channel of one of them. Decides permissions. */
export interface Standing {
  isMember: boolean
  /** Owns the server. A conversation has no owner. */
  isOwner: boolean
  isBot: boolean
  kind: PlaceKind
  /** What the viewer may do in this place; for a channel, with its overwrites. */
  permissions: Permissions
  /** The position of the viewer's highest role; `Infinity` for the owner. They act only on members and roles below. */
  rank: number
  /** The place is a channel, or a whole server or conversation. */
  isChannel: boolean
  isThread: boolean
  /** Only reads, until a time. */
  isTimedOut: boolean
  timedOutUntil?: Date
  /** The channel is locked: only moderators write. */
  isLocked: boolean
  /** The channel is archived: nobody writes. */
  isArchived: boolean
  /** In a conversation of two: which user has blocked the other. `byViewer` when both have. */
  block: PairBlock
  /** Why the member may not write yet: the server's rules, or its level of verification. */
  hold?: Hold | null
}

/** A viewer's relation to an object that has an author: a message, an invite. */
export interface AuthoredStanding extends Standing {
  isAuthor: boolean
}

/** A conversation is stored as a server of the kind `direct`. */
export type PlaceKind = "server" | "direct"

export type PairBlock = "byViewer" | "byOther" | null

/** The columns of a place that the standing depends on; `standingColumns` in `store.ts` selects them. */
export interface PlaceRow {
  kind: PlaceKind
  ownerId: string
  isMember: boolean
  /** What the member may do in the server; `null` for outsiders. */
  base: number | null
  /** The position of their highest role. */
  rank: number
  timedOutUntil: Date | null
  /** What the server asks of a new member, as JSON, see `parseHold`. */
  hold?: string | null
  /** For a channel: the overwrites that concern the viewer, as JSON. */
  overwrites?: string
  isThread?: boolean
  lockedAt?: Date | null
  archivedAt?: Date | null
}

/** Computes a user's standing from the row of the place. */
export function standingOf(
  { id, isBot = false }: Omit<Identity, "isBot"> & { isBot?: boolean },
  place: PlaceRow,
  block: PairBlock = null,
): Standing {
  const { kind, ownerId, isMember, isThread = false, lockedAt, archivedAt } = place
  const isOwner = kind === "server" && isMember && ownerId === id
  const isExempt = isOwner || includes(BigInt(place.base ?? 0), "administrator")
  const isTimedOut = !isExempt && place.timedOutUntil !== null && place.timedOutUntil > new Date()
  // Who manages the server wrote the rules, and bots do not read them.
  const isHeld = isMember && !isBot && !includes(BigInt(place.base ?? 0), "manageServer")
  return {
    isMember,
    isOwner,
    isBot,
    kind,
    permissions: permissionsFrom(place, isOwner, isTimedOut),
    rank: isOwner ? Number.POSITIVE_INFINITY : place.rank,
    isChannel: place.overwrites !== undefined,
    isThread,
    isTimedOut,
    timedOutUntil: isTimedOut ? (place.timedOutUntil ?? undefined) : undefined,
    isLocked: Boolean(lockedAt),
    isArchived: Boolean(archivedAt),
    block,
    hold: isHeld ? parseHold(place.hold) : null,
  }
}

/** The standing of someone who is not a member. */
export function outsider(user: Identity): Standing {
  return standingOf(user, {
    kind: "server",
    ownerId: "",
    isMember: false,
    base: null,
    rank: 0,
    timedOutUntil: null,
  })
}

function permissionsFrom(place: PlaceRow, isOwner: boolean, isTimedOut: boolean): Permissions {
  const { isMember, kind, base, overwrites, isThread = false } = place
  if (!isMember || base === null) return noPermissions
  if (isOwner) return allPermissions
  if (kind === "direct") return conversationPermissions
  if (overwrites === undefined) return permissionsInServer(BigInt(base), isTimedOut)

  return permissionsIn(BigInt(base), { overwrites: parseOverwrites(overwrites), isThread, isTimedOut })
}

function parseOverwrites(json: string): Overwrite[] {
  return json === "[]" ? [] : JSON.parse(json)
}
