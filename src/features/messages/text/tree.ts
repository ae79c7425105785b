import type { TimeStyle } from "../../../web/clock.ts"

/** What a message says, as a tree: what it is printed from, as HTML or as plain text. */

export type Inline =
  | string
  | { kind: "strong" | "emphasis" | "underline" | "strike" | "spoiler"; children: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "fence"; text: string; language?: string }
  | { kind: "link"; href: string; children: Inline[] }
  | { kind: "mention"; userId: string; text: string }
  | { kind: "channel"; channelId: string; text: string }
  /** `text`: as a clock in UTC writes it. */
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
  /** Its items begin with a plus, which they keep: in a sum, and in what is for or against something, it says something. */
  isPlus: boolean
  items: Item[]
}

export interface Item {
  children: Inline[]
  lists: List[]
}

/** Whom and what a text may name, as was decided when it was sent. */
export interface Names {
  /** Ids of people by their name, as it is written after the `@`. */
  people: ReadonlyMap<string, string>
  /** Channels, those with longer names first: of "#general" and "#general chat" the longer is meant. */
  channels: readonly { id: string; name: string; lower: string }[]
}

export const nobody: Names = { people: new Map(), channels: [] }
