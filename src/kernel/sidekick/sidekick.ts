import { type OnUnexpected, safeReporter } from "../result.ts"
import { type Params, resourceTopic, topicOf } from "../topic.ts"
import type { ClientToSidekickConnection, ServerToSidekickConnection } from "../wire.ts"
import { type MayListen, SidekickClient } from "./client.ts"
import { Grants } from "./grants.ts"
import {
  type Connection,
  type ConnectionFilter,
  type ConnectionHooks,
  type EvictReason,
  Hub,
  type ServerCallback,
} from "./hub.ts"
import type { LogCallback } from "./log-topics.ts"

/** Limits and decisions of a sidekick. */
export interface InternalSidekickOptions {
  /** How long a token stays good while nobody uses it, in seconds. Default 60. */
  tokenSeconds?: number
  /** Most unused tokens kept; beyond it the oldest give way. Default 10,000. */
  maxTokens?: number
  /** Most open connections of one client. Default 100. */
  maxConnectionsPerClient?: number
  /** Most resources one client listens to. Default 100. */
  maxResourcesPerClient?: number
  /** Who may listen to a resource. Without it everybody may listen to everything: give it where names are secret. */
  mayListen?: MayListen
  /** Milliseconds since the epoch. Default `Date.now`. */
  now?(): number
  /** Told of what subscribers, hooks and the server's callback throw. Default: the console. */
  onUnexpected?: OnUnexpected
}

/** What a sidekick holds right now. */
export interface SidekickStats {
  /** Tokens nobody has used yet. */
  tokens: number
  /** Open connections. */
  connections: number
  /** Topics somebody is subscribed to. */
  topics: number
  /** Clients of `getConnectionFromClient` that are not closed. */
  clients: number
  /** Resources listened to, counted per client. */
  listeners: number
}

/** Keeps the live connections of one process: grants tokens, carries messages both ways, announces updates. */
export class InternalSidekick {
  private readonly clients = new Set<SidekickClient>()
  private readonly hub: Hub

  constructor(private readonly options: InternalSidekickOptions = {}) {
    const { tokenSeconds = 60, maxTokens = 10_000, now = Date.now } = options
    this.hub = new Hub(new Grants(tokenSeconds, maxTokens, now), safeReporter(options.onUnexpected))
  }

  /** Says who processes what connections send. Until then every `send` is refused with the fault `sidekick`. */
  setServerCallback(callback: ServerCallback): void {
    this.hub.serverCallback = callback
  }

  /**
   * Says who reads the logs of channels that have one: then subscribers get what they missed, and everything in order.
   * Until then such a channel cannot be subscribed to.
   */
  setLogCallback(callback: LogCallback): void {
    this.hub.logs.callback = callback
  }

  /** The side a `CovenantServer` holds. Everything has happened when a call returns; it never fails. */
  getConnectionFromServer(): ServerToSidekickConnection {
    const { grants, messages, updates } = this.hub

    return {
      async addConnection(grant) {
        grants.add(grant)
        return null
      },
      async update(resources) {
        for (const resource of new Set(resources)) updates.publish(resourceTopic(resource), resource)
        return null
      },
      async postMessage(message) {
        messages.publish(topicOf(message.channel, message.params), { type: "message", ...message })
        return null
      },
    }
  }

  /**
   * A new client that speaks frames. A token belongs to the first client that uses it. `unsubscribe`, `close` and
   * eviction end its connections. `identity` is handed to `mayListen`.
   */
  getConnectionFromClient(identity?: unknown): ClientToSidekickConnection {
    const { maxConnectionsPerClient = 100, maxResourcesPerClient = 100, mayListen } = this.options
    const limits = { maxConnections: maxConnectionsPerClient, maxResources: maxResourcesPerClient, mayListen }
    const client = new SidekickClient(this.hub, limits, identity, (closed) => this.clients.delete(closed))
    this.clients.add(client)

    return client
  }

  /**
   * Opens the connection a token grants, for a server that holds its own sockets. `null` when the token is unknown,
   * expired or already used.
   */
  claim(token: string, hooks: ConnectionHooks = {}): Connection | null {
    return this.hub.claim(token, hooks)
  }

  /** Hears what is posted to a topic, in order, without being a connection. Returns a function that stops it. */
  tap(channel: string, params: Params, listener: (data: unknown) => unknown): () => void {
    return this.hub.messages.subscribe(topicOf(channel, params), ({ data }) => listener(data))
  }

  /** Hears when a resource was updated, without being a client. Returns a function that stops it. */
  watch(resource: string, listener: () => unknown): () => void {
    return this.hub.updates.subscribe(resourceTopic(resource), () => listener())
  }

  /**
   * Ends every open connection the filter selects and returns how many; matching unused tokens are taken back too.
   * When it returns nothing more is delivered to them and their `send` is refused with the reason. Holders are told:
   * `onEvict` for claimed connections, an `error` frame (fault `client`, the code, the token) for clients.
   */
  evict(filter: ConnectionFilter, reason: EvictReason): number {
    return this.hub.evict(filter, reason)
  }

  /** The open connections of a channel, or of those with these params, one by one. Unused tokens are not among them. */
  connections(filter: {
    channel: string
    params?: Params
  }): IterableIterator<Pick<Connection, "params" | "context">> {
    return this.hub.connections(filter)
  }

  /** What is held right now; everything is 0 when nobody is connected. */
  stats(): SidekickStats {
    return {
      tokens: this.hub.grants.size,
      connections: this.hub.size,
      topics: this.hub.messages.size,
      clients: this.clients.size,
      listeners: this.hub.updates.subscribers,
    }
  }
}
