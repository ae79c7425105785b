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
  /** In a conversation of two: which user has blocked the other. `byViewer` when both have. */
  block: PairBlock
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
}

/** Computes a user's standing from the row of the place. */
export function standingOf(
  { id, isBot = false }: Omit<Identity, "isBot"> & { isBot?: boolean },
  { kind, ownerId, isMember }: PlaceRow,
  block: PairBlock = null,
): Standing {
  return { isMember, isOwner: kind === "server" && isMember && ownerId === id, isBot, kind, block }
}
