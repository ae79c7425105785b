import { nameCandidates } from "./names.ts"
import type { Block, Inline, List } from "./tree.ts"

/** All names that an `@` in the text may mean, in lower case. Cheap: most texts have no `@`. */
export function possibleNames(content: string): string[] {
  if (!content.includes("@")) return []

  const written = content.match(/@[\w.-]{1,64}/g) ?? []
  return [...new Set(written.flatMap(nameCandidates).map((name) => name.slice(1).toLowerCase()))]
}

/** The ids of the people, roles and channels that a text mentions; code mentions nothing. */
export function mentionsIn(blocks: Block[]): Record<"people" | "roles" | "channels", Set<string>> {
  const mentions = { people: new Set<string>(), roles: new Set<string>(), channels: new Set<string>() }
  const visitNodes = (nodes: Inline[]) => {
    for (const node of nodes) {
      if (typeof node === "string") continue
      if (node.kind === "mention") mentions.people.add(node.userId)
      else if (node.kind === "role") mentions.roles.add(node.roleId)
      else if (node.kind === "channel") mentions.channels.add(node.channelId)
      else if ("children" in node) visitNodes(node.children)
    }
  }
  const visitList = ({ items }: List) => {
    for (const { children, lists } of items) {
      visitNodes(children)
      lists.forEach(visitList)
    }
  }
  const visitBlocks = (all: Block[]) => {
    for (const block of all) {
      if (block.kind === "list") visitList(block)
      else if (block.kind === "quote") visitBlocks(block.children)
      else visitNodes(block.children)
    }
  }
  visitBlocks(blocks)
  return mentions
}
