/** Who asks, as far as permissions look at them. */
export interface Identity {
  id: string
  isBot?: true
}

/** What a viewer is to a place: a server, a conversation, or a channel of one of them. */
export interface Standing {
  isMember: boolean
  /** Owns the server. A conversation has no owner. */
  isOwner: boolean
  isBot: boolean
  kind: PlaceKind
  /** In a conversation of two: who of them has blocked the other. `byViewer` when both have. */
  block: PairBlock
}

/** What a viewer is to a thing that somebody made in a place: a message, an invite. */
export interface AuthoredStanding extends Standing {
  isAuthor: boolean
}

/** A conversation is stored as a server of the kind `direct`. */
export type PlaceKind = "server" | "direct"

export type PairBlock = "byViewer" | "byOther" | null

/** The columns of a place that decide, as `standingColumns` in `store.ts` selects them. */
export interface PlaceRow {
  kind: PlaceKind
  ownerId: string
  isMember: boolean
}

/** What somebody is to a place, from its row. */
export function standingOf(
  { id, isBot = false }: Omit<Identity, "isBot"> & { isBot?: boolean },
  { kind, ownerId, isMember }: PlaceRow,
  block: PairBlock = null,
): Standing {
  return { isMember, isOwner: kind === "server" && isMember && ownerId === id, isBot, kind, block }
}
