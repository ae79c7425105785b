import { Elysia } from "elysia"
import {
  type CallRequest,
  type ChannelMap,
  type CovenantServer,
  connectAnswerOf,
  faultOf,
  type ProcedureError,
  type ProcedureMap,
  procedureAnswerOf,
  type ServerToSidekickConnection,
  statusOf,
} from "../kernel/index.ts"
import { withoutCookie } from "./call.ts"
import { ionResponse, parseIonObject } from "./ion.ts"
import { jsonError, retryHeaders } from "./reply.ts"
import { socketRoutes, type WireSocketsOptions } from "./wire-sockets.ts"

/** Path of the Covenant RPC 2.x endpoint. */
export const wirePath = "/api/covenant"

interface WireOptions extends WireSocketsOptions {
  server: Pick<CovenantServer<ProcedureMap, ChannelMap>, "processProcedure" | "processConnection">
  /** A standalone sidekick that holds the programs' sockets. Without it this process does. */
  service?: Pick<ServerToSidekickConnection, "addConnection"> & {
    /** Answers the sidekick's own requests by `?type=`; `undefined` for requests of clients. */
    endpoint(type: unknown, request: Request, body: unknown): Promise<Response | undefined>
  }
  /** Where connections are granted; by default where `server` grants all. */
  programs?: Pick<ServerToSidekickConnection, "addConnection">
  /** Converts a request into what the contract's handlers see of it. */
  call(visit: { request: Request; server: Bun.Server<unknown> | null }): CallRequest
}

/**
 * Routes of the Covenant RPC 2.x wire, in ION: procedures and connects by POST, channels over one WebSocket. Only a
 * bearer token authenticates: with cookies, pages of other sites could call on behalf of their visitors.
 */
export function wireRoutes({ server, call, service, programs = service, ...sockets }: WireOptions) {
  return new Elysia()
    .post(
      wirePath,
      async ({ request, server: web, body: text, query }) => {
        const callRequest = withoutCookie(call({ request, server: web }))
        const body = parseIonObject(text)
        if (!body) return wireError(request, { message: "The body is not ION", code: 400 })
        const answer = await service?.endpoint(query.type, request, body)
        if (answer) return answer
        const { type = "procedure" } = query
        if (type === "procedure") return answerProcedure(server, body, callRequest)
        if (type === "connect") return answerConnect(server, body, { callRequest, programs })

        return wireError(request, { message: "There is no such type", code: 404 })
      },
      { parse: "text" },
    )
    .get(wirePath, ({ request }) => {
      const error = { code: 405, message: "Use POST for the Covenant wire" }
      return jsonError(request, error, { allow: "POST" })
    })
    .use(service ? new Elysia().get("/socket", socketsElsewhere) : socketRoutes(sockets))
}

async function answerProcedure(
  server: WireOptions["server"],
  { procedure, inputs }: Record<string, unknown>,
  callRequest: CallRequest,
): Promise<Response> {
  const result = await server.processProcedure(nameOrEmpty(procedure), inputs, callRequest)
  // 201 also for queries, as the reference server answers.
  const status = result.success ? 201 : statusOf(result.error)
  return ionResponse(procedureAnswerOf(result), status, retryHeaders(result.error ?? {}))
}

async function answerConnect(
  server: WireOptions["server"],
  body: Record<string, unknown>,
  { callRequest, programs }: { callRequest: CallRequest; programs: WireOptions["programs"] },
): Promise<Response> {
  const channel = nameOrEmpty(body.channel)
  const result = await server.processConnection(channel, body.params, body.data, callRequest, programs)
  const params = (body.params ?? {}) as Record<string, string>
  const status = result.success ? 200 : statusOf(result.error)
  return ionResponse(connectAnswerOf(channel, params, result), status, retryHeaders(result.error ?? {}))
}

/** An error outside of any procedure or channel, in the shape that the client expects for its `?type=`. */
export function wireError({ url }: Request, { code, message, retryAfterSeconds }: ProcedureError): Response {
  const error = { code, message, ...(retryAfterSeconds && { retryAfterSeconds }) }
  const isConnect = new URL(url).searchParams.get("type") === "connect"
  const answer = isConnect
    ? connectAnswerOf("", {}, { success: false, token: null, error: { fault: faultOf(code), ...error } })
    : procedureAnswerOf({ success: false, data: null, error, resources: null })
  return ionResponse(answer, code, retryHeaders(error))
}

function socketsElsewhere(): Response {
  return new Response("The sidekick serves this socket, not this server", { status: 404 })
}

/** Anything but text names nothing. `String(value)` could throw, because the client controls its `toString`. */
function nameOrEmpty(value: unknown): string {
  return typeof value === "string" ? value : ""
}
