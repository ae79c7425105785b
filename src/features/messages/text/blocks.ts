import { CodeFinder, lineEnd } from "./code.ts"
import { parseInline } from "./inline.ts"
import { parseList } from "./lists.ts"
import type { Block, Names } from "./tree.ts"

/** What all but text begins with. */
const opening = /[ \t]*[#>*+\d-]/y
const heading = /[ ]*(#{1,3})[ \t]+(\S.*)\n?/y
const subtext = /-#[ \t]+(\S.*)\n?/y
const quote = /(?:[ ]*>(?:[ ].*)?(?:\n|$))+/y
const quoteMark = /^[ ]*>[ ]?/gm
const quoteRest = /[ ]*>>>[ \n]+/y

/**
 * A message as blocks, as chats know them: line by line, with no blank lines needed between, and none of what
 * Markdown for documents adds to that (tables, indented code, lazy continuations, HTML).
 */
export function parseBlocks(text: string, names: Names, isQuoted = false): Block[] {
  const code = new CodeFinder(text)
  const blocks: Block[] = []
  let at = 0
  /** Where the lines begin that are no block of their own. */
  let from = 0

  const flush = (isLast = false) => {
    const lines = text.slice(from, at)
    const said = from === 0 ? lines : lines.replace(/^\n+/, "")
    const shown = isLast ? said : said.trimEnd()
    if (shown.trim() !== "" || (isLast && blocks.length === 0))
      blocks.push({ kind: "text", children: parseInline(shown, names) })
  }
  const block = (length: number, ...made: Block[]) => {
    flush()
    blocks.push(...made)
    at += length
    from = at
  }
  const found = (pattern: RegExp) => {
    pattern.lastIndex = at
    return pattern.exec(text)
  }

  while (at < text.length) {
    if (!found(opening)) {
      at = lineEnd(text, at, code) + 1
      continue
    }
    const [title, level = "", titled = ""] = found(heading) ?? []
    const [small, said = ""] = found(subtext) ?? []
    const [rest] = isQuoted ? [] : (found(quoteRest) ?? [])
    const [quoted] = isQuoted ? [] : (found(quote) ?? [])
    const inside =
      rest === undefined ? quoted?.replace(quoteMark, "").replace(/\n$/, "") : text.slice(at + rest.length)
    const list = parseList(text, at, code, names)

    if (title !== undefined) {
      block(title.length, { kind: "heading", level: level.length, children: parseInline(titled, names) })
    } else if (small !== undefined) {
      block(small.length, { kind: "subtext", children: parseInline(said, names) })
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
