import type {
  ChannelDeclaration,
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
  ProcedureDefinition,
  ProcedureDefinitions,
} from "../define.ts"
import { parseOwn } from "../parse.ts"
import { createReporter, type OnUnexpected, refusalFrom } from "../report.ts"
import {
  type ChannelFault,
  channelFaultOf,
  type ProcedureResult,
  procedureErrorOf,
  Refusal,
} from "../result.ts"
import type { Params } from "../topic.ts"
import type { ConnectResult, LogPart, ServerToSidekickConnection } from "../wire.ts"
import { Definitions, type ErasedChannel, type ErasedProcedure } from "./definitions.ts"
import { type HandlerOptions, Handlers } from "./handlers.ts"
import { assertParams, parseParams } from "./params.ts"
import { makeToken } from "./token.ts"

/** What a server is created with. `contextGenerator` and `derivation` are the seed's words for context and services. */
export interface CovenantServerOptions<Context, Derived> extends HandlerOptions<Context, Derived> {
  /** Where tokens, messages and updates go. */
  sidekickConnection: ServerToSidekickConnection
  /** Called once with each bug: unexpected throws, invalid outputs, an unreachable sidekick. Default: the console. */
  onUnexpected?: OnUnexpected
}

/**
 * Implements a contract: validates input, calls the handlers, and converts whatever they throw into a result. The
 * README in `src/kernel` has a complete example.
 *
 * @example
 * const server = new CovenantServer(covenant, { sidekickConnection: sidekick.getConnectionFromServer() })
 * server.defineProcedure("getNotes", { procedure: ({ inputs }) => notesOf(inputs.roomId) })
 * server.assertAllDefined()
 */
export class CovenantServer<
  P extends ProcedureMap,
  C extends ChannelMap,
  Context = undefined,
  Derived = undefined,
