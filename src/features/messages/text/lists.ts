import { type CodeFinder, lineEnd } from "./code.ts"
import { parseInline } from "./inline.ts"
import type { List, Names } from "./tree.ts"

/** Lists in lists; deeper items join the innermost list. Source: Discord, 11 levels. */
const maxDepth = 11

/** In columns, as in CommonMark. */
const tabWidth = 4

const item = /([ \t]*)(?:([-*+])|(\d{1,9})\.)[ \t]+(?=\S)/y
const continued = /(?:[ ]{2,}|[ ]?\t)[ \t]*(?=\S)/y

/** An item, before it is known which list it belongs to. */
interface Line {
  text: string
  /** In columns. */
  indent: number
  number?: number
  isPlus: boolean
}

/** The lists that begin at `start`, a new one for each change of the kind of marker, and their length in the text. */
export function parseList(text: string, start: number, code: CodeFinder, names: Names) {
  const lines: Line[] = []
  let at = start
  while (at < text.length) {
    item.lastIndex = continued.lastIndex = at
    const [mark, space = "", sign, number] = item.exec(text) ?? []
    const [indent] = lines.length > 0 && mark === undefined ? (continued.exec(text) ?? []) : []
    if (mark === undefined && indent === undefined) break

    const end = lineEnd(text, at, code)
    const content = text.slice(at + (mark ?? indent ?? "").length, end)
    if (mark !== undefined) {
      const indent = columnsOf(space)
      lines.push({ text: content, indent, number: number ? Number(number) : undefined, isPlus: sign === "+" })
    } else {
      const last = lines.at(-1) as Line
      last.text += `\n${content}`
    }
    at = end + 1
  }
  return lines.length > 0 ? { lists: nest(lines, names), length: at - start } : undefined
}

function nest(lines: Line[], names: Names): List[] {
  const levels: { indent: number; lists: List[] }[] = [{ indent: lines[0]?.indent ?? 0, lists: [] }]
  const top = () => levels.at(-1) as (typeof levels)[number]
  for (const { text, indent, number, isPlus } of lines) {
    while (levels.length > 1 && indent < top().indent) levels.pop()
    const parent = top().lists.at(-1)?.items.at(-1)
    if (parent && indent > top().indent + 1 && levels.length < maxDepth) {
      levels.push({ indent, lists: parent.lists })
    }

    const { lists } = top()
    let list = lists.at(-1)
    if (!list || (list.start === undefined) !== (number === undefined) || list.isPlus !== isPlus) {
      list = { kind: "list", start: number, isPlus, items: [] }
      lists.push(list)
    }
    list.items.push({ children: parseInline(text.trimEnd(), names), lists: [] })
  }
  return levels[0]?.lists ?? []
}

function columnsOf(space: string): number {
  let columns = 0
  for (const sign of space) columns += sign === "\t" ? tabWidth - (columns % tabWidth) : 1
  return columns
}
