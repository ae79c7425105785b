import { parse } from "../messages/render.ts"
import { type Block, type Inline, type Item, noNames } from "../messages/text/tree.ts"

/** Links of one message that get a preview. */
export const maxPreviews = 3

/** A cheap check before parsing: `false` for most messages without links. */
export function mayHaveLinks(content: string): boolean {
  return content.includes("://")
}

/**
 * The first three distinct links of a message that get a preview. Links in code, spoilers and angle brackets do not;
 * angle brackets are how an author suppresses a preview.
 */
export function linksIn(content: string): string[] {
  const previewable = allLinksIn(content).filter(
    (href) => !content.includes(`<${href}>`) && URL.canParse(href),
  )
  return [...new Set(previewable)].slice(0, maxPreviews)
}

/** All clickable links of a message, except those in spoilers. */
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
