import { z } from "zod"

/** A query reads, a mutation changes. */
export type ProcedureKind = "query" | "mutation"

/**
 * What a declaration says about its procedure beside its shape, for `authorize` and for documentation. Empty here: a
 * contract adds its own fields by declaring this interface again (TypeScript's module augmentation).
 */
// biome-ignore lint/suspicious/noEmptyInterface: contracts add fields
export interface ProcedureMeta {}

/** The declaration of one procedure: what may be asked and what comes back. */
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

/** The declaration of one channel: what goes up, what comes down, and what one connection to it is about. */
export interface Channel<
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
  withId?(message: z.input<ClientMessage>, id: string): z.input<ClientMessage>
}

/** Procedures by name. */
export type ProcedureMap = Readonly<Record<string, Procedure>>
/** Channels by name. */
export type ChannelMap = Readonly<Record<string, Channel>>

/** The contract: everything a client may ask for. It imports schemas and nothing else. */
export interface Covenant<P extends ProcedureMap, C extends ChannelMap> {
  readonly procedures: P
  readonly channels: C
}

/** The context of a channel that declares none: `null`; `onConnect` may also return nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: an async onConnect that returns nothing promises void
export type NoContext = z.ZodType<null, null | void>

/** A procedure that only reads. All schemas of a contract must be synchronous. */
export function query<Input extends z.ZodType, Output extends z.ZodType>(declaration: {
  input: Input
  output: Output
  meta?: ProcedureMeta
}): Procedure<Input, Output, "query"> {
  return { type: "query", ...declaration }
}

/** A procedure that changes something; who listens to the resources it names is told afterwards. */
export function mutation<Input extends z.ZodType, Output extends z.ZodType>(declaration: {
  input: Input
  output: Output
  meta?: ProcedureMeta
}): Procedure<Input, Output, "mutation"> {
  return { type: "mutation", ...declaration }
}

/**
 * A two-way channel. `params` scope a connection: a message reaches the connections whose params are equal.
 * Without `connectionRequest` anything may be sent along on connect; without `connectionContext` it is `null`.
 *
 * What travels is parsed at both ends, so `serverMessage`, `connectionContext` and a procedure's `output` must
 * accept what they themselves produce (`z.date()` does, `z.string().transform(Number)` does not).
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
   * Says that what the channel sends is a log that is kept, and which of its changes a message is: each has the next
   * whole number, from 1. Then nobody who is away for a while misses anything: a connection request may carry `after`,
   * the number of the last change its client has. The server has to define how the log is read.
   */
  seqOf?(message: z.output<ServerMessage>): number
  /**
   * Says that a message may be sent again, because the server takes two with one id for one: gives it that id, or
   * leaves the one it has. Clients send such messages again when they do not know whether they got through.
   */
  withId?(message: z.input<ClientMessage>, id: string): z.input<ClientMessage>
}): Channel<
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

/** The contract from its parts. Throws when a name is used both as a procedure and as a channel. */
export function declareCovenant<P extends ProcedureMap, C extends ChannelMap>(
  covenant: Covenant<P, C>,
): Covenant<P, C> {
  const twice = Object.keys(covenant.procedures).filter((name) => Object.hasOwn(covenant.channels, name))
  if (twice.length > 0) throw new Error(`Declared both as procedure and as channel: ${twice.join(", ")}`)

  return covenant
}

/** A part of a contract: procedures, channels, or both. */
export interface CovenantSlice {
  readonly procedures?: ProcedureMap
  readonly channels?: ChannelMap
}

/** The procedures that a slice declares. */
export type ProceduresIn<Slice> = Slice extends { procedures: infer P extends ProcedureMap }
  ? P
  : Record<never, never>
/** The channels that a slice declares. */
export type ChannelsIn<Slice> = Slice extends { channels: infer C extends ChannelMap }
  ? C
  : Record<never, never>

/** The contract from slices. Throws when two slices declare the same name. */
export function composeCovenant<Slices extends Readonly<Record<string, CovenantSlice>>>(
  slices: Slices,
): Covenant<
  Joined<ProceduresIn<Slices[keyof Slices]>, ProcedureMap>,
  Joined<ChannelsIn<Slices[keyof Slices]>, ChannelMap>
> {
  const all = Object.values(slices)
  // The casts hold because joining loses no name: `joined` throws where one would replace another.
  return declareCovenant({
    procedures: joined(all.map(({ procedures = {} }) => procedures)) as never,
    channels: joined(all.map(({ channels = {} }) => channels)) as never,
  })
}

/** One object type with the members of all types of a union. */
type Joined<Union, Map> = (Union extends unknown ? (member: Union) => void : never) extends (
  all: infer All,
) => void
  ? { [Name in keyof All]: All[Name] } extends infer Flat extends Map
    ? Flat
    : never
  : never

function joined<Declaration>(parts: Readonly<Record<string, Declaration>>[]): Record<string, Declaration> {
  const names = parts.flatMap((part) => Object.keys(part))
  const twice = names.filter((name, at) => names.indexOf(name) !== at)
  if (twice.length > 0) throw new Error(`Declared by two slices: ${twice.join(", ")}`)

  return Object.assign({}, ...parts)
}

/** What a caller passes to a procedure. */
export type InputOf<P extends Procedure> = z.input<P["input"]>
/** What a procedure's handler gets: the input, parsed. */
export type ParsedInputOf<P extends Procedure> = z.output<P["input"]>
/** What a procedure answers. */
export type OutputOf<P extends Procedure> = z.output<P["output"]>
/** What a procedure's handler returns, before it is parsed. */
export type UnparsedOutputOf<P extends Procedure> = z.input<P["output"]>

/** A channel's params: exactly the declared keys, each a string. */
export type ParamsOf<C extends Channel> = { [Name in C["params"][number]]: string }
/** What a client sends up a channel. */
export type ClientMessageOf<C extends Channel> = z.input<C["clientMessage"]>
/** What `onMessage` gets: the client's message, parsed. */
export type ParsedClientMessageOf<C extends Channel> = z.output<C["clientMessage"]>
/** What a subscriber hears. */
export type ServerMessageOf<C extends Channel> = z.output<C["serverMessage"]>
/** What a server posts, before it is parsed. */
export type UnparsedServerMessageOf<C extends Channel> = z.input<C["serverMessage"]>
/** What a client sends along when it connects. */
export type ConnectionRequestOf<C extends Channel> = z.input<C["connectionRequest"]>
/** What `onConnect` gets: the connection request, parsed. */
export type ParsedConnectionRequestOf<C extends Channel> = z.output<C["connectionRequest"]>
/** What a connection remembers of who connected. */
export type ConnectionContextOf<C extends Channel> = z.output<C["connectionContext"]>
/** What `onConnect` returns, before it is parsed. */
export type UnparsedConnectionContextOf<C extends Channel> = z.input<C["connectionContext"]>

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
