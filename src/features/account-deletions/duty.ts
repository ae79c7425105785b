import type { Db } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { deletedPrefix } from "../accounts/contract.ts"
import type { Sessions } from "../accounts/sessions.ts"
import { findUser } from "../accounts/store.ts"
import type { MessageHooks } from "../messages/hooks.ts"
import { deleteAuthored } from "../moderation/delete-authored.ts"
import { resource } from "../permissions/resources.ts"
import type { Publisher } from "../publisher.ts"
import { listServers } from "../servers/store.ts"
import { defineWorker, type Workers } from "../worker.ts"
import { endAccount } from "./end-account.ts"
import { deleteDeletion, findDeletion, findNextDeletion, listDueDeletions, upsertDeletion } from "./store.ts"

/** Longest wait for the next turn: timers hold at most 24 days, and the clock may be set meanwhile. */
const maxWaitMs = 60_000
/** What is due waits so long, so that it follows what made it due. */
const minWaitMs = 250
/** What cannot be deleted yet is tried again after this time. */
const postponedMs = 86_400_000

interface DutyServices {
  db: Db
  publisher: Publisher
  messageHooks: readonly MessageHooks[]
  sessions: Pick<Sessions, "forget">
  workers: Pick<Workers, "isOnDuty" | "wake">
  server: { updateResources(resources: string[]): Promise<void> }
  report(error: unknown, where: string): unknown
}

type IsStopped = () => boolean

/**
 * Deletes accounts when their time has come, first the account and then, where that was chosen, what it wrote. It can be cut
 * short anywhere: the scheduled deletion stays until all is done, and what was deleted already is not found again.
 */
export class DeletionDuty {
  readonly #services: DutyServices
  #timer: ReturnType<typeof setTimeout> | undefined
  #isStarted = false
  #running: Promise<void> | undefined

  constructor(services: DutyServices) {
    this.#services = services
  }

  async start(): Promise<void> {
    this.#isStarted = true
    await this.schedule()
  }

  wake(): Promise<void> {
    return this.schedule()
  }

  stop(): void {
    this.close()
  }

  close(): void {
    this.#isStarted = false
    clearTimeout(this.#timer)
  }

  /** Sets the timer for what is due next. Call it when there is something new. */
  async schedule(leastMs = minWaitMs): Promise<void> {
    const { db, workers } = this.#services
    clearTimeout(this.#timer)
    if (!workers.isOnDuty) return workers.wake()
    if (!this.#isStarted || this.#running) return

    const next = await findNextDeletion(db)
    if (!next || !this.#isStarted) return
    clearTimeout(this.#timer)
    const waitMs = Math.min(Math.max(next.getTime() - Date.now(), leastMs), maxWaitMs)
    this.#timer = setTimeout(() => this.#begin(), waitMs)
    this.#timer.unref()
  }

  #begin(): void {
    this.#running ??= this.run(new Date(), () => !this.#isStarted)
      .then(() => minWaitMs)
      .catch((error) => {
        this.#services.report(error, "deleting accounts")
        return maxWaitMs
      })
      .then((leastMs) => {
        this.#running = undefined
        return this.schedule(leastMs)
      })
  }

  /** Does what is due at a time, unless it is stopped. */
  async run(now = new Date(), isStopped: IsStopped = () => false): Promise<void> {
    for (const { userId, messages } of await listDueDeletions(this.#services.db, now)) {
      if (isStopped() || !(await this.#endAccount(userId, now))) continue
      if (messages === "delete" && !(await deleteAuthored(this.#services, userId, isStopped))) return
      await this.#services.publisher.decide(({ tx }) => deleteDeletion(tx, userId))
    }
  }

  /** `false` when the account stays for now. One that was deleted already stays as it is. */
  async #endAccount(userId: string, now: Date): Promise<boolean> {
    const { db, publisher, server, sessions } = this.#services
    const joined = await listServers(db, userId)
    const outcome = await publisher
      .decide(async (changes) => {
        const deletion = await findDeletion(changes.tx, userId)
        const user = await findUser(changes.tx, userId)
        if (!deletion || !user || deletion.dueAt > now) return "stays"
        if (user.username.startsWith(deletedPrefix)) return "ended before"
        await endAccount(changes, userId, now)
        return "ended"
      })
      .catch((error) => {
        if (error instanceof Refusal) return "refused"
        throw error
      })
    if (outcome === "refused") {
      // Others came into a server of theirs, or the other administrators left. The banner shows the new date.
      await publisher.decide(async ({ tx }) => {
        const deletion = await findDeletion(tx, userId)
        if (!deletion || deletion.dueAt > now) return
        await upsertDeletion(tx, userId, { ...deletion, dueAt: new Date(now.getTime() + postponedMs) })
      })
      sessions.forget({ userId })
    }
    if (outcome === "ended") await server.updateResources(joined.map(({ id }) => resource.members(id)))
    return outcome === "ended" || outcome === "ended before"
  }
}

export const deletionDuty = defineWorker(
  (services: DutyServices & { workers: Workers }) => new DeletionDuty(services),
)
