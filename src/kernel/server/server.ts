import type {
  Channel,
  ChannelMap,
  ConnectionContextOf,
  ConnectionRequestOf,
  Covenant,
  InputOf,
  OutputOf,
  ParamsOf,
  Procedure,
  ProcedureMap,
  UnparsedServerMessageOf,
} from "../declare.ts"
import type {
  CallRequest,
  ChannelDefinition,
  ChannelDefinitions,
  MaybePromise,
  ProcedureDefinition,
  ProcedureDefinitions,
  ProcedureRefuse,
} from "../define.ts"
import {
  type ChannelFault,
  channelFaultOf,
  type OnUnexpected,
  type ProcedureResult,
  parseInput,
  parseOwn,
  procedureErrorOf,
  Refusal,
  refusalFrom,
  refuse,
  safeReporter,
} from "../result.ts"
import type { Params } from "../topic.ts"
import type { ConnectResult, Grant, LogPart, ServerToSidekickConnection } from "../wire.ts"
import {
  Definitions,
  type ErasedChannel,
  type ErasedProcedure,
  ownParamsFor,
  paramsFor,
} from "./definitions.ts"

/** What a server is made of. */
export interface CovenantServerOptions<Context, Derived> {
  /** Where tokens, messages and updates go. */
  sidekickConnection: ServerToSidekickConnection
  /** Makes `ctx` from a request; called once, with no headers and an empty url, for all messages and log reads. */
  contextGenerator?(args: { request: CallRequest }): MaybePromise<Context>
  /**
   * Makes `derived`, what all handlers share. What it keeps of `error` refuses the call it is used in. Like `ctx` it is
   * made once for all messages and log reads.
   */
  derivation?(args: { ctx: Context; request: CallRequest; error: ProcedureRefuse }): MaybePromise<Derived>
  /** Refuses callers whom a procedure's declaration (its `meta`) does not allow. Called before the handler. */
  authorize?(args: { procedure: Procedure; ctx: Context; error: ProcedureRefuse }): MaybePromise<void>
  /** Told of every bug once: unexpected throws, invalid outputs, an unreachable sidekick. Default: the console. */
  onUnexpected?: OnUnexpected
}

/** Runs a contract: validates, derives, calls the handlers, and turns whatever they throw into an answer. */
export class CovenantServer<
  P extends ProcedureMap,
  C extends ChannelMap,
  Context = undefined,
  Derived = undefined,
