import type { ChannelFault } from "../result.ts"
import type { Params } from "../topic.ts"

/** One connection of a client. It keeps its id when its token is renewed. */
export interface ClientConnection {
  /** The first token; the program identifies the connection by it. */
  readonly id: string
  readonly channel: string
  readonly params: Params
  /** The connection request, to get another token with. */
  readonly request: unknown
  token: string
  /** The token was sent in a frame, so it is only valid on the current link. */
  isUsed: boolean
  /** The token is not valid any more. */
  isStale: boolean
  isSubscribed: boolean
  /** The last of the operations on this connection; they run one after another. */
  work: Promise<unknown>
  /** How many messages wait to be sent. */
  waiting: number
  /** Why the sidekick ended it. */
  ended: ChannelFault | undefined
}

/** Most connections that are remembered without a subscription: never used, or ended. */
const maxIdle = 1000

/** Creates the record of a connection that was granted a token. */
export function createConnection(
  token: string,
  granted: Pick<ClientConnection, "channel" | "params" | "request">,
): ClientConnection {
  return {
    ...granted,
    id: token,
    token,
    isUsed: false,
    isStale: false,
    isSubscribed: false,
    work: Promise.resolve(),
    waiting: 0,
    ended: undefined,
  }
}

/** A client's connections, with what is needed to renew them. */
export class ClientConnections {
  readonly #byId = new Map<string, ClientConnection>()

  add(connection: ClientConnection): void {
    this.#byId.set(connection.id, connection)
    this.#evictIdle()
  }

  find(id: string): ClientConnection | undefined {
    return this.#byId.get(id)
  }

  /** The connection that has this token now. */
  findByToken(token: string): ClientConnection | undefined {
    for (const connection of this.#byId.values()) if (connection.token === token) return connection

    return undefined
  }

  all(): ClientConnection[] {
    return [...this.#byId.values()]
  }

  delete(id: string): void {
    this.#byId.delete(id)
  }

  /** Marks all tokens that were used on a lost link as stale. */
  lose(): void {
    for (const connection of this.#byId.values()) if (connection.isUsed) connection.isStale = true
  }

  /** Removes the oldest idle connections beyond the limit. */
  #evictIdle(): void {
    if (this.#byId.size <= maxIdle) return
    const idle = [...this.#byId.values()].filter(
      ({ isSubscribed, waiting }) => !isSubscribed && waiting === 0,
    )
    for (const { id } of idle.slice(0, Math.max(0, idle.length - maxIdle))) this.#byId.delete(id)
  }
}
