import { z } from "zod"

/** A query reads, a mutation changes. */
export type ProcedureKind = "query" | "mutation"

/**
 * Metadata of a procedure, for `authorize` and for documentation. Empty here: a contract adds its own fields by
 * declaring this interface again (TypeScript's module augmentation).
 */
// biome-ignore lint/suspicious/noEmptyInterface: contracts add fields
export interface ProcedureMeta {}

/** The declaration of one procedure: the schemas of its input and output. */
export interface Procedure<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Kind extends ProcedureKind = ProcedureKind,
> {
  readonly type: Kind
  readonly input: Input
  readonly output: Output
  readonly meta?: ProcedureMeta
}

/** The declaration of one channel: the schemas of its messages both ways and of its connections. */
export interface ChannelDeclaration<
  ClientMessage extends z.ZodType = z.ZodType,
  ServerMessage extends z.ZodType = z.ZodType,
  ConnectionRequest extends z.ZodType = z.ZodType,
  ConnectionContext extends z.ZodType = z.ZodType,
  ParamNames extends readonly string[] = readonly string[],
> {
  readonly clientMessage: ClientMessage
  readonly serverMessage: ServerMessage
  readonly connectionRequest: ConnectionRequest
  readonly connectionContext: ConnectionContext
  readonly params: ParamNames
  seqOf?(message: z.output<ServerMessage>): number
  positionOf?(message: z.output<ServerMessage>): number
  withId?(message: z.input<ClientMessage>, id: string): z.input<ClientMessage>
}

/** Procedures by name. */
export type ProcedureMap = Readonly<Record<string, Procedure>>
/** Channels by name. */
export type ChannelMap = Readonly<Record<string, ChannelDeclaration>>

/** The contract: everything a client may call. It consists of schemas only, so server and client share it. */
export interface Covenant<P extends ProcedureMap, C extends ChannelMap> {
  readonly procedures: P
  readonly channels: C
}

/** The context of a channel that declares none: `null`. Its `onConnect` may return nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: an async onConnect that returns nothing promises void
export type NoContext = z.ZodType<null, null | void>

/**
 * Declares a procedure that only reads. All schemas of a contract must be synchronous.
 *
 * @example
 * query({ input: z.object({ roomId: z.string() }), output: z.array(z.string()) })
 */
export function query<Input extends z.ZodType, Output extends z.ZodType>(declaration: {
  input: Input
  output: Output
  meta?: ProcedureMeta
}): Procedure<Input, Output, "query"> {
  return { type: "query", ...declaration }
}

/** Declares a procedure that changes something. Afterwards the listeners of its resources are notified. */
export function mutation<Input extends z.ZodType, Output extends z.ZodType>(declaration: {
  input: Input
  output: Output
  meta?: ProcedureMeta
}): Procedure<Input, Output, "mutation"> {
  return { type: "mutation", ...declaration }
}

/**
 * Declares a two-way channel. `params` scope a connection: a message reaches the connections whose params are equal.
 * Without `connectionRequest` a client may send anything when it connects; without `connectionContext` it is `null`.
 *
 * Messages are parsed at both ends, so `serverMessage`, `connectionContext` and a procedure's `output` must accept
 * what they produce themselves: `z.date()` does, `z.string().transform(Number)` does not.
 *
 * @example
 * channel({
 *   clientMessage: z.object({ text: z.string() }),
 *   serverMessage: z.object({ text: z.string(), from: z.string() }),
 *   params: ["roomId"],
 * })
 */
export function channel<
  ClientMessage extends z.ZodType,
  ServerMessage extends z.ZodType,
  const ParamNames extends readonly string[],
  ConnectionRequest extends z.ZodType = z.ZodUnknown,
  ConnectionContext extends z.ZodType = NoContext,
