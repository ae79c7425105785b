import { z } from "zod"
import {
  type ChannelFault,
  type ConnectionSelector,
  type EvictReason,
  type LogPart,
  maxNameLength,
} from "../kernel/index.ts"

// What a server and a sidekick of its own say to each other, by POST, with a bearer secret, in ION. The paths
// `/connection`, `/message` and `/resources` and the type `channel` are Covenant RPC 2.x; the rest is ours, and made
// so that an implementation that does not know it is not disturbed: README.md in this folder.

/** Most that one post to a sidekick may be, in bytes. */
export const maxPostBytes = 4 * 1024 * 1024

const name = z.string().max(maxNameLength)
const params = z.record(name, name)
const fields = z.record(z.string(), z.string())

/** Somebody may connect with this token. What else a server gives along is kept. */
export const Connection = z.looseObject({ token: name.min(1), channel: name, params, context: z.unknown() })

/** Something to tell everybody in a channel. */
export const Message = z.looseObject({ channel: name, params, data: z.unknown() })

/** What has changed. */
export const Resources = z.object({ resources: z.array(z.string()) })

/** Whose right to be connected has ended. */
const Eviction = z.object({
  which: z.object({
    channel: name.optional(),
    params: params.optional(),
    anyParam: z.record(z.string(), z.array(z.string())).optional(),
    context: fields.optional(),
    exceptContext: fields.optional(),
  }) satisfies z.ZodType<ConnectionSelector>,
  reason: z.object({ code: z.int(), message: z.string() }) satisfies z.ZodType<EvictReason>,
})

const Post = z.discriminatedUnion("path", [
  z.object({ path: z.literal("/connection"), body: Connection }),
  z.object({ path: z.literal("/message"), body: Message }),
  z.object({ path: z.literal("/resources"), body: Resources }),
  z.object({ path: z.literal("/evict"), body: Eviction }),
])
export type Post = z.infer<typeof Post>

/**
 * Several posts at once, in order. `from` names the server's process, `number` counts what it sent, so that a sidekick
 * sees when something did not arrive. Without posts it is a sign of life, and says how far the server has come.
 */
export const Batch = z.object({
  from: name.min(1),
  number: z.int().min(0),
  /** The server ends, and left nothing unsaid. */
  last: z.boolean().optional(),
  posts: z.array(Post),
})
export type Batch = z.infer<typeof Batch>

/** How often a server that has nothing to say gives a sign of life, in milliseconds. */
export const signOfLifeMs = 5000
/** After so long without one, a sidekick takes its server for gone. */
export const silenceMs = 4 * signOfLifeMs

/** What a connection sent, and whose connection it is. */
export const Forwarded = z.object({ channel: name, params, data: z.unknown(), context: z.unknown() })

/** Why what was forwarded is refused. A server that speaks only the reference's protocol leaves the last two out. */
export const Fault = z.object({
  fault: z.enum(["client", "server", "sidekick"]),
  message: z.string(),
  code: z.int().optional(),
  retryAfterSeconds: z.number().optional(),
}) satisfies z.ZodType<ChannelFault>

/** May clients, of whose connections these are the contexts, listen to these resources? */
export const Listening = z.object({
  asked: z.array(z.object({ contexts: z.array(z.unknown()), resources: z.array(z.string()) })),
})
export type Listening = z.infer<typeof Listening>

/** What changed in a channel's log after a number; asked with `null`, only where the log is. */
export const LogRequest = z.object({ channel: name, params, after: z.int().nullable() })

/** `messages` is `null` when there are too many; `seq` is how far they bring a reader. */
export const LogAnswer = z.object({
  messages: z.array(z.object({ data: z.unknown(), seq: z.int() })).nullable(),
  seq: z.int(),
}) satisfies z.ZodType<LogPart>

/** For each that asked and each resource. */
export const Allowed = z.object({ allowed: z.array(z.array(z.boolean())) })
