import type { Logger } from "../observability/log.ts"
import { Outbox, type OutboxItem } from "../sidekick/outbox.ts"
import type { Bus, BusEvent, BusStats, PostHandler } from "./bus.ts"
import { type BusFrame, decodeBusFrame, encodeBody, encodeBusFrame, labelOf } from "./bus-frame.ts"
import { Peers } from "./peers.ts"
import { RedisConnection } from "./redis-connection.ts"

/** How often a node sends a frame, also when it has nothing to say, in milliseconds. */
const heartbeatMs = 1000
/** How long the way of a frame back to its own node may take, in milliseconds. */
const echoTimeoutMs = 3000
/** How often the state is checked, in milliseconds. */
const pollMs = 250
/** What others published longer ago, a node has heard, or it uses no cache. In milliseconds. */
export const maxLagMs = echoTimeoutMs + pollMs
/** How long a node that does not hear itself waits before it connects anew, in milliseconds. */
const renewalMs = 5000
/** Longest delay between attempts to send, in milliseconds. */
const maxRetryMs = 1000
/** How long a closing bus tries to say so, in milliseconds. */
const closeTimeoutMs = 1000

/** Asks every node for a frame, whose number tells whether something was missed. */
const wherePath = "/where"

interface RedisBusOptions {
  url: string
  /** The Redis channel, the same for all nodes of an installation. */
  channel: string
  log: Logger
  report(error: unknown, where: string): unknown
}

/** A bus over publish and subscribe of Redis. */
export class RedisBus implements Bus {
  readonly node: string = crypto.randomUUID()
  readonly #options: RedisBusOptions
  readonly #publisher: RedisConnection
  readonly #subscriber: RedisConnection
  readonly #outbox: Outbox
  readonly #peers = new Peers((event) => this.#emit(event))
  readonly #handlers = new Map<string, PostHandler>()
  readonly #listeners = new Set<(event: BusEvent) => void>()
  readonly #counts = { sent: 0, received: 0, skipped: 0, missed: 0 }
  readonly #poll: ReturnType<typeof setInterval>
  /** When the newest frame that came back was sent. */
  #echoSentAt = Number.NEGATIVE_INFINITY
  #published = 0
  /** How many posts were published up to the last one that was sent. */
  #sent = 0
  #beatAt = Number.NEGATIVE_INFINITY
  readonly #startedAt = performance.now()
  #renewedAt = this.#startedAt
  #state: "starting" | "up" | "down" = "starting"

