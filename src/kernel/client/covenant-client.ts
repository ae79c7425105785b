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
import { createReporter, type OnUnexpected, runSafely } from "../report.ts"
import type { ChannelFault, ProcedureResult } from "../result.ts"
import type {
  ClientToServerConnection,
  ClientToSidekickConnection,
  ErrorFrame,
  SidekickFrame,
} from "../wire.ts"
import { ClientChannels } from "./client-channels.ts"
import { type Gap, GapError } from "./errors.ts"
import { LiveQuery } from "./live-query.ts"
import type { SubscriptionHooks } from "./message-callbacks.ts"
import { MessageStream } from "./message-stream.ts"
import { ResourceListening } from "./resource-listening.ts"
import { type ClientConnectResult, ServerCalls } from "./server-calls.ts"

/** What a client is created with. */
export interface CovenantClientOptions {
  serverConnection: ClientToServerConnection
  sidekickConnection: ClientToSidekickConnection
  /** Called with faults that answer no request: an evicted connection, a resource it may no longer listen to. */
  onFault?(fault: ErrorFrame["error"]): void
  /** Called with errors of callbacks and with data that does not fit the contract. Default: the console. */
  onUnexpected?: OnUnexpected
}

/** The last argument of `connect`; optional for channels whose connection request may be `undefined`. */
type RequestArgument<Request> = undefined extends Request ? [request?: Request] : [request: Request]

/** Options of a subscription. */
export interface SubscribeOptions {
  /**
   * Called when too many changes were missed to get them one by one: those after `after`, up to `seq`, must be loaded
   * otherwise. Later ones arrive as usual. Without it a gap is a fault (`onFault`).
   */
  onGap?(gap: Gap): unknown
}

/**
 * Calls a server as its contract declares.
 *
 * @example
 * const client = new CovenantClient(covenant, { serverConnection, sidekickConnection })
 * const { data } = await client.query("getNotes", { roomId: "1" })
 */
export class CovenantClient<P extends ProcedureMap, C extends ChannelMap> {
  readonly #covenant: Covenant<P, C>
  readonly #options: CovenantClientOptions
  readonly #calls: ServerCalls<P>
  readonly #channels: ClientChannels
  readonly #listening: ResourceListening
  readonly #liveQueries = new Set<LiveQuery>()
  readonly #report: OnUnexpected
  readonly #stopReceiving: () => void

