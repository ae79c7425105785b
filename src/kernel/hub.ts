import type { Grants } from "./grants.ts"
import { LogTopics } from "./logTopics.ts"
import { type ChannelFault, guard, type OnUnexpected, unexpectedMessage } from "./result.ts"
import { type Params, topicOf } from "./topic.ts"
import { Topics } from "./topics.ts"
import type { Grant, MessageFrame } from "./wire.ts"

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

interface OpenConnection {
  connection: Connection
  end(refusal: ChannelFault): void
  evicted(reason: EvictReason): unknown
}

/** The state behind a sidekick: grants, open connections, topics. */
export class Hub {
  readonly messages: Topics<MessageFrame>
  readonly updates: Topics<string>
  readonly logs: LogTopics
  serverCallback: ServerCallback | undefined
  private readonly open = new Map<string, OpenConnection>()
  private readonly openByTopic = new Map<string, Set<OpenConnection>>()

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

  /** Opens the connection a token grants; `onEnd` runs at once when it ends, before anybody is told. */
  claim(token: string, hooks: ConnectionHooks & { onEnd?(): void }): Connection | null {
    const grant = this.grants.take(token)
    if (!grant) return null
    const topic = topicOf(grant.channel, grant.params)
    let refusal: ChannelFault | undefined
    const unsubscribe = hooks.onMessage
      ? this.messages.subscribe(topic, ({ data }) => hooks.onMessage?.(data))
      : undefined
    const entry: OpenConnection = {
      connection: {
        ...grant,
        topic,
        send: async (data) => refusal ?? this.process(grant, data),
        close: () => entry.end({ fault: "client", message: "This connection is closed", code: 410 }),
      },
      end: (reason) => {
        if (refusal) return
        refusal = reason
        unsubscribe?.()
        this.remove(entry)
        hooks.onEnd?.()
      },
      evicted: (reason) => hooks.onEvict?.(reason),
    }
    this.add(entry)

    return entry.connection
  }

  /** Ends every matching connection, then tells their holders; takes back matching tokens. Returns how many ended. */
  evict(filter: ConnectionFilter, reason: EvictReason): number {
    this.grants.revoke(matcherOf(filter))
    const ended = [...this.matching(filter)]
    for (const entry of ended) entry.end({ fault: "client", ...reason })
    for (const entry of ended) guard(() => entry.evicted(reason), "onEvict", this.report)

    return ended.length
  }

  /** The open connections a filter selects. */
  *connections(filter: ConnectionFilter): Generator<Connection> {
    for (const { connection } of this.matching(filter)) yield connection
  }

  private *matching(filter: ConnectionFilter): Generator<OpenConnection> {
    const { channel, params } = filter
    // Given all of a channel's params this is a look-up; given some of them it is a scan.
    const exact = channel !== undefined && params ? this.openByTopic.get(topicOf(channel, params)) : undefined
    const matches = matcherOf(filter)
    for (const entry of exact ?? this.open.values()) {
      if (matches(entry.connection)) yield entry
    }
  }

  private async process(grant: Grant, data: unknown): Promise<ChannelFault | null> {
    if (!this.serverCallback) return { fault: "sidekick", message: callbackMissing }
    try {
      return await this.serverCallback(grant.channel, grant.params, data, grant.context, grant.token)
    } catch (error) {
      this.report(error, "server callback")
      return { fault: "server", message: unexpectedMessage, code: 500 }
    }
  }

  private add(entry: OpenConnection): void {
    const { token, topic } = entry.connection
    this.open.set(token, entry)
    const peers = this.openByTopic.get(topic) ?? new Set()
    this.openByTopic.set(topic, peers.add(entry))
  }

  private remove(entry: OpenConnection): void {
    const { token, topic } = entry.connection
    this.open.delete(token)
    const peers = this.openByTopic.get(topic)
    peers?.delete(entry)
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
