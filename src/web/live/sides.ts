import type { Group } from "./feed.ts"
import { SocketGroup, StreamGroup } from "./groups.ts"
import type { Update } from "./update.ts"

/**
 * Something told to pages beside what they are about: the same bytes to all who hear it, by socket or events. A page
 * hears many of them over its one connection.
 */
export class Side {
  readonly sockets: SocketGroup
  readonly events = new StreamGroup("")

  constructor(topic: string, publish: (topic: string, data: string) => void) {
    this.sockets = new SocketGroup(topic, publish)
  }

  tell(update: Update): void {
    const groups: Group[] = [this.sockets, this.events]
    for (const group of groups) group.send([update])
  }
}

/** How a connection begins and ceases to hear something. */
export interface Hearer {
  join(side: Side): void
  leave(side: Side): void
}

/** The sides someone hears, as they change; all of their connections hear the same. */
export class Sides {
  readonly #sides = new Set<Side>()
  readonly #hearers = new Set<Hearer>()

  /** Lets a connection hear all of them, from now on. */
  follow(hearer: Hearer): void {
    this.#hearers.add(hearer)
    for (const side of this.#sides) hearer.join(side)
  }

  /** It has ended, if it ever followed. */
  unfollow(hearer: Hearer): void {
    if (!this.#hearers.delete(hearer)) return
    for (const side of this.#sides) hearer.leave(side)
  }

  add(side: Side): void {
    this.#sides.add(side)
    for (const hearer of this.#hearers) hearer.join(side)
  }

  delete(side: Side): void {
    this.#sides.delete(side)
    for (const hearer of this.#hearers) hearer.leave(side)
  }
}
