import { SequenceTracker } from "../sidekick/sequence-tracker.ts"
import type { BusEvent } from "./bus.ts"
import type { BusFrame } from "./bus-frame.ts"

/** After this long without a frame a node counts as gone, in milliseconds. */
export const nodeSilenceMs = 10_000

/** The other nodes, and what was heard of each. */
export class Peers {
  readonly #trackers = new Map<string, SequenceTracker>()
  readonly #published = new Map<string, number>()
  readonly #onEvent: (event: BusEvent) => void
  readonly #now: () => number

  constructor(onEvent: (event: BusEvent) => void, now: () => number = performance.now.bind(performance)) {
    this.#onEvent = onEvent
    this.#now = now
  }

  get nodes(): string[] {
    return [...this.#trackers.keys()]
  }

  /** How many posts of a node were published up to its last frame; 0 for one that was not heard. */
  published(node: string): number {
    return this.#published.get(node) ?? 0
  }

  /** Notes a frame. Returns whether its posts are new; reports first whether some before it were missed. */
  accept({ from, number, last, posts, published }: Omit<BusFrame, "sentAt">): boolean {
    const known = this.#trackers.get(from)
    const tracker = known ?? new SequenceTracker(this.#now)
    const decision = tracker.check({ from, number, last, posts })
    if (!known) {
      this.#trackers.set(from, tracker)
      const isNew = number === (posts.length > 0 ? 1 : 0)
      this.#onEvent({ kind: "joined", node: from, isNew })
    } else if (decision === "reset") this.#onEvent({ kind: "missed", node: from })
    if (decision !== "ignore") this.#published.set(from, published)
    return decision !== "ignore"
  }

  /** Forgets a node that has ended. Call it after its last posts were handled. */
  forget(node: string, isSilent = false): void {
    this.#published.delete(node)
    if (this.#trackers.delete(node)) this.#onEvent({ kind: "left", node, isSilent })
  }

  /** Forgets nodes that were silent for too long. */
  forgetSilent(): void {
    for (const [node, { silentMs }] of this.#trackers) if (silentMs > nodeSilenceMs) this.forget(node, true)
  }
}
