import ION from "@covenant-rpc/ion"
import type { ConnectionSelector, EvictReason, Grant, ServerToSidekickConnection } from "../kernel/index.ts"
import type { Logger } from "../observability/log.ts"
import { Outbox, type OutboxItem } from "./outbox.ts"
import { heartbeatMs } from "./protocol.ts"

/** Timeout of a post, in milliseconds. The reference sidekick takes 3,000 to refuse a wrong secret. */
const postTimeoutMs = 5000

interface RemoteSidekickOptions {
  url: string
  secret: string
  log: Logger
}

/**
 * A server's connection to a standalone sidekick. Only `addConnection` waits for the sidekick; announcements and
 * evictions are queued (`Outbox`) and never fail.
 */
export class RemoteSidekick implements ServerToSidekickConnection {
  readonly #options: RemoteSidekickOptions
  readonly #outbox: Outbox
  /** Identifies this process: a sidekick that sees a new one knows that the server was restarted. */
  readonly #from = crypto.randomUUID()
  readonly #heartbeat: ReturnType<typeof setInterval>
  /** The sidekick is the reference implementation: it answered `/batch` with 404. */
  #isReference = false

  constructor(options: RemoteSidekickOptions) {
    const { log, url } = options
    this.#options = options
    this.#outbox = new Outbox({
      send: (items, number) => this.#send(items, number),
      onDown: (failure) => log.warn(`The sidekick cannot be reached: ${failure.message}`, { url }),
      onUp: (lost) => log.info("The sidekick is reachable again", { url, lost }),
      onOverflow: (lost) =>
        log.warn("The sidekick is too slow, so its clients must reconnect", { url, lost }),
    })
    // The first one tells the sidekick that a new server process has started.
    this.#outbox.heartbeat()
    this.#heartbeat = setInterval(() => this.#outbox.heartbeat(), heartbeatMs)
    this.#heartbeat.unref()
  }

  /** Whether the sidekick was reached last time, and how many announcements were lost since the start. */
  stats(): { isUp: boolean; lost: number } {
    return { isUp: this.#outbox.isUp, lost: this.#outbox.lost }
  }

  /** Resolves once the sidekick has the grant, because its client will use the token at once. */
  addConnection(grant: Grant): Promise<Error | null> {
    return new Promise((settle) => this.#outbox.add({ path: "/connection", body: encode(grant), settle }))
  }

  /** Queues an announcement. Resolves at once with `null`: clients that miss it reconnect and read the log. */
  async postMessage(message: { channel: string; params: unknown; data: unknown }): Promise<null> {
    this.#outbox.add({ path: "/message", body: encode(message) })
    return null
  }

  /** Queues an update of resources. Resolves at once with `null`. */
  async update(resources: string[]): Promise<null> {
    this.#outbox.add({ path: "/resources", body: encode({ resources }) })
    return null
  }

  /** Queues an eviction. It takes effect before anything that is announced later. */
  evict(which: ConnectionSelector, reason: EvictReason): void {
    this.#outbox.add({ path: "/evict", body: encode({ which, reason }) })
  }

  /** Resolves with `true` once everything queued so far has arrived, and with `false` when it was lost. */
  async flushed(): Promise<boolean> {
    return (await this.#outbox.flush()) === null
  }

  /**
   * Sends what is queued, then a last batch that says the log is complete: the sidekick keeps its clients until the
   * server is back. Without that batch it disconnects them, so a failure here is harmless.
   */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat)
    const number = await this.#outbox.close()
    if (number === null || this.#isReference) return
    await this.#post("/batch", this.#encodeBatch([], number, true)).catch(() => {})
  }

  async #send(items: OutboxItem[], number: number): Promise<Error | null> {
    try {
      // The reference sidekick may have been replaced by ours, so every heartbeat tries a batch again.
      if (!this.#isReference || items.length === 0) {
        const response = await this.#post("/batch", this.#encodeBatch(items, number, false))
        this.#isReference = response.status === 404
        if (!this.#isReference) return failureOf(response)
      }
      return await this.#sendEach(items)
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  /** One request per item, as the reference protocol has it. It has no evictions, so those are left out. */
  async #sendEach(items: OutboxItem[]): Promise<Error | null> {
    for (const { path, body } of items) {
      if (path === "/evict") continue
      const failure = failureOf(await this.#post(path, body))
      if (failure) return failure
    }
    return null
  }

  #encodeBatch(items: OutboxItem[], number: number, last: boolean): string {
    const posts = items.map(({ path, body }) => `{"path":"${path}","body":${body}}`)
    return `{"from":"${this.#from}","number":${number},"last":${last},"posts":[${posts.join(",")}]}`
  }

  async #post(path: string, body: string): Promise<Response> {
    const { url, secret } = this.#options
    const response = await fetch(url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body,
      // A redirect must not carry the secret to another server.
      redirect: "manual",
      signal: AbortSignal.timeout(postTimeoutMs),
    })
    await response.arrayBuffer()
    return response
  }
}

function encode(value: object): string {
  return ION.stringify(value as never)
}

function failureOf({ ok, status }: Response): Error | null {
  if (ok) return null
  if (status === 401)
    return new Error("it refuses the secret: SIDEKICK_SECRET must be the same on both sides")

  return new Error(`it answers with ${status}`)
}
