import { storageFailure } from "../db/failures.ts"
import type { Database } from "../db/open.ts"

/** Asking the disk costs a write, so an answer holds for a while, whoever asks. */
const heldMs = 1000
/** A failure to store something counts for so long. */
const recentMs = 5000

/** Whether the chat can serve: what a load balancer asks before it sends people here. */
export class Readiness {
  #held: string | null = null
  #asked: { at: number; reason: string | null } | undefined

  constructor(
    private readonly database: Pick<Database, "sqlite" | "commits">,
    private readonly now: () => number = Date.now,
  ) {}

  /** Not ready for a reason of our own, until `release`. */
  hold(reason: string): void {
    this.#held = reason
  }

  release(): void {
    this.#held = null
  }

  /** Why it cannot serve right now, as a sentence; `null` when it can. */
  reason(): string | null {
    if (this.#held) return this.#held
    if (this.#asked && this.now() - this.#asked.at < heldMs) return this.#asked.reason

    const reason = this.#askDatabase()
    this.#asked = { at: this.now(), reason }
    return reason
  }

  /** Reads and writes: a full disk still reads, and a locked one too. */
  #askDatabase(): string | null {
    const { sqlite, commits } = this.database
    try {
      // A new value each time would be no better: SQLite writes the page whether or not it has changed.
      sqlite.run("PRAGMA user_version = 0")
      sqlite.query("select 1 from users limit 1").get()
      const { failure } = commits
      // Where nothing is stored there is no later success that would clear it.
      const isRecent = failure && performance.now() - failure.at < recentMs
      return isRecent ? sentence(failure.cause) : null
    } catch (error) {
      return sentence(storageFailure(error)?.cause ?? "it does not answer")
    }
  }
}

function sentence(cause: string): string {
  return `The database cannot be used: ${cause}`
}
