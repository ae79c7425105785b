import { type ChannelFault, guard, type OnUnexpected, unexpectedMessage } from "../result.ts"
import { type Params, topicOf } from "../topic.ts"
import type { Grant, MessageFrame } from "../wire.ts"
import type { Grants } from "./grants.ts"
import { LogTopics } from "./log-topics.ts"
import { Topics } from "./topics.ts"

/** Runs a message a connection sent; `null` once it has been processed. `token` tells connections apart. */
export type ServerCallback = (
  channelName: string,
  params: Params,
  data: unknown,
  context: unknown,
  token: string,
) => Promise<ChannelFault | null>

/** Why connections were ended; `code` is an HTTP status. */
export interface EvictReason {
  code: number
  message: string
}

/** Which connections, as data that can travel: those for which everything that is given holds. */
export interface ConnectionSelector {
  channel?: string
  /** These are among their params. */
  params?: Params
  /** One of their params has one of these values. */
  anyParam?: Record<string, string[]>
  /** Their context has these fields. */
  context?: Record<string, string>
  /** Their context does not have all of these fields. */
  exceptContext?: Record<string, string>
}

/** The same, and `where` holds. */
export interface ConnectionFilter extends ConnectionSelector {
  where?(context: unknown, params: Params): boolean
}

/** An open connection: the grant, and what can be done with it. */
export interface Connection extends Readonly<Grant> {
  readonly topic: string
  /** Resolves with `null` once the message was processed, or with the fault. Never rejects. */
  send(data: unknown): Promise<ChannelFault | null>
  /** Ends the connection; nothing is heard and nothing can be sent afterwards. */
  close(): void
}

/** What a connection's holder wants to know. */
export interface ConnectionHooks {
  /** Called once when the connection was ended from the server's side, after it has ended. */
  onEvict?(reason: EvictReason): unknown
  /** Called with everything posted to the connection's topic, in order. */
  onMessage?(data: unknown): unknown
}

/** Those on one topic. */
interface Peers {
  topic: string
  connections: Set<OpenConnection>
}

interface Hooks extends ConnectionHooks {
  /** Runs at once when it ends, before anybody is told. */
  onEnd?(): void
}

const closed: ChannelFault = { fault: "client", message: "This connection is closed", code: 410 }

/** A class and not an object of closures, since thousands of them are held at a time. */
class OpenConnection implements Connection {
  readonly token: string
  readonly channel: string
  readonly params: Params
  readonly context: unknown
  readonly after: number | null | undefined
  readonly topic: string
  #refusal: ChannelFault | undefined

  constructor(
    grant: Grant,
    { topic }: Peers,
    readonly hub: Hub,
    readonly hooks: Hooks,
    readonly unsubscribe: (() => void) | undefined,
  ) {
    this.token = grant.token
    this.channel = grant.channel
    this.params = grant.params
    this.context = grant.context
    this.after = grant.after
    this.topic = topic
  }

  async send(data: unknown): Promise<ChannelFault | null> {
    return this.#refusal ?? this.hub.process(this, data)
  }

  close(): void {
    this.end(closed)
  }

  end(refusal: ChannelFault): void {
    if (this.#refusal) return
    this.#refusal = refusal
    this.unsubscribe?.()
    this.hub.remove(this)
    this.hooks.onEnd?.()
  }
}

/** The state behind a sidekick: grants, open connections, topics. */
export class Hub {
  readonly messages: Topics<MessageFrame>
  readonly updates: Topics<string>
  readonly logs: LogTopics
  serverCallback: ServerCallback | undefined
  private readonly open = new Map<string, OpenConnection>()
  private readonly openByTopic = new Map<string, Peers>()

  constructor(
    readonly grants: Grants,
    readonly report: OnUnexpected,
  ) {
    this.messages = new Topics(report, "subscriber")
    this.updates = new Topics(report, "listener")
    this.logs = new LogTopics(this.messages, report)
  }

  get size(): number {
    return this.open.size
  }

  /** Opens the connection a token grants. */
  claim(token: string, hooks: Hooks): Connection | null {
    const grant = this.grants.take(token)
    if (!grant) return null
    const topic = topicOf(grant.channel, grant.params)
    const unsubscribe = hooks.onMessage
      ? this.messages.subscribe(topic, ({ data }) => hooks.onMessage?.(data))
      : undefined
    const peers = this.openByTopic.get(topic) ?? { topic, connections: new Set() }
    const connection = new OpenConnection(grant, peers, this, hooks, unsubscribe)
    this.openByTopic.set(topic, peers)
    peers.connections.add(connection)
    this.open.set(token, connection)

    return connection
  }

  /** Ends every matching connection, then tells their holders; takes back matching tokens. Returns how many ended. */
  evict(filter: ConnectionFilter, reason: EvictReason): number {
    this.grants.revoke(matcherOf(filter))
    const ended = [...this.matching(filter)]
    const refusal: ChannelFault = { fault: "client", ...reason }
    for (const connection of ended) connection.end(refusal)
    for (const { hooks } of ended) guard(() => hooks.onEvict?.(reason), "onEvict", this.report)

    return ended.length
  }

  /** The open connections a filter selects. */
  connections(filter: ConnectionFilter): Generator<Connection> {
    return this.matching(filter)
  }

  private *matching(filter: ConnectionFilter): Generator<OpenConnection> {
    const { channel, params } = filter
    // Given all of a channel's params this is a look-up; given some of them it is a scan.
    const exact = channel !== undefined && params ? this.openByTopic.get(topicOf(channel, params)) : undefined
    const matches = matcherOf(filter)
    for (const connection of exact?.connections ?? this.open.values()) {
      if (matches(connection)) yield connection
    }
  }

  /** Has the server process what was sent on a connection. */
  async process({ channel, params, context, token }: Grant, data: unknown): Promise<ChannelFault | null> {
    if (!this.serverCallback) return { fault: "sidekick", message: callbackMissing }
    try {
      return await this.serverCallback(channel, params, data, context, token)
    } catch (error) {
      this.report(error, "server callback")
      return { fault: "server", message: unexpectedMessage, code: 500 }
    }
  }

  /** Holds a connection no longer; for the connection itself. */
  remove(connection: OpenConnection): void {
    const { token, topic } = connection
    this.open.delete(token)
    const peers = this.openByTopic.get(topic)?.connections
    peers?.delete(connection)
    if (peers?.size === 0) this.openByTopic.delete(topic)
  }
}

const callbackMissing = "setServerCallback was not called, so channel messages cannot be processed"

function matcherOf(filter: ConnectionFilter): (grant: Grant) => boolean {
  const { channel, params = {}, anyParam, context, exceptContext, where } = filter
  const values = anyParam && Object.entries(anyParam).map(([key, any]) => [key, new Set(any)] as const)

  return (grant) =>
    (channel === undefined || channel === grant.channel) &&
    has(grant.params, params) &&
    (values?.some(([key, any]) => any.has(grant.params[key] ?? "")) ?? true) &&
    (!context || has(grant.context, context)) &&
    !(exceptContext && has(grant.context, exceptContext)) &&
    (where?.(grant.context, grant.params) ?? true)
}

function has(value: unknown, fields: Params): boolean {
  const given = (value ?? {}) as Record<string, unknown>

  return Object.keys(fields).every((key) => given[key] === fields[key])
}
