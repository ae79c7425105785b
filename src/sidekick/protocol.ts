import { z } from "zod"
import {
  type ChannelFault,
  type ConnectionSelector,
  type EvictReason,
  type LogPart,
  maxFrameNameLength,
} from "../kernel/index.ts"

// The protocol between a server and a standalone sidekick: POST requests with a bearer secret, bodies in ION. The
// paths `/connection`, `/message`, `/resources` and the type `channel` come from Covenant RPC 2.x. The rest is our
// extension, built so that an implementation without it keeps working. See README.md in this folder.

/** Largest body a sidekick accepts, in bytes. */
export const maxPostBytes = 4 * 1024 * 1024

const name = z.string().max(maxFrameNameLength)
const params = z.record(name, name)
const stringFields = z.record(z.string(), z.string())

/** `/connection`: a token that opens a connection. Additional fields (`after`) are kept. */
export const ConnectionPost = z.looseObject({
  token: name.min(1),
  channel: name,
  params,
  context: z.unknown(),
})

/** `/message`: a message for all subscribers of a topic. Additional fields (`seq`) are kept. */
export const MessagePost = z.looseObject({ channel: name, params, data: z.unknown() })

/** `/resources`: names of resources that were updated. */
export const ResourcesPost = z.object({ resources: z.array(z.string()) })

/** `/evict`: which connections to end, and why. */
const EvictPost = z.object({
  which: z.object({
    channel: name.optional(),
    params: params.optional(),
    anyParam: z.record(z.string(), z.array(z.string())).optional(),
    context: stringFields.optional(),
    anyContext: z.record(z.string(), z.array(z.string())).optional(),
    exceptContext: stringFields.optional(),
  }) satisfies z.ZodType<ConnectionSelector>,
  reason: z.object({ code: z.int(), message: z.string() }) satisfies z.ZodType<EvictReason>,
})

const SidekickPost = z.discriminatedUnion("path", [
  z.object({ path: z.literal("/connection"), body: ConnectionPost }),
  z.object({ path: z.literal("/message"), body: MessagePost }),
  z.object({ path: z.literal("/resources"), body: ResourcesPost }),
  z.object({ path: z.literal("/evict"), body: EvictPost }),
])
/** One instruction from a server. */
export type SidekickPost = z.infer<typeof SidekickPost>

/** Several posts, processed in order. Without posts it is a heartbeat. */
export const Batch = z.object({
  /** Identifies the server process, so that the sidekick notices a restart. */
  from: name.min(1),
  /** Sequence number. A skipped one means that posts were lost. */
  number: z.int().min(0),
  /** The server process ends and has sent everything. */
  last: z.boolean().optional(),
  posts: z.array(SidekickPost),
})
/** The parsed form of a batch. */
export type Batch = z.infer<typeof Batch>

/** How often an idle server sends a heartbeat, in milliseconds. */
export const heartbeatMs = 5000
/** After this long without a batch the sidekick assumes that its server has failed, in milliseconds. */
export const silenceMs = 4 * heartbeatMs

/** `?type=channel`: a message that a client sent, with the context of its connection. */
export const ForwardedMessage = z.object({ channel: name, params, data: z.unknown(), context: z.unknown() })

/** Why a server refused a forwarded message. The reference implementation omits `code` and `retryAfterSeconds`. */
export const RefusedMessage = z.object({
  fault: z.enum(["client", "server", "sidekick"]),
  message: z.string(),
  code: z.int().optional(),
  retryAfterSeconds: z.number().optional(),
}) satisfies z.ZodType<ChannelFault>

/** `?type=listen`: whether clients that hold connections with these contexts may listen to these resources. */
export const ListenQuestion = z.object({
  asked: z.array(z.object({ contexts: z.array(z.unknown()), resources: z.array(z.string()) })),
})
/** The parsed form of the question. */
export type ListenQuestion = z.infer<typeof ListenQuestion>

/** One list per entry of `asked`, one boolean per resource in it. */
export const ListenAnswer = z.object({ allowed: z.array(z.array(z.boolean())) })

/** `?type=log`: the changes after a sequence number; with `null` only the current head. */
export const LogQuestion = z.object({ channel: name, params, after: z.int().nullable() })

/** `messages` is `null` when there are too many; `seq` is where they bring a reader. */
export const LogAnswer = z.object({
  messages: z.array(z.object({ data: z.unknown(), seq: z.int(), position: z.int().optional() })).nullable(),
  seq: z.int(),
}) satisfies z.ZodType<LogPart>
