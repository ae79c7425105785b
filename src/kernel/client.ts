import { Calls, type ClientConnectResult } from "./calls.ts"
import type {
  Channel,
  ChannelMap,
  ClientMessageOf,
  ConnectionRequestOf,
  Covenant,
  InputOf,
  MutationName,
  OutputOf,
  ParamsOf,
  ProcedureMap,
  QueryName,
  ServerMessageOf,
} from "./declare.ts"
import { LiveQuery } from "./liveQuery.ts"
import { ChannelFaultError, Requests } from "./requests.ts"
import { guard, type OnUnexpected, type ProcedureResult, parseOwn, safeReporter } from "./result.ts"
import { Subscriptions } from "./subscriptions.ts"
import { topicOf } from "./topic.ts"
import {
  type ClientToServerConnection,
  type ClientToSidekickConnection,
  type ErrorFrame,
  otherTopic,
  type SidekickFrame,
} from "./wire.ts"

/** What a client is made of. */
export interface CovenantClientOptions {
  serverConnection: ClientToServerConnection
  sidekickConnection: ClientToSidekickConnection
  /** Told of faults that answer nothing this client asked: an evicted connection, a refused resource. */
  onFault?(fault: ErrorFrame["error"]): void
  /** Told of callbacks that throw and of data that does not fit the contract. Default: the console. */
  onUnexpected?: OnUnexpected
}

/** The optional last argument of `connect`: it may be left out where the channel asks for nothing. */
type RequestArgument<Request> = undefined extends Request ? [request?: Request] : [request: Request]

/** Asks a server for what the contract declares. */
export class CovenantClient<P extends ProcedureMap, C extends ChannelMap> {
  private readonly calls: Calls<P>
  private readonly requests: Requests
  private readonly subscriptions: Subscriptions
  private readonly liveQueries = new Set<LiveQuery>()
  /** How many live queries listen to a resource at the sidekick. */
  private readonly listening = new Map<string, number>()
  private readonly report: OnUnexpected
  private readonly stopHearing: () => void

  constructor(
    private readonly covenant: Covenant<P, C>,
    private readonly options: CovenantClientOptions,
  ) {
    this.report = safeReporter(options.onUnexpected)
    this.calls = new Calls(covenant.procedures, options.serverConnection, this.report)
    this.requests = new Requests(options.sidekickConnection)
    this.subscriptions = new Subscriptions(this.report)
    this.stopHearing = options.sidekickConnection.onMessage((frame) => this.hear(frame))
  }

  /** Runs a query. Never rejects: an unreachable server is code 503, an answer outside the contract 500. */
  query<N extends QueryName<P>>(name: N, input: InputOf<P[N]>): Promise<ProcedureResult<OutputOf<P[N]>>> {
    return this.calls.run(name, input)
  }

  /** Runs a mutation, as `query` does; afterwards live queries that depend on what it changed are fetched again. */
  async mutate<N extends MutationName<P>>(
    name: N,
    input: InputOf<P[N]>,
  ): Promise<ProcedureResult<OutputOf<P[N]>>> {
    const result = await this.calls.run(name, input)
    if (result.success) this.touch(result.resources)

    return result
  }

  /** Asks for a connection. The token opens it: hand it to `subscribe` and `send`. Never rejects. */
  async connect<N extends keyof C & string>(
    channel: N,
    params: ParamsOf<C[N]>,
    ...[request]: RequestArgument<ConnectionRequestOf<C[N]>>
  ): Promise<ClientConnectResult> {
    return this.calls.connect(channel, params, request)
  }

  /**
   * Hears what is posted to the connection's topic. Resolves once it is subscribed, with a function that ends it;
   * rejects with a `ChannelFaultError` when the token does not grant this. A callback given twice for the same token
   * is called once per message. When the last callback of a token is gone its connection is closed.
   */
  async subscribe<N extends keyof C & string>(
    channel: N,
    params: ParamsOf<C[N]>,
    token: string,
    callback: (message: ServerMessageOf<C[N]>) => unknown,
  ): Promise<() => void> {
    const topic = topicOf(channel, params)
    const parse = (data: unknown) =>
      parseOwn(this.schemasOf(channel).serverMessage, data, `A message of channel ${channel}`)
    // The message is parsed with this channel's own schema.
    const remove = this.subscriptions.add(token, topic, parse, callback as (message: unknown) => unknown)
    const end = () => {
      if (remove()) this.unsubscribeQuietly(token)
    }
    try {
      checkTopic(topic, await this.requests.send({ type: "subscribe", token }))
    } catch (error) {
      end()
      throw error
    }

    return end
  }