> {
  private readonly procedures: Definitions<Procedure, ErasedProcedure<Context, Derived>>
  private readonly channels: Definitions<Channel, ErasedChannel<Context, Derived>>
  private readonly report: OnUnexpected
  private withoutRequest: { derived: Derived } | undefined

  constructor(
    covenant: Covenant<P, C>,
    private readonly options: CovenantServerOptions<Context, Derived>,
  ) {
    this.procedures = new Definitions("procedure", covenant.procedures)
    this.channels = new Definitions("channel", covenant.channels)
    this.report = safeReporter(options.onUnexpected)
  }

  /** Gives a procedure its implementation. Throws when it has one, or when the contract has no such procedure. */
  defineProcedure<N extends keyof P & string>(
    name: N,
    definition: ProcedureDefinition<P[N], Context, Derived>,
  ): void {
    this.procedures.define(name, definition)
  }

  /** Gives a channel its implementation. Throws when it has one, or when the contract has no such channel. */
  defineChannel<N extends keyof C & string>(
    name: N,
    definition: ChannelDefinition<C[N], Context, Derived>,
  ): void {
    this.channels.define(name, definition)
  }

  /** Gives a slice of the contract its implementations, by name. */
  defineSlice(
    definitions: Partial<ProcedureDefinitions<P, Context, Derived> & ChannelDefinitions<C, Context, Derived>>,
  ): void {
    for (const [name, definition] of Object.entries(definitions)) {
      if (this.procedures.declaration(name))
        this.procedures.define(name, definition as ErasedProcedure<Context, Derived>)
      else this.channels.define(name, definition as ErasedChannel<Context, Derived>)
    }
  }

  /** Throws an `Error` that lists every procedure and channel without an implementation. Call it before listening. */
  assertAllDefined(): void {
    const unreadable = this.channels.names(
      ({ declared, definition }) => declared.seqOf !== undefined && !definition.log,
    )
    const missing = [
      ...this.procedures.missing(),
      ...this.channels.missing(),
      ...unreadable.map((name) => `log of channel ${name}`),
    ]
    if (missing.length > 0) throw new Error(`Declared but not defined: ${missing.join(", ")}`)
  }

  /**
   * Runs a procedure. Never rejects. Fails: 400 with `issues` (invalid input), 404 (no such procedure), 500 (a bug),
   * and whatever its handler refuses with. `responseHeaders` is filled with what the handler set, also on failure.
   */
  call<N extends keyof P & string>(
    name: N,
    inputs: InputOf<P[N]>,
    request: CallRequest,
    responseHeaders?: Headers,
  ): Promise<ProcedureResult<OutputOf<P[N]>>> {
    // processProcedure parsed the data with this procedure's own output schema.
    return this.processProcedure(name, inputs, request, responseHeaders) as Promise<
      ProcedureResult<OutputOf<P[N]>>
    >
  }

  /** `call` for an edge that has the name and the input from the network. */
  async processProcedure(
    name: string,
    inputs: unknown,
    request: CallRequest,
    responseHeaders = new Headers(),
  ): Promise<ProcedureResult<unknown>> {
    try {
      const found = this.procedures.find(name)
      const answer = await this.runProcedure(found, inputs, request, responseHeaders)
      if (found.declared.type === "mutation") await this.updateResources(answer.resources)
      return { success: true, error: null, ...answer }
    } catch (thrown) {
      const refusal = refusalFrom(thrown, `procedure ${name}`, this.report, request)
      return { success: false, data: null, error: procedureErrorOf(refusal), resources: null }
    }
  }

  /**
   * Asks a channel's `onConnect` for a connection. Never rejects. The token (43 characters) is a secret that opens
   * the connection at the sidekick, once. Fails with a fault: `client` 400 (params or request invalid), `client` 404
   * (no such channel), `server` 500 (a bug), `sidekick` (it cannot be reached), and whatever `onConnect` rejects with.
   */
  connect<N extends keyof C & string>(
    channel: N,
    params: ParamsOf<C[N]>,
    data: ConnectionRequestOf<C[N]>,
    request: CallRequest,
  ): Promise<ConnectResult<ConnectionContextOf<C[N]>>> {
    // processConnection parsed the context with this channel's own schema.
    return this.processConnection(channel, params, data, request) as Promise<
      ConnectResult<ConnectionContextOf<C[N]>>
    >
  }

  /**
   * `connect` for an edge that has the channel, the params and the data from the network. The connection is opened at
   * the server's sidekick, or at another that is given.
   */
  async processConnection(
    channel: string,
    params: unknown,
    data: unknown,
    request: CallRequest,
    sidekick: Pick<ServerToSidekickConnection, "addConnection"> = this.options.sidekickConnection,
  ): Promise<ConnectResult<unknown>> {
    try {
      const found = this.channels.find(channel)
      const known = paramsFor(found.declared, params)
      const connected = await this.runConnect(found, known, data, request)
      const { context } = connected
      const token = makeToken()
      await this.grant(sidekick, { token, channel, params: known, ...connected })
      return { success: true, token, context, error: null }
    } catch (thrown) {
      const refusal = refusalFrom(thrown, `channel ${channel} onConnect`, this.report, request)
      return { success: false, token: null, error: channelFaultOf(refusal) }
    }
  }

  /**
   * Sends to exactly those subscribers whose params are equal; the order of calls is the order of delivery. Rejects
   * when params or data do not fit the contract: that is a bug of the caller, and nothing is sent. An unreachable
   * sidekick is reported and returned, not thrown: what was announced has already happened.
   */
  async postChannelMessage<N extends keyof C & string>(
    name: N,
    params: ParamsOf<C[N]>,
    data: UnparsedServerMessageOf<C[N]>,
  ): Promise<Error | null> {
    // Nothing may be awaited before postMessage, or two posts could overtake each other.
    const declared = this.channels.declaration(name)
    if (!declared) throw new Error(`There is no channel "${name}" to post to`)
    const known = ownParamsFor(declared, params)
    const message = parseOwn(declared.serverMessage, data, `A message posted to channel ${name}`)

    const seq = declared.seqOf && { seq: declared.seqOf(message) }

    return this.tellSidekick("postMessage", (sidekick) =>
      sidekick.postMessage({ channel: name, params: known, data: message, ...seq }),
    )
  }

  /**
   * Reads a channel's log for a sidekick: what changed after a number, or, asked with `null`, nothing but where the
   * log is. Rejects when it cannot be read, and for a channel that has none.
   */
  async readLog(channel: string, params: Params, after: number | null): Promise<LogPart> {
    const { declared, definition } = this.channels.find(channel)
    if (!definition.log) throw new Error(`The channel "${channel}" has no log`)
    const known = paramsFor(declared, params)
    const { derived } = this.withoutRequest ?? (await this.prepareWithoutRequest())
    if (after === null) return { messages: [], seq: await definition.log.head({ params: known, derived }) }

    const { messages, seq } = await definition.log.since({ params: known, derived, after })
    const numbered = (message: unknown) => {
      const data = parseOwn(declared.serverMessage, message, `A message of the log of channel ${channel}`)
      return { data, seq: declared.seqOf?.(data) ?? 0 }
    }
    return { messages: messages?.map(numbered) ?? null, seq }
  }

  /**
   * Runs a channel's `onMessage` for what a connection sent; resolves with `null` once it has been processed, or with
   * the fault. Never rejects. `params` and `context` come from the connection's grant, `data` from the client.
   */
  async processChannelMessage(
    channelName: string,
    params: Params,
    data: unknown,
    context: unknown,
  ): Promise<ChannelFault | null> {
    try {
      const { declared, definition } = this.channels.find(channelName)
      const known = paramsFor(declared, params)
      const inputs = parseInput(declared.clientMessage, data)
      const connection = parseOwn(declared.connectionContext, context, "The connection's context")
      const { derived } = this.withoutRequest ?? (await this.prepareWithoutRequest())
      await definition.onMessage({ inputs, params: known, context: connection, derived, error: refuse })
      return null
    } catch (thrown) {
      return channelFaultOf(refusalFrom(thrown, `channel ${channelName} onMessage`, this.report))
    }
  }

  /** Tells everyone who listens to these resources that they changed. Never rejects. */
  async updateResources(resources: string[]): Promise<void> {
    if (resources.length > 0) await this.tellSidekick("update", (sidekick) => sidekick.update(resources))
  }

  private async runProcedure(
    { declared, definition }: Found<Procedure, ErasedProcedure<Context, Derived>>,
    unparsed: unknown,
    request: CallRequest,
    headers: Headers,
  ): Promise<{ data: unknown; resources: string[] }> {
    const inputs = parseInput(declared.input, unparsed)
    const { ctx, derived } = await this.prepare(request)
    await this.options.authorize?.({ procedure: declared, ctx, error: refuse })
    const output = await definition.procedure({
      inputs,
      ctx,
      derived,
      request,
      // Cookies cannot share a header: their dates have commas (RFC 6265, section 3).
      setHeader: (header, value) =>
        /^set-cookie$/i.test(header) ? headers.append(header, value) : headers.set(header, value),
      deleteHeader: (header) => headers.delete(header),
      error: refuse,
    })
    const data = parseOwn(declared.output, output, "The output")
    const resources = (await definition.resources?.({ inputs, ctx, outputs: data })) ?? []

    return { data, resources }
  }

  private async runConnect(
    { declared, definition }: Found<Channel, ErasedChannel<Context, Derived>>,
    params: Params,
    data: unknown,
    request: CallRequest,
  ): Promise<Pick<Grant, "context" | "after">> {
    const inputs = parseInput(declared.connectionRequest, data)
    const { ctx, derived } = await this.prepare(request)
    const made = await definition.onConnect({ inputs, params, ctx, derived, request, reject: refuse })
    const context = parseOwn(declared.connectionContext, made, "The connection's context")

    return declared.seqOf ? { context, after: afterIn(inputs) } : { context }
  }

  private async prepare(request: CallRequest): Promise<{ ctx: Context; derived: Derived }> {
    const { contextGenerator, derivation } = this.options
    // Without the option its type parameter is undefined, unless somebody wrote it out and lied.
    const ctx = (await contextGenerator?.({ request })) as Context
    const derived = (await derivation?.({ ctx, request, error: refuse })) as Derived

    return { ctx, derived }
  }

  /** What messages and log reads share: nothing in it differs by a request, so it is made once. */
  private async prepareWithoutRequest(): Promise<{ derived: Derived }> {
    this.withoutRequest = await this.prepare({ headers: new Headers(), url: "" })
    return this.withoutRequest
  }

  private async grant(
    sidekick: Pick<ServerToSidekickConnection, "addConnection">,
    grant: Grant,
  ): Promise<void> {
    const failure = await this.tell("addConnection", () => sidekick.addConnection(grant))
    if (failure)
      throw new Refusal("Live connections are not available right now. Try again soon.", "sidekick")
  }

  private tellSidekick(
    what: string,
    tell: (sidekick: ServerToSidekickConnection) => Promise<Error | null>,
  ): Promise<Error | null> {
    return this.tell(what, () => tell(this.options.sidekickConnection))
  }

  private async tell(what: string, tell: () => Promise<Error | null>): Promise<Error | null> {
    const failure = await attempt(tell)
    if (failure) this.report(failure, `sidekick ${what}`)

    return failure
  }
}

interface Found<Declared, Definition> {
  declared: Declared
  definition: Definition
}

/** Where a connection request says its client is. */
function afterIn(request: unknown): number | null {
  const { after } = (typeof request === "object" && request !== null ? request : {}) as { after?: unknown }

  return typeof after === "number" ? after : null
}

/** 32 random bytes: a token is the whole grant, so it must not be guessable. */
function makeToken(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true })
}

async function attempt(action: () => Promise<Error | null>): Promise<Error | null> {
  try {
    return await action()
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown))
  }
}
