import { type Seen, seenFrom } from "../../tests/integration/transports/page.ts"
import { type WireClient, wireClient } from "../wire.ts"
import type { ReaderConnection } from "./connection.ts"
import { Reader } from "./reader.ts"

const pageLimit = 100

/**
 * A program with the typed client. It subscribes, then reads the messages after its last one. It passes no cursor, so
 * it finds edits and deletions it missed only by reading everything again.
 */
export class ProgramReader extends Reader {
  // Without a cursor announcements may overtake each other: programs compare the number of the change.
  protected override readonly isOrdered = false

  protected override async connect(connection: ReaderConnection): Promise<void> {
    const wire = wireClient(this.proxy.origin, this.client.person.token)
    const ended = Promise.race([
      wire.closed,
      new Promise<void>((resolve) => connection.signal.addEventListener("abort", () => resolve())),
    ])
    await Promise.race([this.#join(wire, connection), ended])
    if (connection.isLive) await ended
    wire.client.disconnect()
  }

  /** Reads the whole log, newest page first. */
  protected override async scrollBack(): Promise<boolean> {
    const { client } = wireClient(this.proxy.origin, this.client.person.token)
    const { channelId } = this.room
    let isComplete = false
    for (let before: string | undefined; !isComplete; ) {
      const { data } = await client.query("getMessages", { channelId, limit: pageLimit, before })
      if (!data) break

      for (const message of data.map(seenFrom)) this.log.putIfNewer(message)
      before = data[0]?.id
      isComplete = data.length < pageLimit
    }
    client.disconnect()
    return isComplete
  }

  async #join({ client }: WireClient, connection: ReaderConnection): Promise<void> {
    const connected = await client.connect("chat", this.room, {})
    if (!connected.success) return

    // Messages that arrive before the missed ones were read wait here.
    const early: Seen[] = []
    let onMessage: (message: Seen) => void = (message) => early.push(message)
    try {
      await client.subscribe("chat", this.room, connected.token, (message) => {
        connection.touch()
        onMessage(seenFrom(message))
      })
    } catch {
      return
    }
    if (!(await this.#readMissed(client, connection))) return

    onMessage = (message) => connection.applyMessage(message)
    for (const message of early) onMessage(message)
    connection.live()
  }

  /** Reads the messages after the last one in the log; resolves to whether it succeeded. */
  async #readMissed(client: WireClient["client"], connection: ReaderConnection): Promise<boolean> {
    const { channelId } = this.room
    for (let hasMore = true; hasMore; ) {
      const after = this.log.newest?.id
      const { data, error } = await client.query("getMessages", { channelId, limit: pageLimit, after })
      if (error?.code === 404) {
        const what = "The server does not know a message that it delivered"
        this.client.trace.violation({ kind: "lost", who: this.name, what, messageId: after })
      }
      if (!data) return false

      connection.touch()
      for (const message of data.map(seenFrom)) this.log.putIfNewer(message)
      hasMore = after !== undefined && data.length === pageLimit
    }
    return true
  }
}
