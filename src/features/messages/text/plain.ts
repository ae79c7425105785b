import type { Block, Inline, List } from "./tree.ts"

/** The tree as one line of text, for excerpts and for ears: what was hidden stays so. */
export function printPlain(blocks: Block[]): string {
  return blocks.map(ofBlock).join(" ").replace(/\s+/g, " ").trim()
}

function ofBlock(block: Block): string {
  if (block.kind === "list") return ofList(block)
  return block.kind === "quote" ? printPlain(block.children) : ofInline(block.children)
}

function ofList({ items }: List): string {
  return items.map(({ children, lists }) => [ofInline(children), ...lists.map(ofList)].join(" ")).join(" ")
}

function ofInline(nodes: Inline[]): string {
  return nodes
    .map((node) => {
      if (typeof node === "string") return node
      if (node.kind === "spoiler") return "[spoiler]"
      if ("children" in node) return ofInline(node.children)
      return node.kind === "fence" ? ` ${node.text} ` : node.text
    })
    .join("")
}
