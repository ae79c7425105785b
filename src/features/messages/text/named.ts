import { spellings } from "./names.ts"
import type { Block, Inline, List } from "./tree.ts"

/** Every name that follows an `@`, as it could be meant, in lower case. Cheap: most texts have none. */
export function namesAskedFor(content: string): string[] {
  if (!content.includes("@")) return []

  const written = content.match(/@[\w.-]{1,64}/g) ?? []
  return [...new Set(written.flatMap(spellings).map((name) => name.slice(1).toLowerCase()))]
}

/** The ids of the people and channels that a text names; not those in its code. */
export function namedIn(blocks: Block[]): { people: Set<string>; channels: Set<string> } {
  const named = { people: new Set<string>(), channels: new Set<string>() }
  const inline = (nodes: Inline[]) => {
    for (const node of nodes) {
      if (typeof node === "string") continue
      if (node.kind === "mention") named.people.add(node.userId)
      else if (node.kind === "channel") named.channels.add(node.channelId)
      else if ("children" in node) inline(node.children)
    }
  }
  const list = ({ items }: List) => {
    for (const { children, lists } of items) {
      inline(children)
      lists.forEach(list)
    }
  }
  const all = (some: Block[]) => {
    for (const block of some) {
      if (block.kind === "list") list(block)
      else if (block.kind === "quote") all(block.children)
      else inline(block.children)
    }
  }
  all(blocks)
  return named
}
