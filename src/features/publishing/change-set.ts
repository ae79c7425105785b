import type { Db } from "../../db/open.ts"
import type { Message } from "../messages/contract.ts"

/**
 * What one commit changes and others must be told: messages of channel logs, and work that follows. Functions that
 * write to a log take it, so that a change cannot be stored without being announced. Only `Publisher` makes one.
 */
export class ChangeSet {
  readonly #messages: Message[] = []
  readonly #effects: (() => void)[] = []

  /** `tx` is the database inside the commit. */
  constructor(readonly tx: Db) {}

  /** A message as it is after a change that took the next `seq` of its channel. */
  collect(message: Message): void {
    this.#messages.push(message)
  }

  /** Runs `effect` once the commit is durable; never when it is undone. */
  afterCommit(effect: () => void): void {
    this.#effects.push(effect)
  }

  /** The changed messages, in the order of their channels' logs. */
  get messages(): Message[] {
    return this.#messages.toSorted((a, b) => a.seq - b.seq)
  }

  get effects(): readonly (() => void)[] {
    return this.#effects
  }
}
