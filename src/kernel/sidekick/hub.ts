import { type OnUnexpected, runSafely, unexpectedMessage } from "../report.ts"
import type { ChannelFault } from "../result.ts"
import { type Params, topicOf } from "../topic.ts"
import type { Grant, MessageFrame } from "../wire.ts"
import {
  type Connection,
  type ConnectionOwner,
  type EvictReason,
  type InternalHooks,
  OpenConnection,
} from "./connection.ts"
import type { Grants } from "./grants.ts"
import { LogTopics } from "./log-topics.ts"
import { type ConnectionSelector, matcherOf } from "./selector.ts"
import { Topics } from "./topics.ts"

/**
 * Processes a message that a connection sent; resolves with `null` once it is done, or with the fault. `token`
 * identifies the connection.
 */
export type ServerCallback = (
  channelName: string,
  params: Params,
  data: unknown,
  context: unknown,
  token: string,
) => Promise<ChannelFault | null>

/** The connections of a topic, and what they share so that each does not hold its own copy. */
interface TopicConnections {
  topic: string
  params: Params
  connections: Set<OpenConnection>
}

const callbackMissing: ChannelFault = {
  fault: "sidekick",
  message: "setServerCallback was not called, so channel messages cannot be processed",
}

/** The state of a sidekick: grants, open connections and topics. */
export class Hub implements ConnectionOwner {
  readonly messages: Topics<MessageFrame>
  readonly updates: Topics<string>
  readonly logs: LogTopics
  readonly grants: Grants
  readonly report: OnUnexpected
  serverCallback: ServerCallback | undefined
  readonly #byTopic = new Map<string, TopicConnections>()
  #size = 0

  constructor(grants: Grants, report: OnUnexpected) {
    this.grants = grants
    this.report = report
    this.messages = new Topics(report, "subscriber")
    this.updates = new Topics(report, "listener")
    this.logs = new LogTopics(this.messages, report)
  }

  /** The number of open connections. */
  get size(): number {
    return this.#size
  }

  hasConnections(topic: string): boolean {
    return this.#byTopic.has(topic)
  }

  /** Opens the connection that a token grants; `null` when the token is not valid. */
  claim(token: string, hooks: InternalHooks): Connection | null {
    const grant = this.grants.take(token)
    if (!grant) return null
    const name = topicOf(grant.channel, grant.params)
    const peers = this.#byTopic.get(name) ?? { topic: name, params: grant.params, connections: new Set() }
    const { topic, params } = peers
    const unsubscribe = hooks.onMessage
      ? this.messages.subscribe(topic, ({ data }) => hooks.onMessage?.(data))
      : undefined
    const connection = new OpenConnection({ ...grant, params }, { topic, owner: this, hooks, unsubscribe })
    this.#byTopic.set(topic, peers)
    peers.connections.add(connection)
    this.#size++

    return connection
  }

  /** Ends all matching connections, then calls their `onEvict`; revokes matching tokens. Returns how many it ended. */
  evict(selector: ConnectionSelector, reason: EvictReason): number {
    const matches = matcherOf(selector)
    this.grants.revoke(matches)
    const ended = [...this.#candidates(selector)].filter(matches)
    const refusal: ChannelFault = { fault: "client", ...reason }
    for (const connection of ended) connection.end(refusal)
    for (const { hooks } of ended) runSafely(() => hooks.onEvict?.(reason), "onEvict", this.report)

    return ended.length
  }

  /** Connections that may match: those of one topic when the selector has all params of a channel, otherwise all. */
  #candidates({ channel, params }: ConnectionSelector): Iterable<OpenConnection> {
    const exact = channel !== undefined && params ? this.#byTopic.get(topicOf(channel, params)) : undefined

    return exact?.connections ?? this.#byTopic.values().flatMap(({ connections }) => connections)
  }

  /** Has the server process a connection's message. For the connection itself. */
  async process({ channel, params, context, token }: Grant, data: unknown): Promise<ChannelFault | null> {
    if (!this.serverCallback) return callbackMissing
    try {
      return await this.serverCallback(channel, params, data, context, token)
    } catch (error) {
      this.report(error, "server callback")
      return { fault: "server", message: unexpectedMessage, code: 500 }
    }
  }

  /** Forgets a connection that has ended. For the connection itself. */
  remove(connection: OpenConnection): void {
    const { topic } = connection
    const peers = this.#byTopic.get(topic)?.connections
    if (peers?.delete(connection)) this.#size--
    if (peers?.size === 0) this.#byTopic.delete(topic)
  }
}
