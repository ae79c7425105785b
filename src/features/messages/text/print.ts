import { highlight } from "./highlight.ts"
import type { Block, Inline, Item, List } from "./tree.ts"

const tags = { strong: "strong", emphasis: "em", underline: "u", strike: "s" } as const

/** Times of one message that are shown by its reader's clock: that costs each of its readers. Others are in UTC. */
const maxTimes = 30

/**
 * The tree as HTML that is safe to insert. The only place where what somebody wrote becomes HTML: there are no
 * elements and attributes but those below, and whatever is between them is escaped.
 */
export class Printer {
  #times = 0

  /** `serverId`: where its channels are. */
  constructor(private readonly serverId: string) {}

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

  /** Code that stands as a block parts the text around it, which loses the line breaks that did so before. */
  #text(nodes: Inline[], tag = ""): string {
    const isParted = nodes.some(isFence)
    let html = ""
    let said: Inline[] = []
    const flush = () => {
      if (said.length === 0) return
      // A `p` cannot hold what is a block, as hidden code is.
      const name = said.some(hasFence) ? "div" : isParted ? "p" : tag
      html += name ? `<${name}>${this.#inline(said)}</${name}>` : this.#inline(said)
      said = []
    }
    for (const [at, node] of nodes.entries()) {
      if (typeof node === "string") {
        const text = node.slice(isFence(nodes[at - 1]) && node.startsWith("\n") ? 1 : 0)
        const kept = isFence(nodes[at + 1]) && text.endsWith("\n") ? text.slice(0, -1) : text
        if (kept.trim() !== "" || !isParted) said.push(kept)
      } else if (node.kind === "fence") {
        flush()
        html += this.#node(node)
      } else {
        said.push(node)
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

  /** As `views/times.tsx` writes times: who gets it puts their clock to it. */
  #time({ at, style, text }: Extract<Inline, { kind: "time" }>): string {
    if (++this.#times > maxTimes) return Bun.escapeHTML(text)
    return `<time data-style="${style}" datetime="${at.toISOString()}">${text}</time>`
  }

  #inline(nodes: Inline[], isHidden = false): string {
    return nodes.map((node) => this.#node(node, isHidden)).join("")
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
        return link(node.href, this.#inline(node.children, true), !isNamedByItself(node))
      case "mention":
        return `<span class="mention" data-user="${Bun.escapeHTML(node.userId)}">${Bun.escapeHTML(node.text)}</span>`
      case "time":
        return this.#time(node)
      case "channel": {
        const address = `/servers/${encodeURIComponent(this.serverId)}/channels/${encodeURIComponent(node.channelId)}`
        return `<a class="mention" href="${address}">${Bun.escapeHTML(node.text)}</a>`
      }
      default: {
        const tag = tags[node.kind]
        return `<${tag}>${this.#inline(node.children, isHidden)}</${tag}>`
      }
    }
  }
}

/**
 * A check box that works without a script, for the keyboard and for those who listen: until it is checked, the
 * style sheet keeps what is behind it from eyes, ears and the tab key alike.
 */
function spoiler(html: string): string {
  return `<label class="spoiler"><input type="checkbox" aria-label="Show spoiler" autocomplete="off"><span>${html}</span></label>`
}

function link(href: string, html: string, isNamed: boolean): string {
  const safe = Bun.escapeHTML(href)
  // Where a link has another name, pointing at it tells where it leads.
  const title = isNamed ? ` title="${safe}"` : ""
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
