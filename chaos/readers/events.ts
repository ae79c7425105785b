import { changesOf } from "../markup.ts"
import type { ReaderConnection } from "./connection.ts"
import { PageReader } from "./page.ts"

/** Reads server-sent events and resumes with `Last-Event-ID`, as browsers do. */
export class EventsReader extends PageReader {
  protected override readonly isOrdered = true

  protected override async connect(connection: ReaderConnection): Promise<void> {
    const headers = { accept: "text/event-stream", "last-event-id": String(this.log.cursor) }
    const response = await this.get("/events", connection.signal, headers)
    if (!response) return

    let unparsed = ""
    await this.readText(response, (text) => {
      connection.touch()
      connection.live()
      const events = (unparsed + text).split("\n\n")
      unparsed = events.pop() ?? ""
      for (const event of events) this.#apply(connection, event)
    })
  }

  #apply(connection: ReaderConnection, event: string): void {
    const lines = event.split("\n")
    const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6))
    for (const change of changesOf(data.join("\n"))) connection.apply(change)
    const id = lines.find((line) => line.startsWith("id: "))?.slice(4)
    if (id) connection.advance(Number(id))
  }
}
