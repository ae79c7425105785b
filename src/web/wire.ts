import ION from "@covenant-rpc/ion"
import { Elysia } from "elysia"
import {
  type CallRequest,
  type ChannelMap,
  type CovenantServer,
  connectAnswerOf,
  type ProcedureError,
  type ProcedureMap,
  procedureAnswerOf,
  type ServerToSidekickConnection,
} from "../kernel/index.ts"
import { jsonError, retryHeaders, statusOf } from "./reply.ts"
import { parseObject, type Sockets, socketRoutes } from "./wire-sockets.ts"

/** Where it is. */
export const wirePath = "/api/covenant"

interface Wire extends Sockets {
  server: Pick<CovenantServer<ProcedureMap, ChannelMap>, "processProcedure" | "processConnection">
  /** A sidekick of its own, which holds the programs' sockets in place of this process. */
  service?: Pick<ServerToSidekickConnection, "addConnection"> & {
    /** Answers what it asks, by `?type=`; `undefined` when the request is somebody else's. */
    door(type: unknown, request: Request, asked: unknown): Promise<Response | undefined>
  }
  /** The request as the contract sees it. */
  call(visit: { request: Request; server: Bun.Server<unknown> | null }): CallRequest
}

/**
 * The wire of Covenant RPC 2.x, for programs: calls and connects by POST, channels over one socket, in ION.
 * Who calls is told by a bearer token alone: a cookie would let foreign pages call as their visitor.
 */
export function wireRoutes({ server, call, service, ...sockets }: Wire) {
  return new Elysia()
    .post(
      wirePath,
      async ({ request, server: web, body, query }) => {
        const callRequest = withoutCookie(call({ request, server: web }))
        const asked = parseObject(body)
        if (!asked) return wireError(request, { message: "The body is not ION", code: 400 })
        const answer = await service?.door(query.type, request, asked)
        if (answer) return answer
        const { type = "procedure" } = query
        if (type === "connect") return connect(asked, callRequest)
        if (type !== "procedure") return wireError(request, { message: "There is no such type", code: 404 })

        const result = await server.processProcedure(nameIn(asked.procedure), asked.inputs, callRequest)
        const { error } = result
        const status = result.success ? 201 : statusOf(result.error)
        return ion(procedureAnswerOf(result), status, retryHeaders(error ?? {}))
      },
      { parse: "text" },
    )
    .get(wirePath, ({ request }) => {
      const error = { code: 405, message: "The Covenant wire is asked by POST" }
      return jsonError(request, error, { allow: "POST" })
    })
    .use(service ? new Elysia().get("/socket", socketsElsewhere) : socketRoutes(sockets))

  async function connect(asked: Record<string, unknown>, callRequest: CallRequest): Promise<Response> {
    const channel = nameIn(asked.channel)
    const result = await server.processConnection(channel, asked.params, asked.data, callRequest, service)
    const params = (asked.params ?? {}) as Record<string, string>
    const status = result.success ? 200 : statusOf(result.error)
    return ion(connectAnswerOf(channel, params, result), status, retryHeaders(result.error ?? {}))
  }
}

/** A failure that no procedure and no channel answers with, in the shape that whoever asked can read. */
export function wireError({ url }: Request, { code, message, retryAfterSeconds }: ProcedureError): Response {
  const error = { code, message, ...(retryAfterSeconds && { retryAfterSeconds }) }
  const isConnect = new URL(url).searchParams.get("type") === "connect"
  const fault = code >= 500 ? "server" : "client"
  const answer = isConnect
    ? connectAnswerOf("", {}, { success: false, token: null, error: { fault, ...error } })
    : procedureAnswerOf({ success: false, data: null, error, resources: null })
  return ion(answer, code, retryHeaders(error))
}

function socketsElsewhere(): Response {
  return new Response("The sockets of programs are not here, but at the sidekick", { status: 404 })
}

/** What is no text names nothing. Turned into text it could throw: whoever sent it chose its `toString`. */
function nameIn(value: unknown): string {
  return typeof value === "string" ? value : ""
}

function withoutCookie({ headers, url }: CallRequest): CallRequest {
  headers.delete("cookie")
  return { headers, url }
}

function ion(value: unknown, status: number, headers: Record<string, string> = {}): Response {
  return new Response(ION.stringify(value), {
    status,
    headers: { ...headers, "content-type": "application/json", "cache-control": "no-store" },
  })
}
