import { CodeFinder, lineEnd } from "./code.ts"
import { parseInline } from "./inline.ts"
import { parseList } from "./lists.ts"
import type { Block, Names } from "./tree.ts"

/** The first characters of all blocks that are not text. */
const opening = /[ \t]*[#>*+\d-]/y
const heading = /[ ]*(#{1,3})[ \t]+(\S.*)\n?/y
const subtext = /-#[ \t]+(\S.*)\n?/y
const quote = /(?:[ ]*>(?:[ ].*)?(?:\n|$))+/y
const quoteMark = /^[ ]*>[ ]?/gm
const quoteRest = /[ ]*>>>[ \n]+/y

/**
 * Splits a message into blocks, line by line. As is usual in chats, no blank lines are needed between blocks, and there
 * are no tables, indented code, lazy continuations or HTML.
 */
export function parseBlocks(text: string, names: Names, isQuoted = false): Block[] {
  const code = new CodeFinder(text)
  const blocks: Block[] = []
  let at = 0
  /** Start of the lines that belong to no block yet. */
  let from = 0

  const flush = (isLast = false) => {
    const lines = text.slice(from, at)
    const started = from === 0 ? lines : lines.replace(/^\n+/, "")
    const trimmed = isLast ? started : started.trimEnd()
    if (trimmed.trim() !== "" || (isLast && blocks.length === 0))
      blocks.push({ kind: "text", children: parseInline(trimmed, names) })
  }
  const block = (length: number, ...added: Block[]) => {
    flush()
    blocks.push(...added)
    at += length
    from = at
  }
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at
    return pattern.exec(text)
  }

  while (at < text.length) {
    if (!match(opening)) {
      at = lineEnd(text, at, code) + 1
      continue
    }
    const [title, level = "", titleText = ""] = match(heading) ?? []
    const [small, smallText = ""] = match(subtext) ?? []
    const [rest] = isQuoted ? [] : (match(quoteRest) ?? [])
    const [quoted] = isQuoted ? [] : (match(quote) ?? [])
    const inside =
      rest === undefined ? quoted?.replace(quoteMark, "").replace(/\n$/, "") : text.slice(at + rest.length)
    const list = parseList(text, at, code, names)

    if (title !== undefined) {
      block(title.length, { kind: "heading", level: level.length, children: parseInline(titleText, names) })
    } else if (small !== undefined) {
      block(small.length, { kind: "subtext", children: parseInline(smallText, names) })
    } else if (inside?.trim()) {
      const length = rest === undefined ? (quoted?.length ?? 0) : text.length - at
      block(length, { kind: "quote", children: parseBlocks(inside, names, true) })
    } else if (list) {
      block(list.length, ...list.lists)
    } else {
      at = Math.max(lineEnd(text, at, code) + 1, at + (quoted?.length ?? 0))
    }
  }
  at = text.length
  flush(true)
  return blocks
}
