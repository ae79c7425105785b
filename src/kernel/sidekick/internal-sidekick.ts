import { createReporter, type OnUnexpected, runSafely } from "../report.ts"
import { type Params, resourceOf, resourceTopic, topicOf } from "../topic.ts"
import type { ClientToSidekickConnection, ServerToSidekickConnection } from "../wire.ts"
import type { MayListen } from "./client-listening.ts"
import type { Connection, ConnectionHooks, EvictReason } from "./connection.ts"
import { Grants, type GrantsElsewhere } from "./grants.ts"
import { Hub, type ServerCallback } from "./hub.ts"
import type { LogCallback, ReadLog } from "./log-topics.ts"
import type { ConnectionSelector } from "./selector.ts"
import { SidekickClient } from "./sidekick-client.ts"

/** What a sidekick is created with. */
export interface InternalSidekickOptions {
  /** Who may listen to a resource. Without it everyone may listen to everything: required where names are secret. */
  mayListen?: MayListen
  /** Where else tokens are given out. Default: nowhere. */
  elsewhere?: GrantsElsewhere
  /** Milliseconds since the epoch, for the expiry of tokens. Default `Date.now`. */
  now?(): number
  /** Called with errors of subscribers, hooks and the server's callback. Default: the console. */
  onUnexpected?: OnUnexpected
}

/** Hears of many resources, chosen by a rule: a subscription for each would take memory. */
export interface ResourceListener {
  listensTo(resource: string): boolean
  /** Called after each change of a resource; also of those that it does not listen to. */
  updated(resource: string): void
}

/** What a sidekick holds. */
export interface SidekickStats {
  /** Unused tokens. */
  tokens: number
  /** Open connections. */
  connections: number
  /** Topics with subscribers. */
  topics: number
  /** Open clients of `getConnectionFromClient`. */
  clients: number
  /** Resources listened to, counted per client. */
  listeners: number
}

/**
 * Holds the live connections of one process: grants tokens, delivers messages both ways, announces updates.
 *
 * @example
 * const sidekick = new InternalSidekick()
 * const server = new CovenantServer(covenant, { sidekickConnection: sidekick.getConnectionFromServer() })
 * sidekick.setServerCallback((...message) => server.processChannelMessage(...message))
 */
export class InternalSidekick {
  readonly #options: InternalSidekickOptions
  readonly #clients = new Set<SidekickClient>()
  readonly #listeners: ResourceListener[] = []
  readonly #hub: Hub

  constructor(options: InternalSidekickOptions = {}) {
    const { now = Date.now, onUnexpected } = options
    this.#options = options
    this.#hub = new Hub(new Grants(now), createReporter(onUnexpected))
  }

  /** Sets what processes the messages of connections. Until then every `send` is refused with the fault `sidekick`. */
  setServerCallback(callback: ServerCallback): void {
    this.#hub.serverCallback = callback
  }

  /** Sets what reads the logs of channels that have one. Until then such a channel cannot be subscribed to. */
  setLogCallback(callback: LogCallback): void {
    this.#hub.logs.callback = callback
  }

  /** The connection for a `CovenantServer`. Its calls take effect before they return and never fail. */
  getConnectionFromServer(): ServerToSidekickConnection {
    const { grants, messages, updates, report } = this.#hub
    const listeners = this.#listeners

    return {
      async addConnection(grant) {
        grants.add(grant)
        return null
      },
      async update(resources) {
        for (const resource of new Set(resources)) {
          updates.publish(resourceTopic(resource), resource)
          for (const listener of listeners) runSafely(() => listener.updated(resource), "listener", report)
        }
        return null
      },
      async postMessage(message) {
        messages.publish(topicOf(message.channel, message.params), { type: "message", ...message })
        return null
      },
    }
  }

  /**
   * A new client that sends and receives frames. A token belongs to the first client that uses it; `unsubscribe`,
   * `close` and eviction end its connection. `identity` is passed to `mayListen`, and `onConnection` is called with the
   * context of each connection that the client opens.
   */
  getConnectionFromClient(
    identity?: unknown,
    onConnection?: (context: unknown) => void,
  ): ClientToSidekickConnection {
    const client = new SidekickClient(this.#hub, {
      identity,
      onConnection,
      mayListen: this.#options.mayListen,
      elsewhere: this.#options.elsewhere,
      onClose: (closed) => this.#clients.delete(closed),
    })
    this.#clients.add(client)

    return client
  }

  /**
   * Opens the connection that a token grants, for a server that holds its own sockets. Returns `null` when the token
   * is unknown, expired or used.
   */
  claim(token: string, hooks: ConnectionHooks = {}): Connection | null {
    return this.#hub.claim(token, hooks)
  }

  /** Subscribes to a topic without a connection. The callback gets every posted message; returns an unsubscribe. */
  subscribe(channel: string, params: Params, callback: (data: unknown) => unknown): () => void {
    return this.#hub.messages.subscribe(topicOf(channel, params), ({ data }) => callback(data))
  }

  /** Subscribes to a resource's updates without a client. Returns an unsubscribe. */
  subscribeToResource(resource: string, callback: () => unknown): () => void {
    return this.#hub.updates.subscribe(resourceTopic(resource), () => callback())
  }

  /** Tells a listener of updated resources from now on. */
  listenToResources(listener: ResourceListener): void {
    this.#listeners.push(listener)
  }

  /** Whether anybody in this process subscribes to a topic, by its name (`topicOf`, `resourceTopic`). */
  hasSubscribers(topic: string): boolean {
    const resource = resourceOf(topic)
    if (resource === undefined) return this.#hub.messages.has(topic)

    return this.#hub.updates.has(topic) || this.#listeners.some((listener) => listener.listensTo(resource))
  }

  /** Whether a connection to a topic is open in this process: unlike `hasSubscribers`, without what the server subscribes to. */
  hasConnections(topic: string): boolean {
    return this.#hub.hasConnections(topic)
  }

  /** The logs that clients of this process read. */
  readLogs(): Iterable<ReadLog> {
    return this.#hub.logs.list()
  }

  /**
   * Ends all open connections that the selector matches, and revokes matching unused tokens. Returns the number of
   * ended connections. When it returns, nothing more is delivered to them and their `send` is refused with the reason.
   * Their holders are notified: claimed connections by `onEvict`, clients by an `error` frame with fault and token.
   *
   * @example
   * sidekick.evict({ context: { userId } }, { code: 401, message: "You are logged out" })
   */
  evict(selector: ConnectionSelector, reason: EvictReason): number {
    return this.#hub.evict(selector, reason)
  }

  /** Counts what is held; everything is 0 when nobody is connected. */
  stats(): SidekickStats {
    return {
      tokens: this.#hub.grants.size,
      connections: this.#hub.size,
      topics: this.#hub.messages.size,
      clients: this.#clients.size,
      listeners: this.#hub.updates.subscribers,
    }
  }
}
