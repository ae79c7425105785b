import { z } from "zod"
import type { ChannelFault, ProcedureError, ProcedureResult } from "./result.ts"
import type { Params } from "./topic.ts"

/** Longest name, id or param value in a frame, in UTF-16 code units (JavaScript's `length`). */
export const maxFrameNameLength = 200
/** Most resources in one frame. */
export const maxResourcesPerFrame = 1000

const token = z.string().max(maxFrameNameLength)
const ref = z.string().max(maxFrameNameLength).optional()
const params = z.record(z.string().max(maxFrameNameLength), z.string().max(maxFrameNameLength))
const resources = z.array(z.string().max(1000)).max(maxResourcesPerFrame)

/**
 * What a client may send to a sidekick. Any frame may carry a `ref`, which the answer repeats. A `send` with a `ref`
 * is answered with `sent`; without one a processed message has no answer (Covenant RPC 2.x).
 */
export const ClientFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("subscribe"), token, ref }),
  z.object({ type: z.literal("unsubscribe"), token, ref }),
  z.object({ type: z.literal("send"), token, channel: z.string(), params, data: z.unknown(), ref }),
  z.object({ type: z.literal("listen"), resources, ref }),
  z.object({ type: z.literal("unlisten"), resources, ref }),
])
/** A client's frame before it is parsed. */
export type ClientFrame = z.input<typeof ClientFrame>

/**
 * A message to subscribers. All of them share the same object, so it must not be changed. `seq` is its sequence
 * number, if its channel is a log.
 */
export interface MessageFrame {
  type: "message"
  channel: string
  params: Params
  data: unknown
  seq?: number
  /** If the messages of its log can change: the sequence number at which this one was created. */
  position?: number
}

/**
 * The answer to `subscribe`. If the channel is a log, every change after `seq` follows, once and in order: first the
 * missed ones, then the live ones. With `gap` the client missed too many: `seq` is the head of the log, and the client
 * must load the state before it by other means. A frame with `gap` may also arrive later, without a `ref`.
 */
export interface SubscribedFrame {
  type: "subscribed"
  channel: string
  params: Params
  ref?: string
  seq?: number
  gap?: true
}

/** A refusal. `ref` names the frame it answers; without one, `token` names the connection that was ended. */
export interface ErrorFrame {
  type: "error"
  error: ChannelFault & { channel: string; params: Params }
  ref?: string
  token?: string
}

/** What a sidekick sends to a client. */
export type SidekickFrame =
  | MessageFrame
  | ErrorFrame
  | SubscribedFrame
  | { type: "unsubscribed"; channel: string; params: Params; ref?: string }
  | { type: "sent"; ref: string }
  | { type: "listening"; resources: string[]; ref?: string }
  | { type: "unlistening"; resources: string[]; ref?: string }
  | { type: "updated"; resource: string }

/** Permission to open a connection: the token is enough to use this channel with these params as this context. */
export interface Grant {
  token: string
  channel: string
  params: Params
  context: unknown
  /** If the channel is a log: the last change the client has, or `null` to start at the head. */
  after?: number | null
  /** May not replay: gets only changes of messages that were created since it was opened. */
  isLiveOnly?: true
}

/** A part of a channel's log. `messages` is `null` when there are too many; `seq` is where it brings a reader. */
export interface LogPart<Message = { data: unknown; seq: number; position?: number }> {
  messages: Message[] | null
  seq: number
}

/** A server's connection to a sidekick. Each call resolves with `null` once it is done, or with what prevented it. */
export interface ServerToSidekickConnection {
  /** Makes a token usable. */
  addConnection(grant: Grant): Promise<Error | null>
  /** Notifies the listeners of these resources. */
  update(resources: string[]): Promise<Error | null>
  /** Delivers a message to the subscribers of its topic. */
  postMessage(message: {
    channel: string
    params: Params
    data: unknown
    seq?: number
    position?: number
  }): Promise<Error | null>
}

/** A client's connection to a sidekick. `onMessage` and `onState` return a function that removes the handler. */
export interface ClientToSidekickConnection {
  sendMessage(frame: ClientFrame): void
  onMessage(handler: (frame: SidekickFrame) => unknown): () => void
  close(): void
  /** Only on connections that can be lost: called with each change. Nothing may be sent before `open`. */
  onState?(handler: (state: LinkState) => unknown): () => void
  /** Opens a connection that is not open yet or was ended, because something waits to be sent. */
  wake?(): void
}

/**
 * The state of a connection that can be lost. Each `open` is a new connection: tokens used on the previous one are
 * invalid on it. After `lost` it reconnects by itself, after `ended` it does not.
 */
export type LinkState = { type: "open" } | { type: "lost" } | { type: "ended"; reason: ChannelFault }

/** A procedure's result on the wire. */
export type ProcedureAnswer =
  | { status: "OK"; data: unknown; resources: string[] }
  | { status: "ERR"; error: ProcedureError }

/** A connect's result on the wire. */
export interface ConnectAnswer {
  channel: string
  params: Params
  result: { type: "OK"; token: string } | { type: "ERROR"; error: ErrorFrame["error"] }
}

/** A client's connection to a server. Rejects only when the server cannot be reached. */
export interface ClientToServerConnection {
  runProcedure(request: { procedure: string; inputs: unknown }): Promise<ProcedureAnswer>
  sendConnectionRequest(request: { channel: string; params: Params; data: unknown }): Promise<ConnectAnswer>
}

/** The result of `connect`: a token that opens one connection, or why it was refused. */
export type ConnectResult<Context> =
  | { success: true; token: string; context: Context; error: null }
  | { success: false; token: null; error: ChannelFault }

/** Converts a procedure's result to its form on the wire. */
export function procedureAnswerOf(result: ProcedureResult<unknown>): ProcedureAnswer {
  return result.success
    ? { status: "OK", data: result.data, resources: result.resources }
    : { status: "ERR", error: result.error }
}

/** Converts a connect's result to its form on the wire. The context is not sent to the client. */
export function connectAnswerOf(
  channel: string,
  params: Params,
  result: ConnectResult<unknown>,
): ConnectAnswer {
  return {
    channel,
    params,
    result: result.success
      ? { type: "OK", token: result.token }
      : { type: "ERROR", error: { channel, params, ...result.error } },
  }
}

/** The refusal of a frame that uses a token for another topic than the granted one. */
export const wrongTopic: ChannelFault = {
  fault: "client",
  message: "The token was granted for another channel or other params",
  code: 403,
}
