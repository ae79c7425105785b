import type {
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
} from "../declare.ts"
import { type ChannelFault, guard, type OnUnexpected, type ProcedureResult, safeReporter } from "../result.ts"
import type { Gap, SubscriptionHooks } from "../sidekick/subscriptions.ts"
import {
  type ClientFrame,
  type ClientToServerConnection,
  type ClientToSidekickConnection,
  type ErrorFrame,
  maxResourcesPerFrame,
  type SidekickFrame,
} from "../wire.ts"
import { Calls, type ClientConnectResult } from "./calls.ts"
import { ClientChannels } from "./channels.ts"
import { LiveQuery } from "./live-query.ts"
import { GapError, MessageStream } from "./message-stream.ts"

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

/** What else a subscriber may be told. */
export interface SubscribeOptions {
  /**
   * Too much was missed while the connection was lost, so it is not told one by one: read anew what lies after the
   * change `after`. What comes after `seq` is heard. Without it the gap is a fault (`onFault`).
   */
  onGap?(gap: Gap): unknown
}

/** Asks a server for what the contract declares. */
export class CovenantClient<P extends ProcedureMap, C extends ChannelMap> {
  private readonly calls: Calls<P>
  private readonly channels: ClientChannels
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
    this.stopHearing = options.sidekickConnection.onMessage((frame) => this.hear(frame))
    this.channels = new ClientChannels({
      channels: covenant.channels,
      calls: this.calls,
      sidekick: options.sidekickConnection,
      report: this.report,
      onFault: (fault) => options.onFault?.(fault),
      onBack: () => this.listenAgain(),
    })
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
    return this.channels.connect(channel, params, request)
  }

  /**
   * Hears what is posted to the connection's topic. Resolves once it is subscribed, with a function that ends it;
   * rejects with a `ChannelFaultError` when the token does not grant this. A callback given twice for the same token
   * is called once per message. When the last callback of a token is gone its connection is closed. Over a network it
   * lasts: lost, the connection is made again, and of a channel that is a log nothing is missed.
   */
  async subscribe<N extends keyof C & string>(
    channel: N,
    params: ParamsOf<C[N]>,
    token: string,
    callback: (message: ServerMessageOf<C[N]>) => unknown,
    options: SubscribeOptions = {},
  ): Promise<() => void> {
    const { onGap = (gap: Gap) => this.options.onFault?.({ channel, params, ...faultOf(gap) }) } = options
    return this.channels.subscribe(channel, params, token, {
      // The message is parsed with this channel's own schema.
      callback: callback as (message: unknown) => unknown,
      onGap,
    })
  }

  /**
   * The same as something to loop over: `for await (const message of client.messages("room", params, token))`. It
   * subscribes at once, and leaving the loop ends it. Throws a `ChannelFaultError` when the connection is ended from
   * the other side, and a `GapError` where there is no `onGap`; what that returns is awaited before the next message.
   */
  messages<N extends keyof C & string>(
    channel: N,
    params: ParamsOf<C[N]>,
    token: string,
    { onGap }: SubscribeOptions = {},
  ): MessageStream<ServerMessageOf<C[N]>> {
    const source = {
      isLog: this.covenant.channels[channel]?.seqOf !== undefined,
      subscribe: (hear: (message: ServerMessageOf<C[N]>) => unknown, hooks: SubscriptionHooks) =>
        this.channels.subscribe(channel, params, token, {
          // As above.
          callback: hear as (message: unknown) => unknown,
          ...hooks,
        }),
      catchUp: () => this.channels.catchUp(token),
    }

    return new MessageStream(source, onGap)
  }

  /** Ends a token's connection and all its callbacks. Rejects with a `ChannelFaultError` when it is not ours. */
  async unsubscribe<N extends keyof C & string>(
    _channel: N,
    _params: ParamsOf<C[N]>,
    token: string,
  ): Promise<void> {
    await this.channels.unsubscribe(token)
  }

  /**
   * Sends a message up a channel. Resolves when the server has processed it; rejects with a `ChannelFaultError` that
   * carries the fault. Needs a sidekick that answers `ref`. Allowed before `subscribe`. Where the connection is lost
   * it waits for the next one and is sent again if need be: at most once to be stored, where the contract has `withId`.
   */
  async send<N extends keyof C & string>(
    channel: N,
    params: ParamsOf<C[N]>,
    token: string,
    data: ClientMessageOf<C[N]>,
  ): Promise<void> {
    await this.channels.send(channel, params, token, data)
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
    this.channels.close()
    this.options.sidekickConnection.close()
  }

  private hear(frame: SidekickFrame): void {
    if (this.channels.requests.answer(frame)) return
    if (frame.type === "updated") this.touch([frame.resource])
    else if (frame.type === "listening") this.touch(frame.resources)
    else this.channels.hear(frame)
  }

  private touch(resources: string[]): void {
    for (const live of this.liveQueries) live.touch(resources)
  }

  private relisten(before: ReadonlySet<string>, after: ReadonlySet<string>): void {
    const added = [...after].filter((resource) => !before.has(resource) && this.count(resource, +1) === 1)
    const removed = [...before].filter((resource) => !after.has(resource) && this.count(resource, -1) === 0)
    // On a link that is lost all of it is listened to when it is back.
    if (added.length > 0) this.tell({ type: "listen", resources: added })
    if (removed.length > 0 && this.channels.link.isOpen) this.tell({ type: "unlisten", resources: removed })
  }

  private listenAgain(): void {
    const resources = [...this.listening.keys()]
    for (let from = 0; from < resources.length; from += maxResourcesPerFrame) {
      this.tell({ type: "listen", resources: resources.slice(from, from + maxResourcesPerFrame) })
    }
  }

  private tell(frame: ClientFrame): void {
    const { link } = this.channels
    if (link.isOpen) this.options.sidekickConnection.sendMessage(frame)
    // Opened for the first time it has nothing to make again, and says so: `listenAgain`.
    else link.opened().catch(() => {})
  }

  private count(resource: string, change: number): number {
    const count = (this.listening.get(resource) ?? 0) + change
    if (count > 0) this.listening.set(resource, count)
    else this.listening.delete(resource)

    return count
  }
}

function faultOf({ after, seq }: Gap): ChannelFault {
  const { message } = new GapError(after, seq)

  return { fault: "client", message, code: 410 }
}
