import ION from "@covenant-rpc/ion"
import type { z } from "zod"
import type { ChannelFault, LogPart, Params } from "../kernel/index.ts"
import { bears } from "../web/bearer.ts"
import { retryHeaders, statusOf } from "../web/reply.ts"
import { Forwarded, Listening, LogRequest } from "./protocol.ts"

interface Options {
  secret: string
  /** Runs what a connection sent, if it still may be sent. */
  process(channel: string, params: Params, data: unknown, context: unknown): Promise<ChannelFault | null>
  mayListen(asked: { resource: string; contexts: unknown[] }): Promise<boolean>
  /** `null` when it cannot be read as yet. */
  readLog(channel: string, params: Params, after: number | null): Promise<LogPart | null>
}

/**
 * Where a sidekick of its own comes in at its server: what it may ask, by `?type=`. The answer is `undefined` when the
 * request is none of that.
 */
export function sidekickDoor({ secret, process, mayListen, readLog }: Options) {
  const rooms: Record<string, (body: unknown) => Promise<Response>> = {
    channel: async (body) => {
      const { channel, params, data, context } = parsed(Forwarded, body)
      const fault = await process(channel, params, data, context)
      if (!fault) return new Response(null, { status: 204 })

      return answer({ channel, params, ...fault }, statusOf(fault), retryHeaders(fault))
    },
    listen: async (body) => {
      const { asked } = parsed(Listening, body)
      const allowed = asked.map(({ contexts, resources }) =>
        Promise.all(resources.map((resource) => mayListen({ resource, contexts }))),
      )
      return answer({ allowed: await Promise.all(allowed) })
    },
    log: async (body) => {
      const { channel, params, after } = parsed(LogRequest, body)
      const part = await readLog(channel, params, after)
      return part ? answer(part) : answer({ fault: "sidekick", message: "Ask again" }, 503)
    },
  }

  return async (type: unknown, request: Request, body: unknown): Promise<Response | undefined> => {
    const room = typeof type === "string" && Object.hasOwn(rooms, type) ? rooms[type] : undefined
    if (!room) return undefined
    if (!bears(request, secret)) return answer({ fault: "sidekick", message: "This is not the secret" }, 401)

    try {
      return await room(body)
    } catch (error) {
      if (error instanceof Malformed) return answer({ fault: "sidekick", message: error.message }, 400)
      throw error
    }
  }
}

class Malformed extends Error {}

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(body)
  if (error) throw new Malformed(`The body is malformed: ${error.issues[0]?.path.join(".")}`)

  return data
}

function answer(value: object, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(ION.stringify(value as never), {
    status,
    headers: { ...headers, "content-type": "application/json", "cache-control": "no-store" },
  })
}
