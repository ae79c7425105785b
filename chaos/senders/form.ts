import { responseTimeoutMs } from "../wire.ts"
import { pathOf } from "../world.ts"
import { type OutgoingMessage, RefusedError, type SenderClient, type SendTransport } from "./transport.ts"

/** Sends by the page's forms: alternately as a plain form (answered with 303) and as a script's (200). */
export class FormTransport implements SendTransport {
  readonly #client: SenderClient
  #aborter = new AbortController()
  #isPlain = false

  constructor(client: SenderClient) {
    this.#client = client
  }

  async send(message: OutgoingMessage, onSent: () => void): Promise<void> {
    this.#isPlain = !this.#isPlain
    const response = this.post(`${pathOf(this.#client.room)}/messages`, { ...message }, this.#isPlain)
    onSent()
    await response
  }

  /** Resolves once the server has carried out the form. */
  async post(path: string, fields: Record<string, string>, isPlain = true): Promise<void> {
    const { proxy, person } = this.#client
    const response = await fetch(proxy.origin + path, {
      method: "POST",
      redirect: "manual",
      headers: {
        cookie: person.cookie,
        origin: proxy.origin,
        ...(!isPlain && { accept: "application/json" }),
      },
      body: new URLSearchParams(fields),
      signal: AbortSignal.any([this.#aborter.signal, AbortSignal.timeout(responseTimeoutMs)]),
    })
    await response.body?.cancel()
    if (response.status !== (isPlain ? 303 : 200)) throw new RefusedError(response.status)
  }

  async isServerReachable(): Promise<boolean> {
    try {
      const url = `${this.#client.proxy.origin}/health`
      const response = await fetch(url, { signal: AbortSignal.timeout(responseTimeoutMs) })
      return response.ok
    } catch {
      return false
    }
  }

  drop(): void {
    this.#aborter.abort()
    this.#aborter = new AbortController()
  }
}
