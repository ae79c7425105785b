import type { Database } from "../db/database.ts"
import { storageFailure } from "../db/failures.ts"

/** How long a check's result is cached, in milliseconds: each check writes to the disk. */
const cacheTtlMs = 1000
/** How long a failed commit makes the chat unready, in milliseconds. */
const failureTtlMs = 5000

/** Tells a load balancer whether the chat can serve requests. */
export class Readiness {
  readonly #database: Pick<Database, "ping" | "commits">
  readonly #now: () => number
  #heldReason: string | null = null
  #checking: Promise<string | null> | undefined
  #checked: { at: number; reason: string | null } | undefined

  constructor(database: Pick<Database, "ping" | "commits">, now = () => performance.now()) {
    this.#database = database
    this.#now = now
  }

  /** Makes the chat unready until `release`, for example while it starts or stops. */
  hold(reason: string): void {
    this.#heldReason = reason
  }

  /** Ends `hold`. */
  release(): void {
    this.#heldReason = null
  }

  /** Why the chat cannot serve requests, as a sentence; `null` when it can. */
  async reason(): Promise<string | null> {
    if (this.#heldReason) return this.#heldReason
    if (this.#checked && this.#now() - this.#checked.at < cacheTtlMs) return this.#checked.reason

    this.#checking ??= this.#checkDatabase().finally(() => {
      this.#checking = undefined
    })
    const reason = await this.#checking
    this.#checked = { at: this.#now(), reason }
    return reason
  }

  /** Reads and writes, because a database on a full disk or under a lock can still be read. */
  async #checkDatabase(): Promise<string | null> {
    const { commits } = this.#database
    try {
      await this.#database.ping()
      const { failure } = commits
      // Without new writes no success would ever clear the failure, so it expires.
      const isRecent = failure && performance.now() - failure.at < failureTtlMs
      return isRecent ? sentence(failure.cause) : null
    } catch (error) {
      return sentence(storageFailure(error)?.cause ?? "it does not answer")
    }
  }
}

function sentence(cause: string): string {
  return `The database cannot be used: ${cause}`
}
