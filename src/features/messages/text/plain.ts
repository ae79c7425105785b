import type { Block, Inline, List } from "./tree.ts"

/**
 * What reads in its own direction in a message, code, links and names, does so too where there are no elements to say
 * it: between signs, of which those who read from left to right only have no need. Source: Unicode Annex 9, 2.5.
 */
const signs = { ltr: "\u2066", own: "\u2068", end: "\u2069" }
const anySign = /[\u2066-\u2069]/g
const rightToLeft =
  /[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** The tree as one line of text, for excerpts and for ears: what was hidden stays so. */
export function printPlain(blocks: Block[]): string {
  const said = ofBlocks(blocks).replace(/\s+/g, " ").trim()
  return rightToLeft.test(said) ? said : withoutSigns(said)
}

/** For a name, in which such signs may not be. */
export function withoutSigns(text: string): string {
  return text.replace(anySign, "")
}

function ofBlocks(blocks: Block[]): string {
  return blocks.map(ofBlock).join(" ")
}

function ofBlock(block: Block): string {
  if (block.kind === "list") return ofList(block)
  return block.kind === "quote" ? ofBlocks(block.children) : ofInline(block.children)
}

function ofList({ items, isPlus }: List): string {
  const said = items.map(({ children, lists }) => [ofInline(children), ...lists.map(ofList)].join(" "))
  return said.map((one) => (isPlus ? `+ ${one}` : one)).join(" ")
}

function ofInline(nodes: Inline[]): string {
  return nodes
    .map((node) => {
      if (typeof node === "string") return node
      if (node.kind === "spoiler") return "[spoiler]"
      if (node.kind === "link") return signs.own + ofInline(node.children) + signs.end
      if ("children" in node) return ofInline(node.children)
      if (node.kind === "fence") return ` ${signs.ltr}${node.text}${signs.end} `
      return (node.kind === "code" ? signs.ltr : signs.own) + node.text + signs.end
    })
    .join("")
}
