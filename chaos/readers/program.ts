import { type Seen, seenFrom } from "../../tests/integration/transports/page.ts"
import { type WireClient, wireClient } from "../wire.ts"
import type { Hearing } from "./hearing.ts"
import { Reader } from "./reader.ts"

const limit = 100

/**
 * A program with the typed client. It subscribes, then reads what came after the last message it has. The wire has
 * no cursor yet: what was edited or deleted while it was away it finds only by reading everything again.
 */
export class ProgramReader extends Reader {
  // Announcements of one moment may overtake each other: programs go by the number of the change.
  protected override readonly isOrdered = false

  protected override async hear(hearing: Hearing): Promise<void> {
    const wire = wireClient(this.line.origin, this.seat.person.token)
    const ended = Promise.race([
      wire.closed,
      new Promise<void>((resolve) => hearing.signal.addEventListener("abort", () => resolve())),
    ])
    await Promise.race([this.#join(wire, hearing), ended])
    if (hearing.isLive) await ended
    wire.client.disconnect()
  }

  /** Reads everything, from the end to the beginning. */
  protected override async scrollBack(): Promise<boolean> {
    const { client } = wireClient(this.line.origin, this.seat.person.token)
    const { channelId } = this.room
    let isRead = false
    for (let before: string | undefined; !isRead; ) {
      const { data } = await client.query("getMessages", { channelId, limit, before })
      if (!data) break

      for (const message of data.map(seenFrom)) this.log.putIfNewer(message)
      before = data[0]?.id
      isRead = data.length < limit
    }
    client.disconnect()
    return isRead
  }

  async #join({ client }: WireClient, hearing: Hearing): Promise<void> {
    const connected = await client.connect("chat", this.room, {})
    if (!connected.success) return

    const early: Seen[] = []
    let hear: (message: Seen) => void = (message) => early.push(message)
    try {
      await client.subscribe("chat", this.room, connected.token, (message) => {
        hearing.heard()
        hear(seenFrom(message))
      })
    } catch {
      return
    }
    if (!(await this.#readOn(client, hearing))) return

    hear = (message) => hearing.takeMessage(message)
    for (const message of early) hear(message)
    hearing.live()
  }

  /** Reads what came after the last message it has; resolves to whether it could. */
  async #readOn(client: WireClient["client"], hearing: Hearing): Promise<boolean> {
    const { channelId } = this.room
    for (let isMore = true; isMore; ) {
      const after = this.log.newest?.id
      const { data, error } = await client.query("getMessages", { channelId, limit, after })
      if (error?.code === 404) {
        this.seat.trace.violate("lost", this.name, "What it has is not known to the server", after)
      }
      if (!data) return false

      hearing.heard()
      for (const message of data.map(seenFrom)) this.log.putIfNewer(message)
      isMore = after !== undefined && data.length === limit
    }
    return true
  }
}
