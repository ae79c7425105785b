import { until } from "../../support/listen.ts"
import { Page, parse, type Seen } from "./page.ts"
import { pathOf, post, readText, refusalOf, signOutOfBrowser, type Transport } from "./transport.ts"

/** The page that never ends, for browsers without JavaScript; what one sends goes by form. */
export const stream: Transport = {
  name: "stream",
  saysWhy: false,
  isMarkup: true,
  resumes: true,
  signOut: signOutOfBrowser,

  async open(_, visitor, room, known) {
    const page = known ?? new Page()
    const aborter = new AbortController()
    const query = known ? `?after=${known.cursor}` : ""
    const answer = await visitor.get(`${pathOf(room)}/stream${query}`, { signal: aborter.signal })
    const document = new StreamDocument(page)
    let ending: number | "closed" | undefined = answer.status === 200 ? undefined : refusalOf(answer)
    if (ending === undefined) {
      readText(
        answer,
        (text) => document.take(text),
        () => {
          ending ??= "closed"
        },
      )
      await until("the page begins", () => document.hasBegun)
    } else await answer.body?.cancel()

    return {
      page,
      view: () => document.view(),
      send: (content, id) => post(visitor, room, content, id),
      close: () => aborter.abort(),
      ended: () => ending,
    }
  },
}

interface Slot {
  name: string
  message: Seen | undefined
}

/**
 * What a browser that knows `<template for>` makes of the stream: it appends what comes, and a template's content
 * takes the place of what stands between the marks of its name.
 */
class StreamDocument {
  hasBegun = false
  #violation: unknown
  #unread = ""
  readonly #slots: Slot[]

  constructor(private readonly page: Page) {
    // Someone who comes back has what they had: the document went on.
    this.#slots = page.messages.map((message) => ({ name: `message-${message.id}`, message }))
  }

  view(): Seen[] {
    if (this.#violation) throw this.#violation
    return this.#slots.flatMap(({ message }) => message ?? [])
  }

  take(text: string): void {
    this.#unread += text
    this.page.received += text
    this.hasBegun ||= this.#unread.includes('id="messages"')
    try {
      // Up to where nothing is left open: a change is several marks that belong together.
      for (let end = endOfUnit(this.#unread); end !== undefined; end = endOfUnit(this.#unread)) {
        this.#apply(this.#unread.slice(0, end))
        this.#unread = this.#unread.slice(end)
      }
      this.page.messages = this.view()
    } catch (error) {
      this.#violation ??= error
    }
  }

  #apply(html: string): void {
    let name: string | undefined
    let target: string | undefined
    for (const piece of parse(html)) {
      if (piece.type === "start") name = piece.name
      else if (piece.type === "end") name = undefined
      else if (piece.type === "template") {
        target = piece.name
        this.#put(target, undefined)
      } else if (piece.type === "template end") target = undefined
      else if (piece.type === "article") {
        if (!name) throw new Error(`A message stands between no marks: ${html.slice(0, 1000)}`)
        if (target) this.#put(target, piece.message)
        else this.#slots.push({ name, message: piece.message })
        if (!name.startsWith("fallback-")) this.page.handed.push(piece.message)
        this.page.advance(piece.message.seq)
      }
    }
  }

  #put(name: string, message: Seen | undefined): void {
    const slot = this.#slots.find((known) => known.name === name)
    if (slot) slot.message = message
  }
}

/** Where the first thing that can stand by itself ends: a new message, or one half of a change. */
function endOfUnit(text: string): number | undefined {
  const [start, template] = [text.indexOf("<?start "), text.indexOf("<template for=")]
  const isTemplate = template >= 0 && (start < 0 || template < start)
  const mark = isTemplate ? "</template>" : "<?end>"
  const end = text.indexOf(mark)
  return end < 0 ? undefined : end + mark.length
}
