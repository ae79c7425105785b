import type { Transporter } from "nodemailer"
import type { Config } from "../../config.ts"
import type { Commits, Db } from "../../db/database.ts"
import type { Logger } from "../../observability/log.ts"
import { RecurringDuty } from "../recurring-duty.ts"
import type { Outside } from "../services.ts"
import { defineWorker, type Workers } from "../worker.ts"
import {
  countMails,
  deleteMail,
  findNextDue,
  insertMail,
  type Mail,
  postponeMail,
  takeDue,
  type WaitingMail,
} from "./queue.ts"

/** Finds out whether a message is to be sent, and writes it. */
export type WriteMail = () => Promise<Mail | undefined>

/** Messages that wait, together with those that are tried again. */
const maxWaiting = 1000
/** How long to wait before each further attempt: a mail server that greylists accepts after minutes. */
const waitsMs = [2_000, 15_000, 60_000, 300_000, 900_000]
const smtpTimeoutMs = 30_000
/** While a process tries to deliver a message, no other does; when it ends meanwhile, another one does afterwards. */
const leaseMs = 4 * smtpTimeoutMs
/** How often it looks for what a process left that has ended. */
const intervalMs = 60_000

interface MailerServices {
  db: Db
  commits: Commits
  config: Pick<Config, "mail" | "authSecret">
  log: Logger
  outside: Outside
  workers: Pick<Workers, "isOnDuty" | "wake">
  report(error: unknown, where: string): unknown
}

/**
 * Sends e-mail in the background, one message at a time: the request is answered before anything about it is looked up.
 * E-mails are stored until they are sent. The process that wrote one tries first; the duty retries.
 */
export class Mailer extends RecurringDuty {
  protected readonly name = "sending e-mail"
  protected readonly intervalMs = intervalMs
  readonly #services: MailerServices
  readonly #queue: WriteMail[] = []
  #transport: Promise<Transporter> | undefined
  #writing: Promise<void> | undefined
  #nextTimer: ReturnType<typeof setTimeout> | undefined

  constructor(services: MailerServices) {
    super(services)
    this.#services = services
  }

  /** Whether this chat sends e-mail. */
  get isOffered(): boolean {
    return this.#services.config.mail !== null
  }

  /** Queues a message; drops it when too many wait. */
  send(write: WriteMail): void {
    if (this.#queue.length >= maxWaiting) {
      this.#dropped()
      return
    }

    this.#queue.push(write)
    // Not in this turn: the answer of the request goes first.
    this.#writing ??= new Promise<void>((begin) => setTimeout(begin)).then(() => this.#writeAll())
  }

  /** Sends due messages, and sets a timer for the next ones. */
  override async run(_now?: Date, isStopped = () => false): Promise<void> {
    const { db, commits, config } = this.#services
    if (!config.mail) return

    while (!isStopped()) {
      const now = new Date()
      const isDue = ((await findNextDue(db)) ?? now) < now
      const until = new Date(now.getTime() + leaseMs)
      const taken = isDue
        ? await commits.note("nothing", (tx) => takeDue(tx, config, { now, until }))
        : undefined
      if (!taken) break
      await this.#deliver(taken)
    }
    const next = await findNextDue(db)
    clearTimeout(this.#nextTimer)
    if (!next || isStopped()) return
    this.#nextTimer = setTimeout(() => this.wake(), Math.max(1, next.getTime() - Date.now() + 1))
    this.#nextTimer.unref()
  }

  override close(): void {
    super.close()
    this.#queue.length = 0
    clearTimeout(this.#nextTimer)
    void this.#transport?.then((transport) => transport.close())
  }

  async #writeAll(): Promise<void> {
    for (let write = this.#queue.shift(); write; write = this.#queue.shift()) {
      try {
        const mail = await write()
        if (mail) await this.#storeAndDeliver(mail)
      } catch (error) {
        this.#services.report(error, "writing e-mail")
      }
    }
    this.#writing = undefined
  }

  async #storeAndDeliver(mail: Mail): Promise<void> {
    const { db, commits, config } = this.#services
    if ((await countMails(db)) >= maxWaiting) return this.#dropped()

    const id = crypto.randomUUID()
    const dueAt = new Date(Date.now() + leaseMs)
    await commits.note("nothing", (tx) => insertMail(tx, config, { id, mail, dueAt }))
    await this.#deliver({ id, mail, failures: 0 })
  }

  async #deliver({ id, mail, failures }: WaitingMail): Promise<void> {
    const { commits, config, log, outside, report } = this.#services
    try {
      if (mail && config.mail) {
        this.#transport ??= openTransport(config.mail.url)
        // As an object, so that no address is read as several.
        const to = { name: "", address: mail.to }
        await (await this.#transport).sendMail({ ...mail, to, from: config.mail.from })
      }
    } catch (error) {
      const waitMs = isFinal(error) ? undefined : waitsMs[failures]
      if (waitMs !== undefined) {
        // Once for each message: who sets the mail server up wrongly reads it now, not after the last attempt.
        const cause = error instanceof Error ? error.message : error
        if (failures === 0) log.warn(`An e-mail was not sent, and is tried again: ${cause}`)
        const dueAt = new Date(Date.now() + (outside.waitMs?.(failures + 1) ?? waitMs))
        await commits.note("nothing", (tx) => postponeMail(tx, id, { failures: failures + 1, dueAt }))
        return this.ask()
      }
      report(error, this.name)
    }
    await commits.note("nothing", (tx) => deleteMail(tx, id))
  }

  #dropped(): void {
    this.#services.report(new Error(`More than ${maxWaiting} messages wait`), this.name)
  }
}

/** Loaded with the first message: most processes send none. */
async function openTransport(url: string): Promise<Transporter> {
  const { createTransport } = await import("nodemailer")
  const timeouts = { connectionTimeout: smtpTimeoutMs, socketTimeout: smtpTimeoutMs }
  return createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true })
}

/** A mail server that refuses for good says so by 5xx (RFC 5321, 4.2.1). */
function isFinal(error: unknown): boolean {
  const code = (error as { responseCode?: number }).responseCode ?? 0
  return code >= 500 && code < 600
}

export const mailer = defineWorker((services: MailerServices & { workers: Workers }) => new Mailer(services))
