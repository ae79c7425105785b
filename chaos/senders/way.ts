import type { Line } from "../line.ts"
import type { Person, Room } from "../world.ts"

export interface Outgoing {
  id: string
  content: string
}

/** One way to send messages, over one connection after the other. */
export interface Way {
  /**
   * Resolves once the server has confirmed that the message is stored. Rejects with `Refused` when it said no, and
   * otherwise when nobody knows. `written` is called once it is on its way.
   */
  send(message: Outgoing, written: () => void): Promise<void>
  /** Lets go of its connection without a word. */
  drop(): void
}

export interface Desk {
  name: string
  line: Line
  room: Room
  person: Person
}

/** The server said no; `code` is an HTTP status. */
export class Refused extends Error {
  constructor(readonly code: number) {
    super(`Refused with ${code}`)
  }
}
