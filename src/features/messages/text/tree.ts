import type { TimeStyle } from "../../../web/clock.ts"

/** A part of a line: text, or a node of the syntax tree. */
export type Inline =
  | string
  | { kind: "strong" | "emphasis" | "underline" | "strike" | "spoiler"; children: Inline[] }
  | { kind: "code"; text: string }
  /** A code block. */
  | { kind: "fence"; text: string; language?: string }
  | { kind: "link"; href: string; title?: string; children: Inline[] }
  | { kind: "mention"; userId: string; text: string }
  | { kind: "role"; roleId: string; text: string }
  | { kind: "channel"; channelId: string; text: string }
  /** `text` is the time in UTC. */
  | { kind: "time"; at: Date; style: TimeStyle; text: string }

export type Block =
  | { kind: "text" | "subtext"; children: Inline[] }
  | { kind: "heading"; level: number; children: Inline[] }
  | { kind: "quote"; children: Block[] }
  | List

export interface List {
  kind: "list"
  /** The first item's number; `undefined` for a list without numbers. */
  start?: number
  /** Its items begin with `+`, which is shown: it means something in sums and in lists of pros and cons. */
  isPlus: boolean
  items: Item[]
}

export interface Item {
  children: Inline[]
  lists: List[]
}

/** The people, roles and channels that a text may mention, as resolved when it was sent. */
export interface Names {
  /** Ids of people by name, in lower case. */
  people: ReadonlyMap<string, string>
  /** Longest names first: "#general chat" means that channel, not "#general". */
  channels: readonly LongName[]
  /** Longest names first, too. */
  roles: readonly LongName[]
}

/** A name that may contain spaces, and in lower case. */
export interface LongName {
  id: string
  name: string
  lower: string
}

export const noNames: Names = { people: new Map(), channels: [], roles: [] }