  constructor(options: RedisBusOptions) {
    const { url, channel, log } = options
    this.#options = options
    this.handle(wherePath, { receive: () => this.#outbox.heartbeat() })
    this.#outbox = new Outbox({
      send: (items, number) => this.#send(items, number),
      gather: () => new Promise((resolve) => setImmediate(resolve)),
      maxRetryMs,
      onDown: () => {},
      onUp: () => this.#ask(),
      onOverflow: (lost) => log.warn("Redis is too slow, so posts to the other nodes were dropped", { lost }),
    })
    const onDown = (cause: Error) => this.#goDown(cause.message)
    const subscription = { channel, onMessage: (text: string) => this.#hear(text) }
    this.#publisher = new RedisConnection({ url, onDown, onUp: () => this.#reachable() })
    this.#subscriber = new RedisConnection({ url, onDown, subscription, onUp: () => this.#ask() })
    this.#poll = setInterval(() => this.#check(), pollMs)
  }

  get isUp(): boolean {
    return performance.now() - this.#echoSentAt < echoTimeoutMs
  }

  get nodes(): string[] {
    return this.#peers.nodes
  }

  get position(): string {
    return `${this.node}.${this.#published}`
  }

  hasHeard(position: string): boolean {
    const [node = "", published] = position.split(".")
    return node === this.node || this.#peers.published(node) >= Number(published)
  }

  publish({ path, topic, body }: { path: string; topic?: string; body: unknown }): void {
    this.publishEncoded({ path, topic, body: encodeBody(body) })
  }

  publishEncoded({ path, topic, body }: { path: string; topic?: string; body: string }): void {
    this.#published++
    this.#outbox.add({ path: labelOf(path, topic), body, place: this.#published })
  }

  handle(path: string, handler: PostHandler): void {
    this.#handlers.set(path, handler)
  }

  subscribe(listener: (event: BusEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  stats(): BusStats {
    return { isUp: this.isUp, nodes: this.nodes.length, lost: this.#outbox.lost, ...this.#counts }
  }

  async close(): Promise<void> {
    clearInterval(this.#poll)
    this.#listeners.clear()
    await Promise.race([this.#sayLast().catch(() => {}), Bun.sleep(closeTimeoutMs)])
    this.#publisher.close()
    this.#subscriber.close()
  }

  async #sayLast(): Promise<void> {
    const number = await this.#outbox.close()
    if (number !== null) await this.#post([], number, true)
  }

  /** What is published during the retry goes with it. */
  #reachable(): void {
    this.#outbox.retry()
    this.#ask()
  }

  /** Asks the others where they are. Only after Redis has acknowledged the subscription, or answers would be missed. */
  #ask(): void {
    if (this.#subscriber.isUp && this.#publisher.isUp) this.publish({ path: wherePath, body: null })
  }

  async #send(items: OutboxItem[], number: number): Promise<Error | null> {
    try {
      await this.#post(items, number)
      this.#counts.sent += items.length
      return null
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error))
      this.#publisher.renew(cause)
      return cause
    }
  }

  async #post(items: OutboxItem[], number: number, last?: boolean): Promise<void> {
    this.#beatAt = performance.now()
    this.#sent = items.at(-1)?.place ?? this.#sent
    const header = { from: this.node, number, sentAt: this.#beatAt, published: this.#sent, last }
    await this.#publisher.send("PUBLISH", [this.#options.channel, encodeBusFrame(header, items)])
  }

  #hear(text: string): void {
    const frame = decodeBusFrame(text)
    if (!frame) return
    if (frame.from === this.node) this.#hearOwn(frame)
    else if (this.#peers.accept(frame)) this.#receive(frame)
  }

  #receive(frame: BusFrame): void {
    for (const { path, topic, parse } of frame.posts) {
      const handler = this.#handlers.get(path)
      if (handler && (handler.wants?.(topic) ?? true)) {
        this.#counts.received++
        this.#run(() => handler.receive(parse(), frame.from))
      } else this.#counts.skipped++
    }
    if (frame.last) this.#peers.forget(frame.from)
  }

  #hearOwn({ sentAt }: BusFrame): void {
    this.#echoSentAt = Math.max(this.#echoSentAt, sentAt)
    if (this.#state === "up" || !this.isUp) return

    this.#state = "up"
    this.#options.log.info("Redis is reachable: this node hears the others")
    this.#emit({ kind: "up" })
  }

  #check(): void {
    const now = performance.now()
    if (now - this.#beatAt >= heartbeatMs - pollMs / 2) this.#outbox.heartbeat()
    this.#peers.forgetSilent()
    const isStarting = this.#state === "starting" && now - this.#startedAt < echoTimeoutMs
    if (this.isUp || isStarting) return

    const cause = new Error("what this node published did not come back in time")
    this.#goDown(cause.message)
    // Both connections may look sound and lead nowhere: only a frame that comes back would show that they work.
    if (now - this.#renewedAt < renewalMs) return
    this.#renewedAt = now
    this.#publisher.renew(cause)
    this.#subscriber.renew(cause)
  }

  #goDown(cause: string): void {
    this.#echoSentAt = Number.NEGATIVE_INFINITY
    if (this.#state === "down") return

    this.#state = "down"
    this.#options.log.warn(`Redis cannot be reached, so this node looks for news in the database: ${cause}`)
    this.#emit({ kind: "down", cause })
  }

  #emit(event: BusEvent): void {
    if (event.kind === "missed") this.#counts.missed++
    for (const listener of this.#listeners) this.#run(() => listener(event))
  }

  #run(work: () => unknown): void {
    try {
      work()
    } catch (error) {
      this.#options.report(error, "a post of another node")
    }
  }
}
