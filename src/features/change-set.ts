import type { Db } from "../db/open.ts"
import type { Message } from "./messages/contract.ts"
import type { EndedAccess } from "./permissions/evictions.ts"

/**
 * What follows from one commit: changed messages to announce, ended access to enforce, other work to start. Functions
 * that change a log or end access take it, so that a change cannot be stored and the rest forgotten. Only `Publisher`
 * makes one.
 */
export class ChangeSet {
  readonly #messages: Message[] = []
  readonly #ended: EndedAccess[] = []
  readonly #effects: (() => void)[] = []

  /** `tx` is the database inside the commit. */
  constructor(readonly tx: Db) {}

  /** A message as it is after a change that took the next `seq` of its channel. */
  collect(message: Message): void {
    this.#messages.push(message)
  }

  /** Access that this commit ends: a session, a membership, a channel. */
  end(access: EndedAccess): void {
    this.#ended.push(access)
  }

  /** Runs `effect` once the commit is durable; never when it is undone. */
  afterCommit(effect: () => void): void {
    this.#effects.push(effect)
  }

  /** The changed messages, in the order of their channels' logs. */
  get messages(): Message[] {
    return this.#messages.toSorted((a, b) => a.seq - b.seq)
  }

  get ended(): readonly EndedAccess[] {
    return this.#ended
  }

  get effects(): readonly (() => void)[] {
    return this.#effects
  }
}
