import { changesOf } from "../markup.ts"
import type { ReaderConnection } from "./connection.ts"
import { PageReader } from "./page.ts"

/** Reads over the page's WebSocket. */
export class SocketReader extends PageReader {
  protected override readonly isOrdered = true

  protected override connect(connection: ReaderConnection): Promise<void> {
    const url = `${this.url.replace("http", "ws")}/live?after=${this.log.cursor}`
    const socket = new WebSocket(url, { headers: this.headers })
    socket.onmessage = ({ data }) => {
      connection.touch()
      const text = String(data)
      if (text.startsWith("{")) connection.live()
      else for (const change of changesOf(text)) connection.apply(change)
    }
    connection.signal.addEventListener("abort", () => socket.terminate())
    return new Promise((resolve) => {
      socket.onclose = ({ code }) => {
        if (code === 1013) this.tooSlow++
        if (code >= 4400) this.refused(code - 4000)
        resolve()
      }
      connection.signal.addEventListener("abort", () => resolve())
    })
  }
}
