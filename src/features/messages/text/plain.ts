import type { Block, Inline, List } from "./tree.ts"

/**
 * Directional isolates: code, links and names keep their own reading direction where there are no elements to say so.
 * A text that reads from left to right throughout does not need them. Source: Unicode Annex 9, 2.5.
 */
const isolate = { leftToRight: "\u2066", firstStrong: "\u2068", end: "\u2069" }
const anyIsolate = /[\u2066-\u2069]/g
const rightToLeft =
  /[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** The tree as one line of text, for excerpts and speech. Spoilers stay hidden. */
export function printPlain(blocks: Block[]): string {
  const line = blocksText(blocks).replace(/\s+/g, " ").trim()
  return rightToLeft.test(line) ? line : withoutIsolates(line)
}

/** For names, which may not contain isolates. */
export function withoutIsolates(text: string): string {
  return text.replace(anyIsolate, "")
}

function blocksText(blocks: Block[]): string {
  return blocks.map(blockText).join(" ")
}

function blockText(block: Block): string {
  if (block.kind === "list") return listText(block)
  return block.kind === "quote" ? blocksText(block.children) : inlineText(block.children)
}

function listText({ items, isPlus }: List): string {
  const lines = items.map(({ children, lists }) => [inlineText(children), ...lists.map(listText)].join(" "))
  return lines.map((line) => (isPlus ? `+ ${line}` : line)).join(" ")
}

function inlineText(nodes: Inline[]): string {
  return nodes.map(nodeText).join("")
}

function nodeText(node: Inline): string {
  if (typeof node === "string") return node
  if (node.kind === "spoiler") return "[spoiler]"
  if (node.kind === "link") return isolate.firstStrong + inlineText(node.children) + isolate.end
  if ("children" in node) return inlineText(node.children)
  if (node.kind === "fence") return ` ${isolate.leftToRight}${node.text}${isolate.end} `
  return (node.kind === "code" ? isolate.leftToRight : isolate.firstStrong) + node.text + isolate.end
}
