import type { Config } from "../../config.ts"
import type { Commits, Db } from "../../db/database.ts"
import { mailer } from "../email-addresses/mailer.ts"
import { RecurringDuty } from "../recurring-duty.ts"
import { tokenHash } from "../token-hash.ts"
import { defineWorker, type Workers } from "../worker.ts"
import { mailEveryHours, missedMinutes } from "./contract.ts"
import { maxNamedInMail, missedMail } from "./mail.ts"
import { claimMail, listMissed, listRecipients, type Recipient } from "./store.ts"
import { unsubscribeToken } from "./unsubscribing.ts"

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** People that one statement returns. */
const pageSize = 100

interface DutyServices {
  db: Db
  commits: Commits
  config: Config
  workers: Pick<Workers, "isOnDuty" | "wake" | "get">
  report(error: unknown, where: string): unknown
}

/** Sends e-mail about missed messages: 15 minutes after the first one, and then at most once a day. A mail
 * is noted before it is sent, so that a crash may lose one, and never repeats one.
 */
export class MissedMailDuty extends RecurringDuty {
  protected readonly name = "writing of what was missed"
  protected readonly intervalMs = minuteMs
  readonly #services: DutyServices

  constructor(services: DutyServices) {
    super(services)
    this.#services = services
  }

  async run(now = new Date(), isStopped = () => false): Promise<void> {
    if (!this.#services.workers.get(mailer).isOffered) return
    const ago = (ms: number) => new Date(now.getTime() - ms)
    const day = mailEveryHours * hourMs
    const times = {
      now,
      mailedBefore: ago(day),
      missedBefore: ago(missedMinutes * minuteMs),
      since: ago(day),
    }
    let after = ""
    while (!isStopped()) {
      const page = await listRecipients(this.#services.db, after, pageSize, times)
      for (const recipient of page) {
        if (isStopped()) return
        await this.#mail(recipient, times)
        after = recipient.userId
      }
      if (page.length < pageSize) return
    }
  }

  async #mail(recipient: Recipient, times: { now: Date; missedBefore: Date; since: Date }): Promise<void> {
    const { db, commits, config, workers } = this.#services
    const { userId, lastMailedAt } = recipient
    const asked = { since: lastMailedAt ?? times.since, limit: maxNamedInMail + 1 }
    const missed = await listMissed(db, userId, asked)
    // The rest may be what they may not read any more.
    if (!missed.some(({ at }) => at <= times.missedBefore)) return

    const unsubscribeHash = tokenHash(unsubscribeToken(config, userId))
    const claimed = { lastMailedAt: times.now, unsubscribeHash }
    if (!(await commits.decide((tx) => claimMail(tx, recipient, claimed)))) return

    workers.get(mailer).send(() => missedMail({ db, config }, recipient, missed))
  }
}

export const missedMailDuty = defineWorker((services: DutyServices) => new MissedMailDuty(services))
