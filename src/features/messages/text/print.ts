import { cardPath } from "../../../../views/people.ts"
import { timeHtml } from "../../../../views/times.tsx"
import type { Clock } from "../../../web/clock.ts"
import { highlight } from "./highlight.ts"
import type { Block, Inline, Item, List } from "./tree.ts"

const tags = { strong: "strong", emphasis: "em", underline: "u", strike: "s" } as const

/** Times in one message that are localized, which costs time for each reader. Further ones stay in UTC. */
const maxTimes = 30

export interface PrintOptions {
  /** For links to its channels, and to the cards of its members. */
  serverId?: string
  /** The viewer's; without one, times are in UTC for `localize` to rewrite. */
  clock?: Clock
  /** What mentioned people are called, by their ids; others as they are written. */
  shown?: ReadonlyMap<string, string>
}

/**
 * Prints the tree as HTML that is safe to insert. The only place where people's text becomes HTML: it makes only the
 * elements and attributes below, and escapes all text between them.
 */
export class Printer {
  readonly #options: PrintOptions
  #times = 0

  constructor(options: PrintOptions) {
    this.#options = options
  }

  message(blocks: Block[]): string {
    const [only] = blocks
    if (blocks.length === 1 && only?.kind === "text") return this.#text(only.children)

    return blocks.map((block) => this.#block(block)).join("")
  }

  #block(block: Block): string {
    switch (block.kind) {
      case "text":
        return this.#text(block.children, "p")
      case "heading":
        return `<p class="heading-${block.level}">${this.#inline(block.children)}</p>`
      case "subtext":
        return `<p class="subtext">${this.#inline(block.children)}</p>`
      case "quote":
        return `<blockquote dir="auto">${this.message(block.children)}</blockquote>`
      case "list":
        return this.#list(block)
    }
  }

  /** A code block splits the text around it into paragraphs, which lose the line breaks next to it. */
  #text(nodes: Inline[], tag = ""): string {
    if (!nodes.some(hasFence)) return nodes.length > 0 ? inTag(tag, this.#inline(nodes)) : ""

    const isSplit = nodes.some(isFence)
    let html = ""
    let pending: Inline[] = []
    const flush = () => {
      if (pending.length === 0) return
      // A `p` cannot hold a block, such as a code block within a spoiler.
      const name = pending.some(hasFence) ? "div" : isSplit ? "p" : tag
      html += inTag(name, this.#inline(pending))
      pending = []
    }
    for (const [at, node] of nodes.entries()) {
      if (typeof node === "string") {
        const text = node.slice(isFence(nodes[at - 1]) && node.startsWith("\n") ? 1 : 0)
        const trimmed = isFence(nodes[at + 1]) && text.endsWith("\n") ? text.slice(0, -1) : text
        if (trimmed.trim() !== "" || !isSplit) pending.push(trimmed)
      } else if (node.kind === "fence") {
        flush()
        html += this.#node(node)
      } else {
        pending.push(node)
      }
    }
    flush()
    return html
  }

  #list({ start, isPlus, items }: List): string {
    const inside = items.map((item) => this.#item(item)).join("")
    if (isPlus) return `<ul class="plus" dir="auto">${inside}</ul>`
    if (start === undefined) return `<ul dir="auto">${inside}</ul>`
    return start === 1 ? `<ol dir="auto">${inside}</ol>` : `<ol dir="auto" start="${start}">${inside}</ol>`
  }

  #item({ children, lists }: Item): string {
    return `<li>${this.#text(children)}${lists.map((list) => this.#list(list)).join("")}</li>`
  }

  #time({ at, style, text }: Extract<Inline, { kind: "time" }>): string {
    if (++this.#times > maxTimes) return Bun.escapeHTML(text)
    return timeHtml(at, style, this.#options.clock)
  }

  /** `isInside` a link or a spoiler, where no other link can be. */
  #mention({ userId, text }: Extract<Inline, { kind: "mention" }>, isInside: boolean): string {
    const { shown, serverId } = this.#options
    const name = shown?.get(userId)
    const html = Bun.escapeHTML(name === undefined ? text : `@${name}`)
    const user = `class="mention" data-user="${Bun.escapeHTML(userId)}"`
    // Of all members at once there is no card.
    if (isInside || serverId === undefined || userId === "everyone") return `<span ${user}>${html}</span>`

    const title = name === undefined || `@${name}` === text ? "" : ` title="${Bun.escapeHTML(text)}"`
    return `<a ${user} href="${Bun.escapeHTML(cardPath(userId, serverId))}" data-dialog${title}>${html}</a>`
  }

  #inline(nodes: Inline[], isHidden = false): string {
    let html = ""
    for (const node of nodes) html += this.#node(node, isHidden)
    return html
  }

  #node(node: Inline, isHidden = false): string {
    if (typeof node === "string") return Bun.escapeHTML(node)

    switch (node.kind) {
      case "spoiler":
        return isHidden ? this.#inline(node.children, true) : spoiler(this.#inline(node.children, true))
      case "code":
        return `<code>${Bun.escapeHTML(node.text)}</code>`
      case "fence":
        return `<pre><code>${highlight(node.text, node.language)}</code></pre>`
      case "link":
        return link(node, this.#inline(node.children, true))
      case "mention":
        return this.#mention(node, isHidden)
      case "role":
        return `<span class="mention" data-role="${Bun.escapeHTML(node.roleId)}">${Bun.escapeHTML(node.text)}</span>`
      case "time":
        return this.#time(node)
      case "channel": {
        const url = `/servers/${encodeURIComponent(this.#options.serverId ?? "")}/channels/${encodeURIComponent(node.channelId)}`
        return `<a class="mention" href="${url}">${Bun.escapeHTML(node.text)}</a>`
      }
      default: {
        const tag = tags[node.kind]
        return `<${tag}>${this.#inline(node.children, isHidden)}</${tag}>`
      }
    }
  }
}

function inTag(name: string, html: string): string {
  return name ? `<${name}>${html}</${name}>` : html
}

/**
 * A check box works without a script, with the keyboard and with screen readers: until it is checked, the style sheet
 * hides the content from all of them.
 */
function spoiler(html: string): string {
  return `<label class="spoiler"><input type="checkbox" aria-label="Show spoiler" autocomplete="off"><span>${html}</span></label>`
}

function link(node: Extract<Inline, { kind: "link" }>, html: string): string {
  const safe = Bun.escapeHTML(node.href)
  // A link with a text of its own shows its URL as a tooltip, before anything that its author says of it.
  const said = node.title ? `\n${Bun.escapeHTML(node.title)}` : ""
  const title = isNamedByItself(node) ? "" : ` title="${safe}${said}"`
  return `<a href="${safe}"${title} target="_blank" rel="noopener noreferrer nofollow ugc">${html}</a>`
}

function isNamedByItself({ href, children }: Extract<Inline, { kind: "link" }>): boolean {
  return children.length === 1 && children[0] === href
}

function isFence(node?: Inline): boolean {
  return typeof node === "object" && node.kind === "fence"
}

function hasFence(node: Inline): boolean {
  return isFence(node) || (typeof node === "object" && "children" in node && node.children.some(hasFence))
}
