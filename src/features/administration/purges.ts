import { asc, eq } from "drizzle-orm"
import { messagePurges } from "../../../drizzle/schema.ts"
import type { Commits, Db, Tx } from "../../db/database.ts"
import type { MessageHooks } from "../messages/hooks.ts"
import { deleteAuthored } from "../moderation/delete-authored.ts"
import type { Publisher } from "../publisher.ts"
import { defineWorker, type Workers } from "../worker.ts"

/** How long to wait after a failure. */
const retryMs = 60_000

interface PurgeServices {
  db: Db
  commits: Commits
  publisher: Publisher
  messageHooks: readonly MessageHooks[]
  workers: Pick<Workers, "isOnDuty" | "wake">
  report(error: unknown, where: string): unknown
}

/** Has all messages of a person deleted. Call `schedule` after the commit. */
export async function insertPurge(tx: Tx, userId: string): Promise<void> {
  await tx.insert(messagePurges).values({ userId }).onConflictDoNothing().run()
}

async function findNext(db: Db): Promise<string | undefined> {
  const next = await db
    .select({ userId: messagePurges.userId })
    .from(messagePurges)
    .orderBy(asc(messagePurges.createdAt))
    .limit(1)
    .get()
  return next?.userId
}

/**
 * Deletes all messages of people whom an administrator suspended for them, in the background: there may be many. Cut short
 * anywhere, the next start continues with what is left.
 */
export class PurgeDuty {
  readonly #services: PurgeServices
  #isStarted = false
  #running: Promise<void> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(services: PurgeServices) {
    this.#services = services
  }

  start(): void {
    this.#isStarted = true
    this.schedule()
  }

  wake(): void {
    this.schedule()
  }

  stop(): void {
    this.close()
  }

  close(): void {
    this.#isStarted = false
    clearTimeout(this.#timer)
  }

  /** Begins with what there is to do. Call it when there is something new. */
  schedule(): void {
    const { workers, report } = this.#services
    if (!workers.isOnDuty) {
      workers.wake()
      return
    }
    if (!this.#isStarted) return

    clearTimeout(this.#timer)
    this.#running ??= this.#run()
      .catch((error) => {
        report(error, "deleting a person's messages")
        this.#timer = setTimeout(() => this.schedule(), retryMs)
        this.#timer.unref()
      })
      .finally(() => {
        this.#running = undefined
      })
  }

  async #run(): Promise<void> {
    const { db, commits } = this.#services
    const isStopped = () => !this.#isStarted
    for (let userId = await findNext(db); userId !== undefined; userId = await findNext(db)) {
      const ofUser = eq(messagePurges.userId, userId)
      if (!(await deleteAuthored(this.#services, userId, isStopped))) return
      await commits.note("nothing", (tx) => tx.delete(messagePurges).where(ofUser).run())
    }
  }
}

export const purgeDuty = defineWorker(
  (services: PurgeServices & { workers: Workers }) => new PurgeDuty(services),
)