  /** Ends a token's connection and all its callbacks. Rejects with a `ChannelFaultError` when it is not ours. */
  async unsubscribe<N extends keyof C & string>(
    _channel: N,
    _params: ParamsOf<C[N]>,
    token: string,
  ): Promise<void> {
    this.subscriptions.drop(token)
    await this.requests.send({ type: "unsubscribe", token })
  }

  /**
   * Sends a message up a channel. Resolves when the server has processed it; rejects with a `ChannelFaultError` that
   * carries the fault. Needs a sidekick that answers `ref`. Allowed before `subscribe`.
   */
  async send<N extends keyof C & string>(
    channel: N,
    params: ParamsOf<C[N]>,
    token: string,
    data: ClientMessageOf<C[N]>,
  ): Promise<void> {
    await this.requests.send({ type: "send", token, channel, params, data })
  }

  /**
   * Fetches a query and calls back, then again whenever a resource it depends on was updated: by this client's own
   * mutations, and by anybody's when `remote`. Bursts are one fetch, fetches never overlap. With `remote` it also
   * fetches once more when listening has begun, since something may have changed before that. Returns a function
   * that ends it. Failures are called back too.
   */
  listen<N extends QueryName<P>>(
    name: N,
    input: InputOf<P[N]>,
    callback: (result: ProcedureResult<OutputOf<P[N]>>) => unknown,
    remote = true,
  ): () => void {
    const live: LiveQuery = new LiveQuery({
      fetch: async () => {
        const result = await this.calls.run(name, input)
        if (!live.stopped) guard(() => callback(result), `listener of ${name}`, this.report)
        return result.resources
      },
      onResources: (before, after) => {
        if (remote) this.relisten(before, after)
      },
    })
    this.liveQueries.add(live)

    return () => {
      this.liveQueries.delete(live)
      live.stop()
    }
  }

  /** Ends everything: live queries, subscriptions, and what still awaits an answer is rejected. */
  disconnect(): void {
    for (const live of this.liveQueries) live.stop()
    this.liveQueries.clear()
    this.stopHearing()
    this.options.sidekickConnection.close()
    this.subscriptions.clear()
    this.requests.abandon()
  }

  private hear(frame: SidekickFrame): void {
    if (this.requests.answer(frame)) return
    if (frame.type === "message") this.subscriptions.deliver(topicOf(frame.channel, frame.params), frame.data)
    else if (frame.type === "updated") this.touch([frame.resource])
    else if (frame.type === "listening") this.touch(frame.resources)
    else if (frame.type === "error") this.fault(frame)
  }

  private fault({ error, token }: ErrorFrame): void {
    if (token !== undefined) this.subscriptions.drop(token)
    this.options.onFault?.(error)
  }

  private touch(resources: string[]): void {
    for (const live of this.liveQueries) live.touch(resources)
  }

  private relisten(before: ReadonlySet<string>, after: ReadonlySet<string>): void {
    const added = [...after].filter((resource) => !before.has(resource) && this.count(resource, +1) === 1)
    const removed = [...before].filter((resource) => !after.has(resource) && this.count(resource, -1) === 0)
    const { sidekickConnection } = this.options
    if (added.length > 0) sidekickConnection.sendMessage({ type: "listen", resources: added })
    if (removed.length > 0) sidekickConnection.sendMessage({ type: "unlisten", resources: removed })
  }

  private count(resource: string, change: number): number {
    const count = (this.listening.get(resource) ?? 0) + change
    if (count > 0) this.listening.set(resource, count)
    else this.listening.delete(resource)

    return count
  }

  private unsubscribeQuietly(token: string): void {
    // It may have been evicted or disconnected in the meantime: then there is nothing left to end.
    this.requests.send({ type: "unsubscribe", token }).catch(() => {})
  }

  private schemasOf(channel: string): Channel {
    const schemas = this.covenant.channels[channel]
    if (!schemas) throw new Error(`There is no channel "${channel}" in the covenant`)

    return schemas
  }
}

function checkTopic(topic: string, answer: SidekickFrame): void {
  if (answer.type === "subscribed" && topicOf(answer.channel, answer.params) !== topic) {
    throw new ChannelFaultError(otherTopic)
  }
}
