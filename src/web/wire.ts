import ION from "@covenant-rpc/ion"
import { Elysia } from "elysia"
import {
  type CallRequest,
  type ChannelMap,
  type CovenantServer,
  connectAnswerOf,
  type ProcedureMap,
  procedureAnswerOf,
  type ServerToSidekickConnection,
} from "../kernel/index.ts"
import { retryHeaders, statusOf } from "./reply.ts"
import { parseObject, type Sockets, socketRoutes } from "./wire-sockets.ts"

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
      "/api/covenant",
      async ({ request, server: web, body, query }) => {
        const callRequest = withoutCookie(call({ request, server: web }))
        const asked = parseObject(body)
        if (!asked) return ion({ status: "ERR", error: { message: "The body is not ION", code: 400 } }, 400)
        const answer = await service?.door(query.type, request, asked)
        if (answer) return answer
        if (query.type === "connect") return connect(asked, callRequest)

        const result = await server.processProcedure(nameIn(asked.procedure), asked.inputs, callRequest)
        const { error } = result
        const status = result.success ? 201 : statusOf(result.error)
        return ion(procedureAnswerOf(result), status, retryHeaders(error ?? {}))
      },
      { parse: "text" },
    )
    .use(service ? new Elysia().get("/socket", socketsElsewhere) : socketRoutes(sockets))

  async function connect(asked: Record<string, unknown>, callRequest: CallRequest): Promise<Response> {
    const channel = nameIn(asked.channel)
    const result = await server.processConnection(channel, asked.params, asked.data, callRequest, service)
    const params = (asked.params ?? {}) as Record<string, string>
    const status = result.success ? 200 : statusOf(result.error)
    return ion(connectAnswerOf(channel, params, result), status, retryHeaders(result.error ?? {}))
  }
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
