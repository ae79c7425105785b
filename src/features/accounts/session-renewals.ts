import { and, gt, sql } from "drizzle-orm"
import { sessions } from "../../../drizzle/schema.ts"
import type { Commits, Tx } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { defineWorker } from "../worker.ts"
import { sessionSeconds } from "./open-session.ts"

/** How long renewals are gathered, in milliseconds. */
const gatherMs = 1000
/** Renewals of one commit: other commits wait meanwhile. */
const batchSize = 500

interface RenewalServices {
  commits: Commits
  report(error: unknown, where: string): unknown
}

/**
 * Renews sessions as better-auth does, but many in one commit, and nobody waits for it: after an outage thousands of
 * people come back whose sessions are due. A lost renewal is made up for at the next use of the session.
 */
export class SessionRenewals {
  readonly #services: RenewalServices
  #due = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(services: RenewalServices) {
    this.#services = services
  }

  /** Renews a session within about a second. */
  add(sessionId: string): void {
    if (this.#isClosed) return

    this.#due.add(sessionId)
    this.#timer ??= setTimeout(() => {
      this.write().catch((error) => this.#services.report(error, "renewing sessions"))
    }, gatherMs)
  }

  /** Renews what was gathered. Rejects when it cannot be stored. */
  async write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const ids = [...this.#due]
    this.#due = new Set()
    for (let from = 0; from < ids.length; from += batchSize) {
      const batch = ids.slice(from, from + batchSize)
      await this.#services.commits.note("nothing", (tx) => renewSessions(tx, batch, new Date()))
    }
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }
}

export const sessionRenewals = defineWorker((services: RenewalServices) => new SessionRenewals(services))

/** Renews those of the sessions that have not ended meanwhile. */
async function renewSessions(tx: Tx, ids: string[], now: Date): Promise<void> {
  await tx
    .update(sessions)
    .set({ expiresAt: new Date(now.getTime() + sessionSeconds * 1000), updatedAt: now })
    .where(and(sql`${sessions.id} in ${textsIn(tx, JSON.stringify(ids))}`, gt(sessions.expiresAt, now)))
    .run()
}
