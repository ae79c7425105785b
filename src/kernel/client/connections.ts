import type { ChannelFault } from "../result.ts"
import type { Params } from "../topic.ts"

/** One connection of a client, by the token it was given first; it may have had others since. */
export interface ClientConnection {
  /** The first token, by which the program names it. */
  readonly id: string
  readonly channel: string
  readonly params: Params
  /** What it asked for when it connected. */
  readonly request: unknown
  token: string
  /** A frame with its token was sent, so the token is worth something on this link only. */
  isUsed: boolean
  /** Its token is worth nothing any more. */
  isStale: boolean
  isSubscribed: boolean
  /** What is being done about it; one thing at a time. */
  work: Promise<unknown>
  /** How many messages wait to be sent. */
  waiting: number
  /** Why it was ended from the other side. */
  ended: ChannelFault | undefined
}

/** Connections that may be remembered without being subscribed: of a program that asks and never comes, or has ended. */
const maxIdle = 1000

/** A client's connections: what is needed to make them again. */
export class ClientConnections {
  private readonly byId = new Map<string, ClientConnection>()

  add(token: string, made: Pick<ClientConnection, "channel" | "params" | "request">): void {
    this.byId.set(token, {
      ...made,
      id: token,
      token,
      isUsed: false,
      isStale: false,
      isSubscribed: false,
      work: Promise.resolve(),
      waiting: 0,
      ended: undefined,
    })
    this.forgetIdle()
  }

  find(id: string): ClientConnection | undefined {
    return this.byId.get(id)
  }

  /** The one whose token that is now. */
  findByToken(token: string): ClientConnection | undefined {
    for (const connection of this.byId.values()) if (connection.token === token) return connection

    return undefined
  }

  all(): ClientConnection[] {
    return [...this.byId.values()]
  }

  delete(id: string): void {
    this.byId.delete(id)
  }

  /** The link was lost, and with it every token that was used on it. */
  lose(): void {
    for (const connection of this.byId.values()) if (connection.isUsed) connection.isStale = true
  }

  private forgetIdle(): void {
    if (this.byId.size <= maxIdle) return
    const idle = [...this.byId.values()].filter(({ isSubscribed, waiting }) => !isSubscribed && waiting === 0)
    for (const { id } of idle.slice(0, Math.max(0, idle.length - maxIdle))) this.byId.delete(id)
  }
}
