import type {
  Channel,
  ChannelMap,
  ConnectionContextOf,
  OutputOf,
  ParamsOf,
  ParsedClientMessageOf,
  ParsedConnectionRequestOf,
  ParsedInputOf,
  Procedure,
  ProcedureMap,
  UnparsedConnectionContextOf,
  UnparsedOutputOf,
  UnparsedServerMessageOf,
} from "./declare.ts"
import type { Fault, RefusalOptions } from "./result.ts"
import type { LogPart } from "./wire.ts"

/** A value, or a promise of it. */
export type MaybePromise<T> = T | Promise<T>

/** What is known of the request behind a call. `url` is empty where there was none. */
export interface CallRequest {
  readonly headers: Headers
  readonly url: string
}

/**
 * Refuses a procedure: never returns. `message` is shown to people, `code` is an HTTP status; `issues` name the
 * fields it is about. Write
 * `return error(…)` or `throw error(…)` where TypeScript should narrow what follows.
 */
export type ProcedureRefuse = (message: string, code: number, options?: RefusalOptions) => never

/** Refuses in a channel: never returns. A number is an HTTP status: 5xx blames the server, else the client. */
export type ChannelRefuse = (
  reason: string,
  faultOrCode: Fault | number,
  options?: { retryAfterSeconds?: number },
) => never

/** What a procedure's handler works with. */
export interface ProcedureArguments<Inputs, Context, Derived> {
  inputs: Inputs
  ctx: Context
  derived: Derived
  request: CallRequest
  /** Sets a header of the response; each `set-cookie` adds one more. */
  setHeader(name: string, value: string): void
  /** Takes a header of the response back. */
  deleteHeader(name: string): void
  error: ProcedureRefuse
}

/** What a procedure's resources are computed from. */
export interface ResourceArguments<Inputs, Context, Outputs> {
  inputs: Inputs
  ctx: Context
  outputs: Outputs
}

/** The implementation of one procedure. `resources` names what the answer depends on, or what it changed. */
export interface ProcedureDefinition<P extends Procedure, Context, Derived> {
  procedure(args: ProcedureArguments<ParsedInputOf<P>, Context, Derived>): MaybePromise<UnparsedOutputOf<P>>
  resources?(args: ResourceArguments<ParsedInputOf<P>, Context, OutputOf<P>>): MaybePromise<string[]>
}

/** What `onConnect` works with. */
export interface ConnectArguments<Inputs, ChannelParams, Context, Derived> {
  inputs: Inputs
  params: ChannelParams
  ctx: Context
  derived: Derived
  request: CallRequest
  reject: ChannelRefuse
}

/** What `onMessage` works with: who is speaking comes from `context`, there is no request. */
export interface MessageArguments<Inputs, ChannelParams, ConnectionContext, Derived> {
  inputs: Inputs
  params: ChannelParams
  context: ConnectionContext
  derived: Derived
  error: ChannelRefuse
}

/** Where a channel's log is read; what it knows of the caller is nothing, since many share what is read. */
export interface LogArguments<ChannelParams, Derived> {
  params: ChannelParams
  derived: Derived
}

/** How the log of a channel that declares `seqOf` is read. Bound what one reading takes. */
export interface LogDefinition<Message, ChannelParams, Derived> {
  /** The number of the last change; 0 when there is none. */
  head(args: LogArguments<ChannelParams, Derived>): MaybePromise<number>
  /**
   * What changed after a number, as it is now, in the order of the changes; `null` when that is too much to be sent
   * one by one. `seq` is how far that brings the reader.
   */
  since(args: LogArguments<ChannelParams, Derived> & { after: number }): MaybePromise<LogPart<Message>>
}

/**
 * The implementation of one channel. `onConnect` runs before anything is subscribed and returns the connection's
 * context, or rejects. `onMessage` runs for every message; messages of one connection are started in the order
 * they came and not held back for one another. What it returns is ignored.
 */
export interface ChannelDefinition<C extends Channel, Context, Derived> {
  onConnect(
    args: ConnectArguments<ParsedConnectionRequestOf<C>, ParamsOf<C>, Context, Derived>,
  ): MaybePromise<UnparsedConnectionContextOf<C>>
  onMessage(
    args: MessageArguments<ParsedClientMessageOf<C>, ParamsOf<C>, ConnectionContextOf<C>, Derived>,
  ): unknown
  /** For channels that declare `seqOf`, and only for them. */
  log?: LogDefinition<UnparsedServerMessageOf<C>, ParamsOf<C>, Derived>
}

/** Implementations for a slice of procedures; type a feature's handlers with it. */
export type ProcedureDefinitions<P extends ProcedureMap, Context, Derived> = {
  [Name in keyof P]: ProcedureDefinition<P[Name], Context, Derived>
}

/** Implementations for a slice of channels; type a feature's handlers with it. */
export type ChannelDefinitions<C extends ChannelMap, Context, Derived> = {
  [Name in keyof C]: ChannelDefinition<C[Name], Context, Derived>
}
