import { streamedChanges } from "../markup.ts"
import type { ReaderConnection } from "./connection.ts"
import { PageReader } from "./page.ts"

/**
 * Reads the streamed page for browsers without JavaScript. It arrives in the order of the page, not of changes: when
 * it ends early, all messages up to the last position have arrived, but not all changes up to the highest `seq`. So
 * the position is the cursor.
 */
export class StreamReader extends PageReader {
  protected override readonly isOrdered = false

  protected override async connect(connection: ReaderConnection): Promise<void> {
    const response = await this.get(`/stream?after=${this.log.newest?.position ?? 0}`, connection.signal)
    if (!response) return

    let unparsed = ""
    await this.readText(response, (text) => {
      connection.touch()
      connection.live()
      const { changes, end } = streamedChanges(unparsed + text)
      unparsed = (unparsed + text).slice(end)
      for (const change of changes) connection.apply(change)
    })
  }
}
