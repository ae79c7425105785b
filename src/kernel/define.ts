import type {
  ChannelDeclaration,
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

/** The request behind a call. `url` is empty when there was none. */
export interface CallRequest {
  readonly headers: Headers
  readonly url: string
}

/**
 * Refuses a procedure by throwing. `message` is shown to users, `code` is an HTTP status, `issues` name invalid
 * fields. Write `return error(…)` where TypeScript should narrow what follows.
 *
 * @example
 * const note = notes.get(inputs.id) ?? error("There is no such note", 404)
 */
export type ProcedureRefuse = (message: string, code: number, options?: RefusalOptions) => never

/** Refuses in a channel by throwing. A number is an HTTP status: 5xx is the server's fault, all else the client's. */
export type ChannelRefuse = (
  reason: string,
  faultOrCode: Fault | number,
  options?: { retryAfterSeconds?: number },
) => never

/** The argument of a procedure's handler. */
export interface ProcedureArguments<Inputs, Context, Derived> {
  inputs: Inputs
  ctx: Context
  derived: Derived
  request: CallRequest
  /** Sets a response header. Every `set-cookie` is added to those before it. */
  setHeader(name: string, value: string): void
  /** Removes a response header. Part of the seed's API; the chat itself does not use it. */
  deleteHeader(name: string): void
  error: ProcedureRefuse
}

/** The argument of `resources`. */
export interface ResourceArguments<Inputs, Context, Outputs> {
  inputs: Inputs
  ctx: Context
  outputs: Outputs
}

/** The implementation of one procedure. `resources` returns names of what the output depends on or what was changed. */
export interface ProcedureDefinition<P extends Procedure, Context, Derived> {
  procedure(args: ProcedureArguments<ParsedInputOf<P>, Context, Derived>): MaybePromise<UnparsedOutputOf<P>>
  resources?(args: ResourceArguments<ParsedInputOf<P>, Context, OutputOf<P>>): MaybePromise<string[]>
}

/** The argument of `onConnect`. */
export interface ConnectArguments<Inputs, ChannelParams, Context, Derived> {
  inputs: Inputs
  params: ChannelParams
  ctx: Context
  derived: Derived
  request: CallRequest
  reject: ChannelRefuse
}

/** The argument of `onMessage`. There is no request; `context` says who sent the message. */
export interface MessageArguments<Inputs, ChannelParams, ConnectionContext, Derived> {
  inputs: Inputs
  params: ChannelParams
  context: ConnectionContext
  derived: Derived
  error: ChannelRefuse
}

/** The argument of a log's functions. It says nothing about the reader, because readers share what is read. */
export interface LogArguments<ChannelParams, Derived> {
  params: ChannelParams
  derived: Derived
}

/** Reads the log of a channel that declares `seqOf`. The definition must limit the size of one read. */
export interface LogDefinition<Message, ChannelParams, Derived, ConnectionContext = never> {
  /** The sequence number of the last change; 0 for an empty log. */
  head(args: LogArguments<ChannelParams, Derived>): MaybePromise<number>
  /**
   * What changed after a sequence number, in its current state, in the order of the changes; `null` when there is too
   * much to send one by one. `seq` is where that brings the reader.
   */
  since(args: LogArguments<ChannelParams, Derived> & { after: number }): MaybePromise<LogPart<Message>>
  /**
   * May a connection with this context get what it missed? Otherwise it begins at the head of the log, and gets no changes
   * of messages from before (`positionOf`). Default: yes.
   */
  mayReplay?(context: ConnectionContext): boolean
}

/**
 * The implementation of one channel. `onConnect` authorizes: it runs before anything is subscribed and returns the
 * connection's context, or rejects. `onMessage` runs for every message; those of one connection start in the order
 * they arrived and do not wait for each other. Its return value is ignored.
 */
export interface ChannelDefinition<C extends ChannelDeclaration, Context, Derived> {
  onConnect(
    args: ConnectArguments<ParsedConnectionRequestOf<C>, ParamsOf<C>, Context, Derived>,
  ): MaybePromise<UnparsedConnectionContextOf<C>>
  onMessage(
    args: MessageArguments<ParsedClientMessageOf<C>, ParamsOf<C>, ConnectionContextOf<C>, Derived>,
  ): unknown
  /** Required for channels that declare `seqOf`. */
  log?: LogDefinition<UnparsedServerMessageOf<C>, ParamsOf<C>, Derived, ConnectionContextOf<C>>
}

/** Implementations of several procedures, to type a feature's handlers with. */
export type ProcedureDefinitions<P extends ProcedureMap, Context, Derived> = {
  [Name in keyof P]: ProcedureDefinition<P[Name], Context, Derived>
}

/** Implementations of several channels, to type a feature's handlers with. */
export type ChannelDefinitions<C extends ChannelMap, Context, Derived> = {
  [Name in keyof C]: ChannelDefinition<C[Name], Context, Derived>
}
