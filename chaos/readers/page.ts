import { messagesOf } from "../markup.ts"
import { responseTimeoutMs } from "../wire.ts"
import { pathOf } from "../world.ts"
import { Reader } from "./reader.ts"

/** Messages on one page of history; a shorter page is the first one. */
const pageSize = 50

/** A reader of the HTML page, over any transport. */
export abstract class PageReader extends Reader {
  protected get url(): string {
    return `${this.proxy.origin}${pathOf(this.room)}`
  }

  protected get headers(): Record<string, string> {
    return { cookie: this.client.person.cookie, origin: this.proxy.origin }
  }

  /** Follows the link to older messages until there are none. */
  protected override async scrollBack(): Promise<boolean> {
    while (this.log.floor > 1) {
      const signal = AbortSignal.timeout(responseTimeoutMs)
      // After a gap without new messages, nothing is shown that older ones could stand before.
      const query = Number.isFinite(this.log.floor) ? `?before=${this.log.floor}` : ""
      const response = await this.get(query, signal, { "hx-request": "true" })
      if (!response) return false

      const messages = messagesOf(await response.text())
      this.log.prepend(messages)
      if (messages.length < pageSize) this.log.floor = 0
    }
    return true
  }

  /** Passes on the text of a streaming response until it ends. */
  protected async readText(response: Response, onText: (text: string) => void): Promise<void> {
    const reader = response.body?.getReader()
    const decoder = new TextDecoder()
    for (let chunk = await next(); chunk; chunk = await next())
      onText(decoder.decode(chunk, { stream: true }))

    async function next(): Promise<Uint8Array | undefined> {
      try {
        return (await reader?.read())?.value
      } catch {
        return undefined
      }
    }
  }

  /** Resolves to `undefined` when the server did not answer or refused. */
  protected async get(path: string, signal: AbortSignal, headers: Record<string, string> = {}) {
    try {
      const all = { ...this.headers, ...headers }
      const response = await fetch(this.url + path, { headers: all, signal, redirect: "manual" })
      if (response.ok) return response

      this.refused(response.status)
      await response.body?.cancel()
    } catch {
      // The server or the network is down: the reader tries again.
    }
  }

  /** Readers are members, so a refusal is a violation, except by a server that is stopping. */
  protected refused(status: number): void {
    const { trace, name: who } = this.client
    if (status < 500) trace.violation({ kind: "different", who, what: `Refused with ${status}` })
    else trace.event("refused", { who, status })
  }
}
