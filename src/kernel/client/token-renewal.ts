import { Backoff } from "../backoff.ts"
import type { ProcedureMap } from "../declare.ts"
import type { ChannelFault } from "../result.ts"
import type { ClientConnection } from "./connections.ts"
import { ChannelFaultError, ConnectionLostError } from "./errors.ts"
import type { Link } from "./link.ts"
import type { MessageCallbacks } from "./message-callbacks.ts"
import type { ServerCalls } from "./server-calls.ts"

interface TokenRenewalOptions {
  link: Link
  calls: ServerCalls<ProcedureMap>
  callbacks: MessageCallbacks
  /** Called when the server refuses a new token for good. */
  onRefused(connection: ClientConnection, reason: ChannelFault): void
}

/** Keeps a client's connections usable: waits for the link, and requests new tokens for stale ones. */
export class TokenRenewal {
  readonly #options: TokenRenewalOptions
  #isClosed = false

  constructor(options: TokenRenewalOptions) {
    this.#options = options
  }

  /** Ends all renewals. */
  close(): void {
    this.#isClosed = true
  }

  /** Runs operations on one connection one after another. */
  exclusively<T>(connection: ClientConnection, work: () => Promise<T>): Promise<T> {
    const done = connection.work.then(work)
    connection.work = done.catch(() => {})

    return done
  }

  /** `ready` as an operation of its own; use it outside of `exclusively`. */
  async whenReady(connection: ClientConnection): Promise<void> {
    connection.waiting++
    try {
      if (connection.ended) throw new ChannelFaultError(connection.ended)
      await this.exclusively(connection, () => this.ready(connection))
    } finally {
      connection.waiting--
    }
  }

  /** Resolves once the link is open and the token valid. Rejects when the connection is ended. */
  async ready(connection: ClientConnection): Promise<void> {
    const { link } = this.#options
    do {
      if (connection.ended) throw new ChannelFaultError(connection.ended)
      await link.whenOpen()
      if (connection.isStale) await this.#renew(connection)
    } while (!link.isOpen)
  }

  /** Requests a new token until it gets one, or until the server refuses for good. */
  async #renew(connection: ClientConnection): Promise<void> {
    const { calls, callbacks, onRefused } = this.#options
    const { id, channel, params, request } = connection
    const backoff = new Backoff()
    for (;;) {
      if (connection.ended) throw new ChannelFaultError(connection.ended)
      const after = callbacks.cursorOf(id)
      const renewed = after === undefined ? request : { ...(request as object), after }
      const result = await calls.connect(channel, params, renewed)
      if (this.#isClosed) throw new ConnectionLostError()
      if (result.success) {
        Object.assign(connection, { token: result.token, isStale: false, isUsed: false })
        return
      }
      if (!isTemporary(result.error)) {
        onRefused(connection, result.error)
        throw new ChannelFaultError(result.error)
      }
      const { retryAfterSeconds = 0 } = result.error
      await wait(Math.max(backoff.nextMs(), retryAfterSeconds * 1000))
    }
  }
}

/** Whether trying again later can help. */
export function isTemporary({ fault, code }: ChannelFault): boolean {
  return fault !== "client" || code === 429
}

/** Resolves after a time in milliseconds. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
