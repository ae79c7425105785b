import type { FaultyProxy } from "../proxy.ts"
import type { Person, Room } from "../world.ts"

export interface OutgoingMessage {
  id: string
  content: string
}

/** A way to send messages, over one connection after another. */
export interface SendTransport {
  /**
   * Resolves once the server has confirmed that the message is stored. Rejects with `RefusedError` when the server
   * refused it, and with another error when the outcome is unknown. Calls `onSent` when the message was written.
   */
  send(message: OutgoingMessage, onSent: () => void): Promise<void>
  /** Drops the connection without closing it properly. */
  drop(): void
}

/** Who sends, where, and over which proxy. */
export interface SenderClient {
  name: string
  proxy: FaultyProxy
  room: Room
  person: Person
}

/** The server refused the request; `code` is an HTTP status. */
export class RefusedError extends Error {
  constructor(readonly code: number) {
    super(`Refused with ${code}`)
  }
}
