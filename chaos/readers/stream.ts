import { streamedChanges } from "../markup.ts"
import type { Hearing } from "./hearing.ts"
import { PageReader } from "./page.ts"

/**
 * The page that never ends, for browsers without JavaScript. It comes in the order of reading, not of change: when it
 * ends in the middle, all messages up to the last position are there, but not all changes up to the highest number.
 * So that position is what it comes back with.
 */
export class StreamReader extends PageReader {
  protected override readonly isOrdered = false

  protected override async hear(hearing: Hearing): Promise<void> {
    const answer = await this.get(`/stream?after=${this.log.newest?.position ?? 0}`, hearing.signal)
    if (!answer) return

    let unread = ""
    await this.read(answer, (text) => {
      hearing.heard()
      hearing.live()
      const { changes, end } = streamedChanges(unread + text)
      unread = (unread + text).slice(end)
      for (const change of changes) hearing.take(change)
    })
  }
}
