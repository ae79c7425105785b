import type { Inline } from "./tree.ts"

/** Text, nodes and the delimiters between them. */
export type Token = Inline | Run | Delimiter | LinkStart | LinkEnd

/** Stars or underscores, before their neighbors decide whether they open or close. */
export interface Run {
  kind: "run"
  sign: "*" | "_"
  length: number
}

/** Begins or ends formatting, or is text when it has no partner. */
export interface Delimiter {
  kind: "delimiter"
  sign: "*" | "_" | "__" | "~~" | "||"
  /** How many of the sign; only stars come in runs of more than one. */
  length: number
  canOpen: boolean
  canClose: boolean
}

export interface LinkStart {
  kind: "["
  isLink: boolean
}

/** `](href "title")`, after its `LinkStart`. */
export interface LinkEnd {
  kind: "]"
  href: string
  title?: string
}
