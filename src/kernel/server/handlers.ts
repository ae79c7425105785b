import type { ChannelDeclaration, Procedure } from "../declare.ts"
import type { CallRequest, MaybePromise, ProcedureRefuse } from "../define.ts"
import { parseInput, parseOwn } from "../parse.ts"
import { refuse } from "../result.ts"
import { cursorIn, type Params } from "../topic.ts"
import type { Grant } from "../wire.ts"
import type { Defined, ErasedChannel, ErasedProcedure } from "./definitions.ts"

/** How handlers get what they work with besides their input. */
export interface HandlerOptions<Context, Derived> {
  /**
   * Creates `ctx` from a request. Called with empty headers and an empty url for messages and log reads, which have
   * no request, and then only once.
   */
  contextGenerator?(args: { request: CallRequest }): MaybePromise<Context>
  /**
   * Creates `derived`, which all handlers share. `error` refuses the call that the result is used in. Called only
   * once for all messages and log reads.
   */
  derivation?(args: { ctx: Context; request: CallRequest; error: ProcedureRefuse }): MaybePromise<Derived>
  /** Refuses callers that a procedure's `meta` does not allow. Called before the handler. */
  authorize?(args: { procedure: Procedure; ctx: Context; error: ProcedureRefuse }): MaybePromise<void>
}

/** Calls the handlers of a contract with validated input, and validates what they return. */
export class Handlers<Context, Derived> {
  readonly #options: HandlerOptions<Context, Derived>
  #withoutRequest: { derived: Derived } | undefined

  constructor(options: HandlerOptions<Context, Derived>) {
    this.#options = options
  }

  /** Runs a procedure. `headers` is filled with what the handler sets. Throws what the handler throws. */
  async runProcedure(
    { declared, definition }: Defined<Procedure, ErasedProcedure<Context, Derived>>,
    { inputs: unparsed, request, headers }: { inputs: unknown; request: CallRequest; headers: Headers },
  ): Promise<{ data: unknown; resources: string[] }> {
    const inputs = parseInput(declared.input, unparsed)
    const { ctx, derived } = await this.#prepare(request)
    await this.#options.authorize?.({ procedure: declared, ctx, error: refuse })
    const output = await definition.procedure({
      inputs,
      ctx,
      derived,
      request,
      // Each cookie needs a header of its own: a list cannot be split at commas, since dates have them (RFC 6265, 3).
      setHeader: (header, value) =>
        /^set-cookie$/i.test(header) ? headers.append(header, value) : headers.set(header, value),
      deleteHeader: (header) => headers.delete(header),
      error: refuse,
    })
    const data = parseOwn(declared.output, output, "The output")
    const resources = (await definition.resources?.({ inputs, ctx, outputs: data })) ?? []

    return { data, resources }
  }

  /** Runs a channel's `onConnect`. Returns the connection's context and, for a log, the client's cursor. */
  async runConnect(
    { declared, definition }: Defined<ChannelDeclaration, ErasedChannel<Context, Derived>>,
    { params, data, request }: { params: Params; data: unknown; request: CallRequest },
  ): Promise<Pick<Grant, "context" | "after" | "isLiveOnly">> {
    const inputs = parseInput(declared.connectionRequest, data)
    const { ctx, derived } = await this.#prepare(request)
    const returned = await definition.onConnect({ inputs, params, ctx, derived, request, reject: refuse })
    const context = parseOwn(declared.connectionContext, returned, "The connection's context")

    if (!declared.seqOf) return { context }

    const mayReplay = definition.log?.mayReplay?.(context as never) ?? true
    return mayReplay
      ? { context, after: cursorIn(inputs) ?? null }
      : { context, after: null, isLiveOnly: true }
  }

  /** Runs a channel's `onMessage`. */
  async runMessage(
    { declared, definition }: Defined<ChannelDeclaration, ErasedChannel<Context, Derived>>,
    { params, data, context }: { params: Params; data: unknown; context: unknown },
  ): Promise<void> {
    const inputs = parseInput(declared.clientMessage, data)
    const connection = parseOwn(declared.connectionContext, context, "The connection's context")
    const derived = await this.derivedWithoutRequest()
    await definition.onMessage({ inputs, params, context: connection, derived, error: refuse })
  }

  /** `derived` for messages and log reads. It depends on no request, so it is created once. */
  async derivedWithoutRequest(): Promise<Derived> {
    this.#withoutRequest ??= await this.#prepare({ headers: new Headers(), url: "" })
    return this.#withoutRequest.derived
  }

  async #prepare(request: CallRequest): Promise<{ ctx: Context; derived: Derived }> {
    const { contextGenerator, derivation } = this.#options
    // Without the option its type parameter is `undefined`, unless someone wrote out another one.
    const ctx = (await contextGenerator?.({ request })) as Context
    const derived = (await derivation?.({ ctx, request, error: refuse })) as Derived

    return { ctx, derived }
  }
}
