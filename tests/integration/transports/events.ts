import { until } from "../../support/listen.ts"
import { applyFragments, articlesOf, type Page } from "./page.ts"
import {
  firstPage,
  pathOf,
  post,
  readText,
  refusalOf,
  signOutOfBrowser,
  type Transport,
} from "./transport.ts"

/** Server-sent events; what one sends goes by form. */
export const events: Transport = {
  name: "SSE",
  saysWhy: false,
  isMarkup: true,
  resumes: true,
  signOut: signOutOfBrowser,

  async open(_, visitor, room, known) {
    const page = known ?? (await firstPage(visitor, room))
    const aborter = new AbortController()
    const headers = { accept: "text/event-stream", "last-event-id": String(page.cursor) }
    const answer = await visitor.get(`${pathOf(room)}/events`, { headers, signal: aborter.signal })
    const parser = new EventParser((event) => apply(page, event))
    let ending: number | "closed" | undefined = answer.status === 200 ? undefined : refusalOf(answer)
    if (ending === undefined) {
      readText(
        answer,
        (text) => parser.take(text),
        () => {
          ending ??= "closed"
        },
      )
      await until("the events begin", () => parser.hasBegun)
    } else await answer.body?.cancel()

    return {
      page,
      view() {
        if (parser.violation) throw new Error(parser.violation)
        return page.messages
      },
      send: (content, id) => post(visitor, room, content, id),
      close: () => aborter.abort(),
      ended: () => ending,
    }
  },
}

interface Event {
  id: number | undefined
  data: string
}

/** Applies one event as hx-sse does; its id must be what a reader who has seen it would come back with. */
function apply(page: Page, { id, data }: Event): void {
  const seqs = articlesOf(data).map(({ seq }) => seq)
  if (seqs.length > 0 && id !== Math.max(...seqs)) throw new Error(`An event of ${seqs} has the id ${id}`)
  if (id !== undefined && id <= page.cursor) throw new Error(`The event ${id} came after ${page.cursor}`)
  page.received += data
  applyFragments(page, data)
}

/** The event stream as WHATWG HTML, 9.2.6, reads it, allowing only what is meant to be in ours. */
class EventParser {
  hasBegun = false
  violation = ""
  #text = ""
  #id: number | undefined
  #data: string[] = []

  constructor(private readonly handle: (event: Event) => void) {}

  take(text: string): void {
    this.hasBegun = true
    const lines = (this.#text + text).split(/\r\n|[\r\n]/)
    this.#text = lines.pop() ?? ""
    for (const line of lines) this.#line(line)
  }

  #line(line: string): void {
    const [, field, value = ""] = line.match(/^(id|data): ?(.*)$/s) ?? []
    if (line === "") this.#dispatch()
    else if (field === "id" && /^\d+$/.test(value)) this.#id = Number(value)
    else if (field === "data") this.#data.push(value)
    else if (!line.startsWith(":"))
      this.violation ||= `Not a line of an event stream: ${JSON.stringify(line)}`
  }

  #dispatch(): void {
    const event = { id: this.#id, data: this.#data.join("\n") }
    this.#id = undefined
    this.#data = []
    if (event.data === "") return

    try {
      this.handle(event)
    } catch (error) {
      this.violation ||= String(error)
    }
  }
}
