import { z } from "zod"
import type { ChannelFault, ProcedureError, ProcedureResult } from "./result.ts"
import type { Params } from "./topic.ts"

/** Longest name, id or param value a frame may carry, in UTF-16 code units. */
export const maxNameLength = 200
/** Most resources one frame may name. */
export const maxResourcesPerFrame = 1000

const token = z.string().max(maxNameLength)
const ref = z.string().max(maxNameLength).optional()
const params = z.record(z.string().max(maxNameLength), z.string().max(maxNameLength))
const resources = z.array(z.string().max(1000)).max(maxResourcesPerFrame)

/**
 * What a client may send to a sidekick. `ref` is optional everywhere; the answer to the frame repeats it, and a
 * `send` that carries one is answered with `sent` instead of silence.
 */
export const ClientFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("subscribe"), token, ref }),
  z.object({ type: z.literal("unsubscribe"), token, ref }),
  z.object({ type: z.literal("send"), token, channel: z.string(), params, data: z.unknown(), ref }),
  z.object({ type: z.literal("listen"), resources, ref }),
  z.object({ type: z.literal("unlisten"), resources, ref }),
])
export type ClientFrame = z.input<typeof ClientFrame>

/**
 * A message on its way down. One object is shared by all who hear it: read it, do not change it. `seq` is its number
 * in its channel's log, where it has one.
 */
export interface MessageFrame {
  type: "message"
  channel: string
  params: Params
  data: unknown
  seq?: number
}

/**
 * The answer to `subscribe`. Where the channel is a log, every change after `seq` follows, once and in order: at first
 * what was missed, then what comes. With `gap` the client missed too much to be told one by one: `seq` is where the
 * log is, and what lies before it has to be read anew. Such a frame may also come later, without a `ref`.
 */
export interface SubscribedFrame {
  type: "subscribed"
  channel: string
  params: Params
  ref?: string
  seq?: number
  gap?: true
}

/** A refusal. `ref` tells which frame it answers; `token` which connection it ended, when it answers none. */
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

/** A granted connection: whoever presents the token speaks in this channel, with these params, as this context. */
export interface Grant {
  token: string
  channel: string
  params: Params
  context: unknown
  /** The last change the client has of the channel's log, `null` when it starts at the newest. Absent: there is no log. */
  after?: number | null
}

/** What is read of a channel's log: messages, or `null` when they are too many. `seq` is what they bring a reader to. */
export interface LogPart<Message = { data: unknown; seq: number }> {
  messages: Message[] | null
  seq: number
}

/** What a server needs of a sidekick. Each answers `null`, or the `Error` that kept it from being done. */
export interface ServerToSidekickConnection {
  addConnection(grant: Grant): Promise<Error | null>
  update(resources: string[]): Promise<Error | null>
  postMessage(message: {
    channel: string
    params: Params
    data: unknown
    seq?: number
  }): Promise<Error | null>
}

/** What a client needs of a sidekick: frames in, frames out. `onMessage` returns a function that stops it. */
export interface ClientToSidekickConnection {
  sendMessage(frame: ClientFrame): void
  onMessage(handler: (frame: SidekickFrame) => unknown): () => void
  close(): void
  /** For connections that can be lost: tells of each change. Until it says `open` nothing may be sent. */
  onState?(handler: (state: LinkState) => unknown): () => void
  /** Something waits to be sent: a connection that has not been made, or was ended, is made now. */
  wake?(): void
}

/**
 * What becomes of a connection that can be lost. Each `open` is a new one: tokens used on the one before are worth
 * nothing on it. `lost` comes back by itself, `ended` does not.
 */
export type LinkState = { type: "open" } | { type: "lost" } | { type: "ended"; reason: ChannelFault }

/** A procedure's result as it travels. */
export type ProcedureAnswer =
  | { status: "OK"; data: unknown; resources: string[] }
  | { status: "ERR"; error: ProcedureError }

/** A connect's result as it travels. */
export interface ConnectAnswer {
  channel: string
  params: Params
  result: { type: "OK"; token: string } | { type: "ERROR"; error: ErrorFrame["error"] }
}

/** What a client needs of a server. Rejects only when the server cannot be reached. */
export interface ClientToServerConnection {
  runProcedure(request: { procedure: string; inputs: unknown }): Promise<ProcedureAnswer>
  sendConnectionRequest(request: { channel: string; params: Params; data: unknown }): Promise<ConnectAnswer>
}

/** What `connect` comes back with: a token that opens one connection, or why not. */
export type ConnectResult<Context> =
  | { success: true; token: string; context: Context; error: null }
  | { success: false; token: null; error: ChannelFault }

/** A procedure's result in the shape that travels. */
export function procedureAnswerOf(result: ProcedureResult<unknown>): ProcedureAnswer {
  return result.success
    ? { status: "OK", data: result.data, resources: result.resources }
    : { status: "ERR", error: result.error }
}

/** A connect's result in the shape that travels; the context stays behind. */
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

/** A token used for what it was not granted for. */
export const otherTopic: ChannelFault = {
  fault: "client",
  message: "The token was granted for another channel or other params",
  code: 403,
}
