import type { z } from "zod"
import { type ChannelFault, type LogPart, type Params, statusOf } from "../kernel/index.ts"
import { hasBearerSecret } from "../web/bearer.ts"
import { ionResponse } from "../web/ion.ts"
import { retryHeaders } from "../web/reply.ts"
import { ForwardedMessage, ListenQuestion, LogQuestion } from "./protocol.ts"

interface SidekickEndpointOptions {
  secret: string
  /** Processes a forwarded message; returns `null` or why it was refused. */
  process(channel: string, params: Params, data: unknown, context: unknown): Promise<ChannelFault | null>
  mayListen(asked: { resource: string; contexts: unknown[] }): Promise<boolean>
  /** `null` while the log must not be read; the sidekick asks again. */
  readLog(channel: string, params: Params, after: number | null): Promise<LogPart | null>
}

/**
 * The server's endpoint for requests of a standalone sidekick. Returns a handler that answers by `?type=`:
 * `channel`, `listen` or `log`; for any other type it returns `undefined`. Answers 401 without the secret and 400
 * for a malformed body.
 */
export function sidekickEndpoint(options: SidekickEndpointOptions) {
  const handlers: Record<string, (body: unknown) => Promise<Response>> = {
    channel: (body) => processForwarded(options, parse(ForwardedMessage, body)),
    listen: (body) => answerListen(options, parse(ListenQuestion, body)),
    log: (body) => answerLog(options, parse(LogQuestion, body)),
  }

  return async (type: unknown, request: Request, body: unknown): Promise<Response | undefined> => {
    const handler = typeof type === "string" && Object.hasOwn(handlers, type) ? handlers[type] : undefined
    if (!handler) return undefined
    if (!hasBearerSecret(request, options.secret)) {
      return ionResponse({ fault: "sidekick", message: "This is not the secret" }, 401)
    }

    try {
      return await handler(body)
    } catch (error) {
      if (error instanceof MalformedBody)
        return ionResponse({ fault: "sidekick", message: error.message }, 400)
      throw error
    }
  }
}

async function processForwarded(
  { process }: SidekickEndpointOptions,
  { channel, params, data, context }: z.output<typeof ForwardedMessage>,
): Promise<Response> {
  const fault = await process(channel, params, data, context)
  if (!fault) return new Response(null, { status: 204 })

  return ionResponse({ channel, params, ...fault }, statusOf(fault), retryHeaders(fault))
}

async function answerListen(
  { mayListen }: SidekickEndpointOptions,
  { asked }: ListenQuestion,
): Promise<Response> {
  const allowed = asked.map(({ contexts, resources }) =>
    Promise.all(resources.map((resource) => mayListen({ resource, contexts }))),
  )
  return ionResponse({ allowed: await Promise.all(allowed) })
}

async function answerLog(
  { readLog }: SidekickEndpointOptions,
  { channel, params, after }: z.output<typeof LogQuestion>,
): Promise<Response> {
  const part = await readLog(channel, params, after)
  return part ? ionResponse(part) : ionResponse({ fault: "sidekick", message: "Ask again" }, 503)
}

class MalformedBody extends Error {}

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(body)
  if (error) throw new MalformedBody(`The body is malformed: ${error.issues[0]?.path.join(".")}`)

  return data
}
