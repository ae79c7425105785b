import { asc, eq } from "drizzle-orm"
import { messagePurges } from "../../../drizzle/schema.ts"
import type { Commits, Db, Tx } from "../../db/database.ts"
import type { MessageHooks } from "../messages/hooks.ts"
import { deleteAuthored } from "../moderation/delete-authored.ts"
import type { Publisher } from "../publisher.ts"
import { RecurringDuty } from "../recurring-duty.ts"
import { defineWorker, type Workers } from "../worker.ts"

/** How often it looks for what a failure left, in milliseconds. */
const retryMs = 600_000

interface PurgeServices {
  db: Db
  commits: Commits
  publisher: Publisher
  messageHooks: readonly MessageHooks[]
  workers: Pick<Workers, "isOnDuty" | "wake">
  report(error: unknown, where: string): unknown
}

/** Has all messages of a person deleted. Call `ask` of the duty after the commit. */
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
export class PurgeDuty extends RecurringDuty {
  protected readonly name = "deleting a person's messages"
  protected readonly intervalMs = retryMs
  readonly #services: PurgeServices

  constructor(services: PurgeServices) {
    super(services)
    this.#services = services
  }

  async run(_now = new Date(), isStopped = () => false): Promise<void> {
    const { db, commits } = this.#services
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
