import { RefusedError } from "../senders/transport.ts"
import { responseTimeoutMs, type WireClient, wireClient } from "../wire.ts"
import { type Person, pathOf, type Room } from "../world.ts"

const retryMs = 50

type Result<T> = { success: true; data: T } | { success: false; error: { message: string; code: number } }

/** Asks one node after another until one answers, as a client behind a balancer does. */
export class Caller {
  readonly #nextPort: () => number
  #isStopped = false

  constructor(nextPort: () => number) {
    this.#nextPort = nextPort
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  /** Ends all attempts. */
  stop(): void {
    this.#isStopped = true
  }

  /** Resolves to the data; to `undefined` when refused or stopped. */
  async call<T>(
    person: Person,
    procedure: (client: WireClient["client"]) => Promise<Result<T>>,
  ): Promise<T | undefined> {
    while (!this.#isStopped) {
      const { client } = wireClient(this.#origin(), person.token)
      const result = await procedure(client).catch(() => undefined)
      client.disconnect()
      if (result?.success) return result.data
      if (result && result.error.code >= 400 && result.error.code < 500 && result.error.code !== 429)
        return undefined
      await Bun.sleep(retryMs)
    }
    return undefined
  }

  /** Sends a message by the form; the same id makes it one message, however often it is sent. */
  async send(person: Person, room: Room, message: { id: string; content: string }): Promise<void> {
    while (!this.#isStopped) {
      try {
        const origin = this.#origin()
        const response = await fetch(`${origin}${pathOf(room)}/messages`, {
          method: "POST",
          redirect: "manual",
          headers: { cookie: person.cookie, origin, accept: "application/json" },
          body: new URLSearchParams(message),
          signal: AbortSignal.timeout(responseTimeoutMs),
        })
        await response.body?.cancel()
        if (response.status === 200) return
        if (response.status < 500 && response.status !== 429) throw new RefusedError(response.status)
      } catch (error) {
        if (error instanceof RefusedError) throw error
      }
      await Bun.sleep(retryMs)
    }
  }

  #origin(): string {
    return `http://127.0.0.1:${this.#nextPort()}`
  }
}
