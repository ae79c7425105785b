import type { Transporter } from "nodemailer"
import type { Config } from "../../config.ts"
import type { Outside } from "../services.ts"
import { defineWorker } from "../worker.ts"

/** A message to one person. */
export interface Mail {
  to: string
  subject: string
  text: string
  html: string
}

/** Finds out whether a message is to be sent, and writes it. */
export type WriteMail = () => Promise<Mail | undefined>

/** Messages that wait, together with those that are tried again. */
const maxWaiting = 1000
/** How long to wait before each further attempt: a mail server that greylists accepts after minutes. */
const waitsMs = [2_000, 15_000, 60_000, 300_000, 900_000]
const smtpTimeoutMs = 30_000

interface MailerServices {
  config: Pick<Config, "mail">
  outside: Outside
  report(error: unknown, where: string): unknown
}

/**
 * Sends e-mail in the background, one message at a time: the request is answered before anything about it is
 * looked up. What waits is in memory alone: people ask again for a link that did not come.
 */
export class Mailer {
  readonly #queue: WriteMail[] = []
  readonly #retries = new Set<ReturnType<typeof setTimeout>>()
  #transport: Promise<Transporter> | undefined
  #running: Promise<void> | undefined

  constructor(private readonly services: MailerServices) {}

  /** Whether this chat sends e-mail. */
  get isOffered(): boolean {
    return this.services.config.mail !== null
  }

  /** Queues a message; drops it when too many wait. */
  send(write: WriteMail): void {
    if (this.#queue.length + this.#retries.size >= maxWaiting) {
      this.services.report(new Error(`More than ${maxWaiting} messages wait`), "sending e-mail")
      return
    }
    this.#queue.push(write)
    // Not in this turn: the answer of the request goes first.
    this.#running ??= new Promise<void>((begin) => setTimeout(begin)).then(() => this.#run())
  }

  close(): void {
    this.#queue.length = 0
    for (const timer of this.#retries) clearTimeout(timer)
    this.#retries.clear()
    void this.#transport?.then((transport) => transport.close())
  }

  async #run(): Promise<void> {
    for (let write = this.#queue.shift(); write; write = this.#queue.shift()) {
      try {
        const mail = await write()
        if (mail) await this.#deliver(mail, 0)
      } catch (error) {
        this.services.report(error, "writing e-mail")
      }
    }
    this.#running = undefined
  }

  async #deliver(mail: Mail, failures: number): Promise<void> {
    const { mail: config } = this.services.config
    if (!config) return

    try {
      this.#transport ??= openTransport(config.url)
      // As an object, so that no address is read as several.
      const to = { name: "", address: mail.to }
      await (await this.#transport).sendMail({ ...mail, to, from: config.from })
    } catch (error) {
      const waitMs = isFinal(error) ? undefined : waitsMs[failures]
      if (waitMs === undefined) this.services.report(error, "sending e-mail")
      else this.#retryLater(mail, failures + 1, this.services.outside.waitMs?.(failures + 1) ?? waitMs)
    }
  }

  #retryLater(mail: Mail, failures: number, waitMs: number): void {
    const timer = setTimeout(() => {
      this.#retries.delete(timer)
      void this.#deliver(mail, failures)
    }, waitMs)
    timer.unref()
    this.#retries.add(timer)
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

export const mailer = defineWorker((services: MailerServices) => new Mailer(services))
