import { parseBlocks } from "./text/blocks.ts"
import { printPlain } from "./text/plain.ts"
import { Printer } from "./text/print.ts"
import { type Block, type Names, nobody } from "./text/tree.ts"

/** Nothing in it means anything: the same text, escaped, is what parsing it would give. */
const plain = /^[^\\`*_~|<>[\]@#&:\ufdd0-\ufdef\u205f\f-]*$/
const listed = /^ *\d+\./m

/** What a message says, as HTML that is safe to insert. */
export function renderContent(content: string, names: Names = nobody, serverId = ""): string {
  return isPlain(content) ? Bun.escapeHTML(content) : new Printer(serverId).message(parse(content, names))
}

/** What a message says, on one line: for excerpts, notices and speech. What it hides is not in it. */
export function plainText(content: string): string {
  return isPlain(content) ? content.replace(/\s+/g, " ").trim() : printPlain(parse(content, nobody))
}

/** What a message says, as a tree. */
export function parse(content: string, names: Names): Block[] {
  return parseBlocks(content, names)
}

function isPlain(content: string): boolean {
  return plain.test(content) && !listed.test(content)
}