> {
  readonly #procedures: Definitions<Procedure, ErasedProcedure<Context, Derived>>
  readonly #channels: Definitions<ChannelDeclaration, ErasedChannel<Context, Derived>>
  readonly #handlers: Handlers<Context, Derived>
  readonly #sidekick: ServerToSidekickConnection
  readonly #report: OnUnexpected

  constructor(covenant: Covenant<P, C>, options: CovenantServerOptions<Context, Derived>) {
    this.#procedures = new Definitions("procedure", covenant.procedures)
    this.#channels = new Definitions("channel", covenant.channels)
    this.#handlers = new Handlers(options)
    this.#sidekick = options.sidekickConnection
    this.#report = createReporter(options.onUnexpected)
  }

  /** Defines a procedure. Throws when it is defined already, or not in the contract. */
  defineProcedure<N extends keyof P & string>(
    name: N,
    definition: ProcedureDefinition<P[N], Context, Derived>,
  ): void {
    this.#procedures.define(name, definition)
  }

  /** Defines a channel. Throws when it is defined already, or not in the contract. */
  defineChannel<N extends keyof C & string>(
    name: N,
    definition: ChannelDefinition<C[N], Context, Derived>,
  ): void {
    this.#channels.define(name, definition)
  }

  /** Defines several procedures and channels. Throws as `defineProcedure` and `defineChannel` do. */
  defineSlice(
    definitions: Partial<ProcedureDefinitions<P, Context, Derived> & ChannelDefinitions<C, Context, Derived>>,
  ): void {
    for (const [name, definition] of Object.entries(definitions)) {
      if (this.#procedures.declaration(name))
        this.#procedures.define(name, definition as ErasedProcedure<Context, Derived>)
      else this.#channels.define(name, definition as ErasedChannel<Context, Derived>)
    }
  }

  /** Throws an `Error` that lists everything declared but not defined. Call it before listening. */
  assertAllDefined(): void {
    const withoutLog = this.#channels.names(
      ({ declared, definition }) => declared.seqOf !== undefined && !definition.log,
    )
    const missing = [
      ...this.#procedures.missing(),
      ...this.#channels.missing(),
      ...withoutLog.map((name) => `log of channel ${name}`),
    ]
    if (missing.length > 0) throw new Error(`Declared but not defined: ${missing.join(", ")}`)
  }

  /**
   * Runs a procedure. Never rejects. Fails with 400 and `issues` (invalid input), 404 (no such procedure), 500 (a bug)
   * and whatever its handler refuses with. `responseHeaders` receives the headers the handler sets, also on failure.
   *
   * @example
   * const { success, data, error } = await server.call("getNotes", { roomId: "1" }, request)
   */
  call<N extends keyof P & string>(
    name: N,
    inputs: InputOf<P[N]>,
    request: CallRequest,
    responseHeaders?: Headers,
  ): Promise<ProcedureResult<OutputOf<P[N]>>> {
    // The data was parsed with this procedure's own output schema.
    return this.processProcedure(name, inputs, request, responseHeaders) as Promise<
      ProcedureResult<OutputOf<P[N]>>
    >
  }

  /** `call` for a name and input from the network. */
  async processProcedure(
    name: string,
    inputs: unknown,
    request: CallRequest,
    responseHeaders = new Headers(),
  ): Promise<ProcedureResult<unknown>> {
    try {
      const found = this.#procedures.find(name)
      const answer = await this.#handlers.runProcedure(found, { inputs, request, headers: responseHeaders })
      if (found.declared.type === "mutation") await this.updateResources(answer.resources)
      return { success: true, error: null, ...answer }
    } catch (thrown) {
      const refusal = this.#refusalFrom(thrown, `procedure ${name}`, request)
      return { success: false, data: null, error: procedureErrorOf(refusal), resources: null }
    }
  }

  /**
   * Asks a channel's `onConnect` for a connection. Never rejects. Returns a token (43 characters): a secret that opens
   * the connection at the sidekick, once. Fails with the fault `client` 400 (invalid params or request), `client` 404
   * (no such channel), `server` 500 (a bug), `sidekick` (unreachable), and whatever `onConnect` rejects with.
   */
  connect<N extends keyof C & string>(
    channel: N,
    params: ParamsOf<C[N]>,
    data: ConnectionRequestOf<C[N]>,
    request: CallRequest,
  ): Promise<ConnectResult<ConnectionContextOf<C[N]>>> {
    // The context was parsed with this channel's own schema.
    return this.processConnection(channel, params, data, request) as Promise<
      ConnectResult<ConnectionContextOf<C[N]>>
    >
  }

  /** `connect` for a channel, params and data from the network. `sidekick` is where the connection will be opened. */
  async processConnection(
    channel: string,
    params: unknown,
    data: unknown,
    request: CallRequest,
    sidekick: Pick<ServerToSidekickConnection, "addConnection"> = this.#sidekick,
  ): Promise<ConnectResult<unknown>> {
    try {
      const found = this.#channels.find(channel)
      const parsed = parseParams(found.declared, params)
      const connected = await this.#handlers.runConnect(found, { params: parsed, data, request })
      const grant = { token: makeToken(), channel, params: parsed, ...connected }
      if (await this.#announce("addConnection", () => sidekick.addConnection(grant))) {
        throw new Refusal("Live connections are not available right now. Try again soon.", "sidekick")
      }
      return { success: true, token: grant.token, context: connected.context, error: null }
    } catch (thrown) {
      const refusal = this.#refusalFrom(thrown, `channel ${channel} onConnect`, request)
      return { success: false, token: null, error: channelFaultOf(refusal) }
    }
  }

  /**
   * Sends a message to exactly those subscribers whose params are equal, in the order of the calls. Rejects when
   * params or data do not fit the contract: that is a bug of the caller, and nothing is sent. An unreachable sidekick
   * is reported and returned, not thrown, because what the message announces has already happened.
   */
  async postChannelMessage<N extends keyof C & string>(
    name: N,
    params: ParamsOf<C[N]>,
    data: UnparsedServerMessageOf<C[N]>,
  ): Promise<Error | null> {
    // Nothing may be awaited before `postMessage`, or two posts could overtake each other.
    const declared = this.#channels.declaration(name)
    if (!declared) throw new Error(`There is no channel "${name}" to post to`)
    const message = {
      channel: name,
      params: assertParams(declared, params),
      data: parseOwn(declared.serverMessage, data, `A message posted to channel ${name}`),
    }
    const numbers = numbersOf(declared, message.data)

    return this.#announce("postMessage", () => this.#sidekick.postMessage({ ...message, ...numbers }))
  }

  /**
   * Reads a channel's log for a sidekick: the changes after a sequence number; with `null` only the current head.
   * Rejects when the channel has no log or it cannot be read.
   */
  async readLog(channel: string, params: Params, after: number | null): Promise<LogPart> {
    const { declared, definition } = this.#channels.find(channel)
    if (!definition.log) throw new Error(`The channel "${channel}" has no log`)
    const args = {
      params: parseParams(declared, params),
      derived: await this.#handlers.derivedWithoutRequest(),
    }
    if (after === null) return { messages: [], seq: await definition.log.head(args) }

    const { messages, seq } = await definition.log.since({ ...args, after })
    const withSeq = (message: unknown) => {
      const data = parseOwn(declared.serverMessage, message, `A message of the log of channel ${channel}`)
      return { data, seq: 0, ...numbersOf(declared, data) }
    }
    return { messages: messages?.map(withSeq) ?? null, seq }
  }

  /**
   * Runs a channel's `onMessage` for a message that a connection sent. Resolves with `null` once it was processed, or
   * with the fault; never rejects. `params` and `context` are those of the connection's grant, `data` is the client's.
   */
  async processChannelMessage(
    channelName: string,
    params: Params,
    data: unknown,
    context: unknown,
  ): Promise<ChannelFault | null> {
    try {
      const found = this.#channels.find(channelName)
      await this.#handlers.runMessage(found, { params: parseParams(found.declared, params), data, context })
      return null
    } catch (thrown) {
      return channelFaultOf(this.#refusalFrom(thrown, `channel ${channelName} onMessage`))
    }
  }

  /** Announces to all listeners that these resources were updated. Never rejects. */
  async updateResources(resources: string[]): Promise<void> {
    if (resources.length > 0) await this.#announce("update", () => this.#sidekick.update(resources))
  }

  #refusalFrom(thrown: unknown, where: string, request?: CallRequest): Refusal {
    return refusalFrom(thrown, { where, report: this.#report, request })
  }

  /** Calls a sidekick at once. A failure is reported and returned: the change was committed before. */
  async #announce(what: string, call: () => Promise<Error | null>): Promise<Error | null> {
    let failure: Error | null
    try {
      failure = await call()
    } catch (thrown) {
      failure = thrown instanceof Error ? thrown : new Error(String(thrown))
    }
    if (failure) this.#report(failure, `sidekick ${what}`)
    return failure
  }
}

/** The numbers of a message in its log, if its channel is one. */
function numbersOf({ seqOf, positionOf }: ChannelDeclaration, data: unknown) {
  return {
    ...(seqOf && { seq: seqOf(data) }),
    ...(positionOf && { position: positionOf(data) }),
  }
}
