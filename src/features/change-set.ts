import type { Tx } from "../db/database.ts"
import type { Message } from "./messages/contract.ts"
import type { EndedAccess } from "./permissions/evictions.ts"

/**
 * Collects what follows from one commit: changed messages to announce, ended access to enforce, effects to run. Functions
 * that change a log or end access require it, so that no change can be stored without being announced. Only `Publisher`
 * creates one.
 */
export class ChangeSet {
  readonly #messages: Message[] = []
  readonly #ended: EndedAccess[] = []
  readonly #effects: (() => void)[] = []
  #keepsBytes = false

  /** `tx` is the handle of the commit. */
  constructor(readonly tx: Tx) {}

  /** Adds a message, in its state after a change that took the next `seq` of its channel. */
  collect(message: Message): void {
    this.#messages.push(message)
  }

  /** Adds access that this commit ends: a session, a membership, a channel. */
  end(access: EndedAccess): void {
    this.#ended.push(access)
  }

  /** Runs `effect` after the commit; never when it is rolled back. */
  afterCommit(effect: () => void): void {
    this.#effects.push(effect)
  }

  /** Deletes bytes after the commit, of what it deletes for good. */
  afterDeletion(effect: () => void): void {
    if (!this.#keepsBytes) this.#effects.push(effect)
  }

  /** What this commit deletes may be restored: later, somebody else deletes its bytes. */
  keepBytes(): void {
    this.#keepsBytes = true
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
