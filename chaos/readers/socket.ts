import { changesOf } from "../markup.ts"
import type { Hearing } from "./hearing.ts"
import { PageReader } from "./page.ts"

/** The page's WebSocket. */
export class SocketReader extends PageReader {
  protected override readonly isOrdered = true

  protected override hear(hearing: Hearing): Promise<void> {
    const address = `${this.address.replace("http", "ws")}/live?after=${this.log.cursor}`
    const socket = new WebSocket(address, { headers: this.headers })
    socket.onmessage = ({ data }) => {
      hearing.heard()
      const text = String(data)
      if (text.startsWith("{")) hearing.live()
      else for (const change of changesOf(text)) hearing.take(change)
    }
    hearing.signal.addEventListener("abort", () => socket.terminate())
    return new Promise((over) => {
      socket.onclose = ({ code }) => {
        if (code === 1013) this.tooSlow++
        if (code >= 4400) this.refused(code - 4000)
        over()
      }
      hearing.signal.addEventListener("abort", () => over())
    })
  }
}
