import type { Block, Inline, List } from "./tree.ts"

/**
 * Directional isolates: code, links and names keep their own reading direction where there are no elements to say so.
 * A text that reads from left to right throughout does not need them. Source: Unicode Annex 9, 2.5.
 */
const isolate = { leftToRight: "\u2066", firstStrong: "\u2068", end: "\u2069" }
const anyIsolate = /[\u2066-\u2069]/g
const rightToLeft =
  /[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/**
 * Stands where formatting begins or ends within a word, for those who look for words: `**b**old` is a word, and so is
 * each part of it. Unicode: word joiner.
 */
export const joint = "\u2060"

/** Placeholder of a hidden spoiler. */
export const hiddenText = "[spoiler]"

/** How nodes become text. */
interface PlainStyle {
  formatted(text: string): string
  spoiler(text: string): string
  /** A text with a reading direction of its own. */
  isolated(text: string, control: string): string
}

const shown: PlainStyle = {
  formatted: (text) => text,
  spoiler: () => hiddenText,
  isolated: (text, control) => control + text + isolate.end,
}

const searched: PlainStyle = {
  formatted: (text) => joint + text + joint,
  spoiler: (text) => joint + text + joint,
  isolated: (text) => joint + text + joint,
}

/** The tree as one line of text, for excerpts and speech. Spoilers stay hidden. */
export function printPlain(blocks: Block[]): string {
  const line = inOneLine(blocksText(blocks, shown))
  return rightToLeft.test(line) ? line : withoutIsolates(line)
}

/** All words of the tree, those in spoilers too, with joints in them. */
export function printWords(blocks: Block[]): string {
  return inOneLine(blocksText(blocks, searched))
}

/** For names, which may not contain isolates. */
export function withoutIsolates(text: string): string {
  return text.replace(anyIsolate, "")
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim()
}

function blocksText(blocks: Block[], style: PlainStyle): string {
  return blocks.map((block) => blockText(block, style)).join(" ")
}

function blockText(block: Block, style: PlainStyle): string {
  if (block.kind === "list") return listText(block, style)
  return block.kind === "quote" ? blocksText(block.children, style) : inlineText(block.children, style)
}

function listText({ items, isPlus }: List, style: PlainStyle): string {
  const lines = items.map(({ children, lists }) =>
    [inlineText(children, style), ...lists.map((list) => listText(list, style))].join(" "),
  )
  return lines.map((line) => (isPlus ? `+ ${line}` : line)).join(" ")
}

function inlineText(nodes: Inline[], style: PlainStyle): string {
  return nodes.map((node) => nodeText(node, style)).join("")
}

function nodeText(node: Inline, style: PlainStyle): string {
  if (typeof node === "string") return node
  if ("children" in node) {
    const text = inlineText(node.children, style)
    if (node.kind === "spoiler") return style.spoiler(text)
    return node.kind === "link" ? style.isolated(text, isolate.firstStrong) : style.formatted(text)
  }
  if (node.kind === "fence") return ` ${style.isolated(node.text, isolate.leftToRight)} `
  return style.isolated(node.text, node.kind === "code" ? isolate.leftToRight : isolate.firstStrong)
}
