import { changesOf } from "../markup.ts"
import type { Hearing } from "./hearing.ts"
import { PageReader } from "./page.ts"

/** Server-sent events: comes back with `Last-Event-ID`, as a browser does. */
export class EventsReader extends PageReader {
  protected override readonly isOrdered = true

  protected override async hear(hearing: Hearing): Promise<void> {
    const headers = { accept: "text/event-stream", "last-event-id": String(this.log.cursor) }
    const answer = await this.get("/events", hearing.signal, headers)
    if (!answer) return

    let unread = ""
    await this.read(answer, (text) => {
      hearing.heard()
      hearing.live()
      const events = (unread + text).split("\n\n")
      unread = events.pop() ?? ""
      for (const event of events) this.#take(hearing, event)
    })
  }

  #take(hearing: Hearing, event: string): void {
    const lines = event.split("\n")
    const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6))
    for (const change of changesOf(data.join("\n"))) hearing.take(change)
    const id = lines.find((line) => line.startsWith("id: "))?.slice(4)
    if (id) hearing.advance(Number(id))
  }
}
