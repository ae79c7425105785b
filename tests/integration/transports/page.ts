import type { Message } from "../../../src/features/messages/contract.ts"
import { decode } from "../../support/html.ts"

/** One message as a reader sees it. */
export interface Seen {
  id: string
  author: string
  content: string
  position: number
  seq: number
  edited: boolean
  deleted: boolean
  /** What it says has these elements in it, with their attributes. */
  elements: string[]
}

/** What someone has before them: it stays when they lose the connection, and goes on when they are back. */
export class Page {
  /** The messages, in the order they stand in. */
  messages: Seen[] = []
  /** Everything that was handed over, also what changed nothing: a double delivery shows here. */
  readonly handed: Seen[] = []
  /** The last change it shows. */
  cursor = 0
  /** All that came over the connection, as it came. */
  received = ""

  /** New to the page: it goes where its position says, in place of what has its id. */
  insert(message: Seen): void {
    this.#take(message)
    const others = this.messages.filter(({ id }) => id !== message.id)
    this.messages = [...others, message].sort((a, b) => a.position - b.position)
  }

  /** Changed: it takes the place of the one it was; where there is none, nothing happens. */
  replace(message: Seen): void {
    this.#take(message)
    this.messages = this.messages.map((known) => (known.id === message.id ? message : known))
  }

  /** In place of everything. */
  reset(messages: Seen[]): void {
    for (const message of messages) this.#take(message)
    this.messages = messages
  }

  advance(seq: number): void {
    this.cursor = Math.max(this.cursor, seq)
  }

  #take(message: Seen): void {
    this.handed.push(message)
    this.advance(message.seq)
  }
}

export function seenFrom(message: Message): Seen {
  const { id, userId, content, position, seq, editedAt, deletedAt } = message
  const deleted = deletedAt !== null
  return {
    id,
    author: userId,
    content,
    position,
    seq,
    edited: editedAt !== null && !deleted,
    deleted,
    elements: [],
  }
}

/** A piece of markup in the order it stands in: what the parser of a browser would make of it. */
export type Piece =
  | { type: "article"; message: Seen }
  | { type: "start"; name: string }
  | { type: "end" }
  | { type: "template"; name: string }
  | { type: "template end" }
  | { type: "partial"; target: string; swap: string }
  | { type: "partial end" }
  | { type: "upsert"; target: string }
  | { type: "log"; seq: number }

/** Attributes that htmx or a browser would act on, and so must not be in what a message says. */
const renderedLink = ["href", "target", "rel"]

/** Reads markup with a parser that follows the standard, so that what only looks like text is found out. */
export function parse(html: string): Piece[] {
  const pieces: Piece[] = []
  let article: Seen | undefined
  const rewriter = new HTMLRewriter()
    .onDocument({
      comments({ text }) {
        const name = text.match(/^\?start name="([^"]*)"$/)?.[1]
        if (name !== undefined) pieces.push({ type: "start", name })
        else if (text === "?end") pieces.push({ type: "end" })
      },
    })
    .on("template[for]", {
      element(element) {
        pieces.push({ type: "template", name: element.getAttribute("for") ?? "" })
        element.onEndTag(() => void pieces.push({ type: "template end" }))
      },
    })
    .on("hx-partial", {
      element(element) {
        const [target, swap] = [
          element.getAttribute("hx-target") ?? "",
          element.getAttribute("hx-swap") ?? "",
        ]
        pieces.push({ type: "partial", target, swap })
        element.onEndTag(() => void pieces.push({ type: "partial end" }))
      },
    })
    .on("hx-upsert", {
      element: (element) =>
        void pieces.push({ type: "upsert", target: element.getAttribute("hx-target") ?? "" }),
    })
    .on("#messages", {
      element: (element) =>
        void pieces.push({ type: "log", seq: Number(element.getAttribute("data-seq") ?? 0) }),
    })
    .on("article[data-position]", {
      element(element) {
        const read = (name: string) => element.getAttribute(name) ?? ""
        article = {
          id: read("id").replace("message-", ""),
          author: read("data-author"),
          content: "",
          position: Number(read("data-position")),
          seq: Number(read("data-seq")),
          edited: false,
          deleted: read("class").split(" ").includes("deleted"),
          elements: [],
        }
        pieces.push({ type: "article", message: article })
        element.onEndTag(() => {
          if (article?.deleted) article.content = ""
          article = undefined
        })
      },
    })
    .on("article[data-position] .edited", {
      element: () => void (article && Object.assign(article, { edited: true })),
    })
    .on("article[data-position] > .content", {
      text: ({ text }) => void (article && Object.assign(article, { content: article.content + text })),
    })
    .on("article[data-position] > .content *", {
      element({ tagName, attributes }) {
        const odd = [...attributes].map(([name]) => name ?? "").filter((name) => !renderedLink.includes(name))
        article?.elements.push([tagName, ...odd].join(" "))
      },
    })
  rewriter.transform(html)
  for (const piece of pieces) {
    if (piece.type === "article") piece.message.content = decode(piece.message.content)
  }
  return pieces
}

/** Its elements with the names of their attributes: what a text must not change. */
export function shapeOf(html: string): string[] {
  const shape: string[] = []
  new HTMLRewriter()
    .onDocument({ comments: ({ text }) => void shape.push(text.replace(/".*"/, '""')) })
    .on("*", {
      element: ({ tagName, attributes }) => {
        // Only text with right-to-left letters says that its direction is to be found out.
        const own = [...attributes].filter(([name, value]) => name !== "dir" || value !== "auto")
        shape.push([tagName, ...own.map(([name]) => name)].join(" "))
      },
    })
    .transform(html)
  return shape
}

export function articlesOf(html: string): Seen[] {
  return parse(html).flatMap((piece) => (piece.type === "article" ? [piece.message] : []))
}

/** Does with fragments what htmx does in the room's page. Throws for one that the page could not place. */
export function applyFragments(page: Page, html: string): void {
  let fresh: Seen[] | undefined
  let place: ((message: Seen) => void) | undefined
  for (const piece of parse(html)) {
    if (piece.type === "upsert" && piece.target === "#messages[data-live]") {
      place = (message) => page.insert(message)
    } else if (piece.type === "partial") {
      const { target, swap } = piece
      if (
        /^(#log:has\(#messages\[data-live\]\) #messages|#messages\[data-live\])$/.test(target) &&
        swap === "innerHTML"
      ) {
        const replacement: Seen[] = []
        fresh = replacement
        place = (message) => void replacement.push(message)
      } else if (target.startsWith("#message-") && swap === "outerHTML") {
        place = (message) => {
          if (target !== `#message-${message.id}`) throw new Error(`${message.id} was sent to ${target}`)
          page.replace(message)
        }
      } else place = undefined
    } else if (piece.type === "partial end" && fresh) {
      page.reset(fresh)
      fresh = undefined
    } else if (piece.type === "article") {
      if (!place) throw new Error(`A message was sent to nowhere: ${html.slice(0, 1000)}`)
      place(piece.message)
    }
  }
}
