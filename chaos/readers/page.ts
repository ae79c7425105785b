import { messagesOf } from "../markup.ts"
import { answerMs } from "../wire.ts"
import { pathOf } from "../world.ts"
import { Reader } from "./reader.ts"

/** Most messages that one page of history has: a shorter one is the first. */
const pageSize = 50

/** Someone who reads a page of HTML, by whatever transport it is kept up to date. */
export abstract class PageReader extends Reader {
  protected get address(): string {
    return `${this.line.origin}${pathOf(this.room)}`
  }

  protected get headers(): Record<string, string> {
    return { cookie: this.seat.person.cookie, origin: this.line.origin }
  }

  /** Follows the link to older messages until there are none. */
  protected override async scrollBack(): Promise<boolean> {
    while (this.log.floor > 1) {
      const signal = AbortSignal.timeout(answerMs)
      const answer = await this.get(`?before=${this.log.floor}`, signal, { "hx-request": "true" })
      if (!answer) return false

      const messages = messagesOf(await answer.text())
      this.log.prepend(messages)
      if (messages.length < pageSize) this.log.floor = 0
    }
    return true
  }

  /** Hands on what an endless answer says, until it ends. */
  protected async read(answer: Response, take: (text: string) => void): Promise<void> {
    const reader = answer.body?.getReader()
    const decoder = new TextDecoder()
    for (let chunk = await next(); chunk; chunk = await next()) take(decoder.decode(chunk, { stream: true }))

    async function next(): Promise<Uint8Array | undefined> {
      try {
        return (await reader?.read())?.value
      } catch {
        return undefined
      }
    }
  }

  /** An answer; `undefined` when there is none to be had now. */
  protected async get(path: string, signal: AbortSignal, headers: Record<string, string> = {}) {
    try {
      const all = { ...this.headers, ...headers }
      const answer = await fetch(this.address + path, { headers: all, signal, redirect: "manual" })
      if (answer.ok) return answer

      this.refused(answer.status)
      await answer.body?.cancel()
    } catch {
      // Nobody is there: it is tried again.
    }
  }

  /** A member of the server is let in; only a server that stops may say: not now. */
  protected refused(status: number): void {
    if (status < 500) this.seat.trace.violate("different", this.name, `Was refused with ${status}`)
    else this.seat.trace.note("refused", { who: this.name, status })
  }
}