  constructor(covenant: Covenant<P, C>, options: CovenantClientOptions) {
    const { serverConnection, sidekickConnection } = options
    this.#covenant = covenant
    this.#options = options
    this.#report = createReporter(options.onUnexpected)
    this.#calls = new ServerCalls(covenant.procedures, serverConnection, this.#report)
    this.#stopReceiving = sidekickConnection.onMessage((frame) => this.#dispatch(frame))
    this.#channels = new ClientChannels({
      channels: covenant.channels,
      calls: this.#calls,
      sidekick: sidekickConnection,
      report: this.#report,
      onFault: (fault) => options.onFault?.(fault),
      onRestored: () => this.#listening.restore(),
    })
    this.#listening = new ResourceListening(sidekickConnection, this.#channels.link)
  }

  /** Runs a query. Never rejects: an unreachable server is code 503, an answer outside the contract 500. */
  query<N extends QueryName<P>>(name: N, input: InputOf<P[N]>): Promise<ProcedureResult<OutputOf<P[N]>>> {
    return this.#calls.run(name, input)
  }

  /** Runs a mutation, as `query` does. Afterwards live queries that depend on what it changed are fetched again. */
  async mutate<N extends MutationName<P>>(
    name: N,
    input: InputOf<P[N]>,
  ): Promise<ProcedureResult<OutputOf<P[N]>>> {
    const result = await this.#calls.run(name, input)
    if (result.success) this.#updateQueries(result.resources)

    return result
  }

  /**
   * Requests a connection. Never rejects. The token in the result is for `subscribe`, `send` and `messages`.
   *
   * @example
   * const { success, token, error } = await client.connect("room", { roomId: "1" })
   */
  async connect<N extends keyof C & string>(
    channel: N,
    params: ParamsOf<C[N]>,
    ...[request]: RequestArgument<ConnectionRequestOf<C[N]>>
  ): Promise<ClientConnectResult> {
    return this.#channels.connect(channel, params, request)
  }

  /**
   * Subscribes a callback to the connection's topic. Resolves, once subscribed, with a function that removes the
   * callback; with the last callback of a token its connection is closed. Rejects with a `ChannelFaultError` when the
   * token does not grant this. A callback added twice for one token is called once per message. A connection that is
   * lost is renewed, and if the channel is a log nothing is missed.
   */
  async subscribe<N extends keyof C & string>(
    channel: N,
    params: ParamsOf<C[N]>,
    token: string,
    callback: (message: ServerMessageOf<C[N]>) => unknown,
    options: SubscribeOptions = {},
  ): Promise<() => void> {
    const { onGap = (gap: Gap) => this.#options.onFault?.({ channel, params, ...faultOf(gap) }) } = options
    return this.#channels.subscribe(
      { channel, params, id: token },
      {
        // The message is parsed with this channel's own schema.
        callback: callback as (message: unknown) => unknown,
        onGap,
      },
    )
  }

  /**
   * The connection's messages as an async iterator. It subscribes at once; leaving the loop unsubscribes. It throws a
   * `ChannelFaultError` when the sidekick ends the connection, and a `GapError` for a gap without `onGap`; what
   * `onGap` returns is awaited before the next message.
   *
   * @example
   * for await (const message of client.messages("room", { roomId: "1" }, token)) console.log(message.text)
   */
  messages<N extends keyof C & string>(
    channel: N,
    params: ParamsOf<C[N]>,
    token: string,
    { onGap }: SubscribeOptions = {},
  ): MessageStream<ServerMessageOf<C[N]>> {
    const source = {
      isLog: this.#covenant.channels[channel]?.seqOf !== undefined,
      subscribe: (callback: (message: ServerMessageOf<C[N]>) => unknown, hooks: SubscriptionHooks) =>
        this.#channels.subscribe(
          { channel, params, id: token },
          {
            // As above.
            callback: callback as (message: unknown) => unknown,
            ...hooks,
          },
        ),
      catchUp: () => this.#channels.catchUp(token),
    }

    return new MessageStream(source, onGap)
  }

  /** Ends a connection with all its callbacks. Rejects with a `ChannelFaultError` when it is not this client's. */
  async unsubscribe<N extends keyof C & string>(
    // The seed's API names them, though the token says it all.
    _channel: N,
    _params: ParamsOf<C[N]>,
    token: string,
  ): Promise<void> {
    await this.#channels.unsubscribe(token)
  }

  /**
   * Sends a message. Resolves when the server has processed it; rejects with a `ChannelFaultError`. Works before
   * `subscribe`. Needs a sidekick that answers `ref`. While the connection is lost the message waits. If the answer to
   * it was lost, it is sent again when the channel declares `withId`, and stored once; otherwise the promise rejects.
   */
  async send<N extends keyof C & string>(
    channel: N,
    params: ParamsOf<C[N]>,
    token: string,
    data: ClientMessageOf<C[N]>,
  ): Promise<void> {
    await this.#channels.send({ channel, params, id: token }, data)
  }

  /**
   * A live query: fetches and calls back, then again whenever a resource it depends on was updated, by this client's
   * mutations or, with `remote`, by anyone's. A burst of updates causes one fetch; fetches never overlap. Calls back
   * with failures too. With `remote` it fetches once more when listening has begun, because something may have changed
   * before. Returns a function that ends it.
   *
   * @example
   * const stop = client.listen("getNotes", { roomId: "1" }, ({ data }) => console.log(data))
   */
  listen<N extends QueryName<P>>(
    name: N,
    input: InputOf<P[N]>,
    callback: (result: ProcedureResult<OutputOf<P[N]>>) => unknown,
    remote = true,
  ): () => void {
    const live: LiveQuery = new LiveQuery({
      fetch: async () => {
        const result = await this.#calls.run(name, input)
        if (!live.isStopped) runSafely(() => callback(result), `listener of ${name}`, this.#report)
        return result.resources
      },
      onResources: (before, after) => {
        if (remote) this.#listening.change(before, after)
      },
    })
    this.#liveQueries.add(live)

    return () => {
      this.#liveQueries.delete(live)
      live.stop()
    }
  }

  /** Ends all live queries and subscriptions, rejects what awaits an answer, and closes the connection. */
  disconnect(): void {
    for (const live of this.#liveQueries) live.stop()
    this.#liveQueries.clear()
    this.#stopReceiving()
    this.#channels.close()
    this.#options.sidekickConnection.close()
  }

  #dispatch(frame: SidekickFrame): void {
    if (this.#channels.requests.answer(frame)) return
    if (frame.type === "updated") this.#updateQueries([frame.resource])
    else if (frame.type === "listening") this.#updateQueries(frame.resources)
    else this.#channels.handle(frame)
  }

  #updateQueries(resources: string[]): void {
    for (const live of this.#liveQueries) live.update(resources)
  }
}

function faultOf(gap: Gap): ChannelFault {
  return { fault: "client", message: new GapError(gap).message, code: 410 }
}
