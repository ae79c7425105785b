import type { Seen } from "../../tests/integration/transports/page.ts"

/** A channel as one reader has it before them: it stays when a connection is lost, and goes on with the next. */
export class ReaderLog {
  readonly #messages = new Map<string, Seen>()
  /** The last change it shows. */
  cursor = 0
  /** The last message it shows, by position. */
  newest: Seen | undefined
  /** It is whole from this position on; 0: from the beginning. */
  floor = 0

  get size(): number {
    return this.#messages.size
  }

  has(id: string): boolean {
    return this.#messages.has(id)
  }

  /** In place of what has its id, else where its position says. */
  put(message: Seen): void {
    this.#messages.set(message.id, message)
    this.cursor = Math.max(this.cursor, message.seq)
    if (message.position >= (this.newest?.position ?? 0)) this.newest = message
  }

  /** As a program does that may hear of something late: the newer version counts. */
  putIfNewer(message: Seen): void {
    if (message.seq > (this.#messages.get(message.id)?.seq ?? 0)) this.put(message)
  }

  /** A change of what it has; what it does not have, it does not show. */
  replace(message: Seen): void {
    if (this.has(message.id)) this.put(message)
    else this.cursor = Math.max(this.cursor, message.seq)
  }

  /** In place of everything. What came before `messages` can be had by scrolling back. */
  reset(messages: Seen[]): void {
    this.#messages.clear()
    this.floor = Number.POSITIVE_INFINITY
    this.prepend(messages)
  }

  /** A page of history. */
  prepend(messages: Seen[]): void {
    for (const message of messages) this.putIfNewer(message)
    this.floor = Math.min(this.floor, ...messages.map(({ position }) => position))
  }

  inOrder(): Seen[] {
    return [...this.#messages.values()].sort((a, b) => a.position - b.position)
  }
}
