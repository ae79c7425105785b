import { parse } from "../messages/render.ts"
import { type Block, type Inline, type Item, noNames } from "../messages/text/tree.ts"

/** Most links of one message that are shown with what is behind them. */
export const maxPreviews = 3

/** May there be a link in it? Costs next to nothing, for all the messages that have none. */
export function mayHaveLinks(content: string): boolean {
  return content.includes("://")
}

/**
 * The links of a message whose pages it shows, in order and each once: the first three, without those that are code or
 * hidden, or that its author put into angle brackets so that they are not.
 */
export function linksIn(content: string): string[] {
  const shown = allLinksIn(content).filter((href) => !content.includes(`<${href}>`) && URL.canParse(href))
  return [...new Set(shown)].slice(0, maxPreviews)
}

/** The links that readers of a message can follow, but for hidden ones. */
export function allLinksIn(content: string): string[] {
  return mayHaveLinks(content) ? parse(content, noNames).flatMap(linksOfBlock) : []
}

function linksOfBlock(block: Block): string[] {
  if (block.kind === "quote") return block.children.flatMap(linksOfBlock)
  return block.kind === "list" ? block.items.flatMap(linksOfItem) : block.children.flatMap(linksOf)
}

function linksOfItem({ children, lists }: Item): string[] {
  return [...children.flatMap(linksOf), ...lists.flatMap(linksOfBlock)]
}

function linksOf(node: Inline): string[] {
  if (typeof node === "string" || node.kind === "spoiler") return []
  if (node.kind === "link") return [node.href]
  return "children" in node ? node.children.flatMap(linksOf) : []
}
