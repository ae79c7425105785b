import type { Seen } from "../../tests/integration/transports/page.ts"

/** The messages a reader shows of one channel. It outlives connections. */
export class ReaderLog {
  readonly #messages = new Map<string, Seen>()
  /** The `seq` of the last change applied. */
  cursor = 0
  /** The shown message with the highest position. */
  newest: Seen | undefined
  /** The log is complete from this position on; 0 means from the beginning. */
  floor = 0

  get size(): number {
    return this.#messages.size
  }

  has(id: string): boolean {
    return this.#messages.has(id)
  }

  /** Replaces the message with the same id, or inserts it. */
  put(message: Seen): void {
    this.#messages.set(message.id, message)
    this.cursor = Math.max(this.cursor, message.seq)
    if (message.position >= (this.newest?.position ?? 0)) this.newest = message
  }

  /** For transports whose deliveries may overtake each other: the newer version wins. */
  putIfNewer(message: Seen): void {
    if (message.seq > (this.#messages.get(message.id)?.seq ?? 0)) this.put(message)
  }

  /** Replaces a shown message; ignores one that is not shown. */
  replace(message: Seen): void {
    if (this.has(message.id)) this.put(message)
    else this.cursor = Math.max(this.cursor, message.seq)
  }

  /** Replaces the whole log. Older messages than `messages` can be had by scrolling back. */
  reset(messages: Seen[]): void {
    this.#messages.clear()
    this.floor = Number.POSITIVE_INFINITY
    this.prepend(messages)
  }

  /** Adds a page of history. */
  prepend(messages: Seen[]): void {
    for (const message of messages) this.putIfNewer(message)
    this.floor = Math.min(this.floor, ...messages.map(({ position }) => position))
  }

  inOrder(): Seen[] {
    return [...this.#messages.values()].sort((a, b) => a.position - b.position)
  }
}
