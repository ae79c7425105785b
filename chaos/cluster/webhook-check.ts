import type { Store, StoreContent } from "../store.ts"
import type { Trace } from "../trace.ts"
import type { Person, Room } from "../world.ts"
import type { Caller } from "./caller.ts"
import type { Check } from "./check.ts"

const intervalMs = 100
const pollMs = 50

interface Delivery {
  seq: number
  message: { id: string; content: string }
}

interface WebhookOptions {
  caller: Caller
  owner: Person
  room: Room
  store: Store
  trace: Trace
}

/** Sends messages to a channel with an outgoing webhook, which must get each change once or more, and in order. */
export class WebhookCheck implements Check {
  #delivered = 0
  #repeated = 0
  readonly #caller: Caller
  readonly #trace: Trace
  readonly #owner: Person
  readonly #room: Room
  readonly #store: Store
  readonly #receiver = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      this.#receive((await request.json()) as Delivery)
      return new Response(null, { status: 204 })
    },
  })
  /** The last delivered change of each message. */
  readonly #seqById = new Map<string, number>()
  #lastSeq = 0
  #sent = 0
  #isPaused = false
  #sending: Promise<void> | undefined

  private constructor(options: WebhookOptions) {
    this.#caller = options.caller
    this.#owner = options.owner
    this.#room = options.room
    this.#store = options.store
    this.#trace = options.trace
  }

  static async open(options: WebhookOptions): Promise<WebhookCheck> {
    const check = new WebhookCheck(options)
    const { channelId } = options.room
    const url = `http://127.0.0.1:${check.#receiver.port}/`
    await options.caller.call(options.owner, (client) =>
      client.mutate("createOutgoingWebhook", { channelId, url }),
    )
    return check
  }

  async run(): Promise<void> {
    while (!this.#caller.isStopped) {
      await Bun.sleep(intervalMs)
      if (this.#isPaused) continue

      const content = `for the webhook ${++this.#sent}`
      this.#sending = this.#caller.send(this.#owner, this.#room, { id: crypto.randomUUID(), content })
      await this.#sending
    }
  }

  stop(): void {
    this.#caller.stop()
    this.#receiver.stop(true)
  }

  async pause(): Promise<void> {
    this.#isPaused = true
    await this.#sending
  }

  resume(): void {
    this.#isPaused = false
  }

  summary() {
    return { "changes delivered to a webhook": this.#delivered, "  repeated": this.#repeated }
  }

  async settle(readStore: () => Promise<StoreContent>, deadlineMs: number): Promise<void> {
    const stored = (await readStore()).messages.filter(({ channelId }) => channelId === this.#room.channelId)
    const missing = () => stored.filter(({ id, seq }) => this.#seqById.get(id) !== seq)
    while (missing().length > 0 && Date.now() < deadlineMs) await Bun.sleep(pollMs)
    if (missing().length > 0) {
      const [hooks, sessions] = [
        await this.#store.rows(
          "select failures, last_status, next_try_at, disabled_at from outgoing_webhooks",
        ),
        await this.#store.rows("select pid, application_name, client_port, state from pg_stat_activity"),
      ]
      this.#trace.event("webhook is behind", { hooks, sessions, nowMs: Date.now() })
    }
    for (const { id, seq } of missing()) this.#violation("lost", `Change ${seq} was not delivered`, id)
  }

  #receive({ seq, message: { id } }: Delivery): void {
    this.#delivered++
    const before = this.#seqById.get(id)
    if (before === seq) this.#repeated++
    else if (seq < this.#lastSeq && (before ?? 0) < seq)
      this.#violation("misordered", `Change ${seq} came after change ${this.#lastSeq}`, id)
    this.#seqById.set(id, Math.max(before ?? 0, seq))
    this.#lastSeq = Math.max(this.#lastSeq, seq)
  }

  #violation(kind: "lost" | "misordered", what: string, messageId: string): void {
    this.#trace.violation({ kind, who: "webhook", what, messageId })
  }
}