>(declaration: {
  clientMessage: ClientMessage
  serverMessage: ServerMessage
  connectionRequest?: ConnectionRequest
  connectionContext?: ConnectionContext
  params: ParamNames
  /**
   * Declares that the channel's messages are a stored log, and returns a message's sequence number in it: 1, 2, 3 and
   * so on without gaps. A connection request may then carry `after`, the last number the client has, and the client
   * gets everything it missed. The server's definition of the channel must have `log`.
   */
  seqOf?(message: z.output<ServerMessage>): number
  /**
   * In a log whose messages can change: the sequence number at which one was created. Connections that may not replay get
   * only changes of messages that were created since they were opened.
   */
  positionOf?(message: z.output<ServerMessage>): number
  /**
   * Declares that a message may be sent twice, because the server ignores the second one with the same id. Returns the
   * message with this id, or unchanged if it has one. Clients resend such messages after a lost connection.
   */
  withId?(message: z.input<ClientMessage>, id: string): z.input<ClientMessage>
}): ChannelDeclaration<
  ClientMessage,
  ServerMessage,
  NoInfer<ConnectionRequest>,
  NoInfer<ConnectionContext>,
  ParamNames
> {
  // NoInfer: inside `declareCovenant` the expected type would otherwise win over the defaults.
  // The casts hold because an omitted schema leaves its type parameter at the default built here.
  return {
    ...declaration,
    connectionRequest: (declaration.connectionRequest ?? z.unknown()) as ConnectionRequest,
    connectionContext: (declaration.connectionContext ?? noContext()) as ConnectionContext,
  }
}

/** Declares a contract. Throws when a procedure and a channel have the same name. */
export function declareCovenant<P extends ProcedureMap, C extends ChannelMap>(
  covenant: Covenant<P, C>,
): Covenant<P, C> {
  const duplicates = Object.keys(covenant.procedures).filter((name) => Object.hasOwn(covenant.channels, name))
  if (duplicates.length > 0)
    throw new Error(`Declared both as procedure and as channel: ${duplicates.join(", ")}`)

  return covenant
}

/** What a caller passes to a procedure. */
export type InputOf<P extends Procedure> = z.input<P["input"]>
/** What a procedure's handler receives: the parsed input. */
export type ParsedInputOf<P extends Procedure> = z.output<P["input"]>
/** What a procedure's caller receives. */
export type OutputOf<P extends Procedure> = z.output<P["output"]>
/** What a procedure's handler returns, before it is parsed. */
export type UnparsedOutputOf<P extends Procedure> = z.input<P["output"]>

/** A channel's params: exactly the declared keys, each a string. */
export type ParamsOf<C extends ChannelDeclaration> = { [Name in C["params"][number]]: string }
/** What a client sends to a channel. */
export type ClientMessageOf<C extends ChannelDeclaration> = z.input<C["clientMessage"]>
/** What `onMessage` receives: the client's message, parsed. */
export type ParsedClientMessageOf<C extends ChannelDeclaration> = z.output<C["clientMessage"]>
/** What a subscriber receives. */
export type ServerMessageOf<C extends ChannelDeclaration> = z.output<C["serverMessage"]>
/** What a server posts, before it is parsed. */
export type UnparsedServerMessageOf<C extends ChannelDeclaration> = z.input<C["serverMessage"]>
/** What a client sends when it connects. */
export type ConnectionRequestOf<C extends ChannelDeclaration> = z.input<C["connectionRequest"]>
/** What `onConnect` receives: the connection request, parsed. */
export type ParsedConnectionRequestOf<C extends ChannelDeclaration> = z.output<C["connectionRequest"]>
/** What a connection remembers about its user. */
export type ConnectionContextOf<C extends ChannelDeclaration> = z.output<C["connectionContext"]>
/** What `onConnect` returns, before it is parsed. */
export type UnparsedConnectionContextOf<C extends ChannelDeclaration> = z.input<C["connectionContext"]>

/** The names of the queries among `P`. */
export type QueryName<P extends ProcedureMap> = NameOfKind<P, "query">
/** The names of the mutations among `P`. */
export type MutationName<P extends ProcedureMap> = NameOfKind<P, "mutation">

type NameOfKind<P extends ProcedureMap, Kind extends ProcedureKind> = {
  [Name in keyof P & string]: P[Name]["type"] extends Kind ? Name : never
}[keyof P & string]

function noContext(): NoContext {
  return z
    .null()
    .optional()
    .transform(() => null)
}
