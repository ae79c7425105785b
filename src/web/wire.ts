import ION from "@covenant-rpc/ion"
import { Elysia } from "elysia"
import {
  type CallRequest,
  type ChannelMap,
  type CovenantServer,
  connectAnswerOf,
  type InternalSidekick,
  type ProcedureMap,
  procedureAnswerOf,
  type SidekickFrame,
} from "../kernel/index.ts"
import { isOwnUpgrade } from "./guard.ts"
import { tooManyFrames, tooSlow } from "./live/session.ts"
import { retryHeaders, statusOf } from "./reply.ts"
import { WireSocket } from "./wire-socket.ts"

interface Wire {
  server: Pick<CovenantServer<ProcedureMap, ChannelMap>, "processProcedure" | "processConnection">
  sidekick: InternalSidekick
  publicOrigin: string | undefined
  metrics: WireMetrics
  /** Hold sockets to a number of frames. */
  limitsFrames: boolean
  /** How long a socket may stay that has shown no token. */
  strangerMs?: number
  /** The request as the contract sees it. */
  call(visit: { request: Request; server: Bun.Server<unknown> | null }): CallRequest
}

/** What is measured here. */
interface WireMetrics {
  connections: { wire: { add(count: number): void } }
  slowReaders: { wire: { add(): void } }
  frameLimits: { add(): void }
  socketClosed(code: number): void
}

/**
 * The wire of Covenant RPC 2.x, for programs: calls and connects by POST, channels over one socket, in ION.
 * Who calls is told by a bearer token alone: a cookie would let foreign pages call as their visitor.
 */
export function wireRoutes({
  server,
  sidekick,
  publicOrigin,
  call,
  metrics,
  limitsFrames,
  strangerMs,
}: Wire) {
  const sockets = new WeakMap<object, WireSocket>()
  const encode = encoder()

  return new Elysia()
    .post(
      "/api/covenant",
      async ({ request, server: web, body, query }) => {
        const callRequest = withoutCookie(call({ request, server: web }))
        const asked = parseObject(body)
        if (!asked) return ion({ status: "ERR", error: { message: "The body is not ION", code: 400 } }, 400)
        if (query.type === "connect") return connect(asked, callRequest)

        const result = await server.processProcedure(nameIn(asked.procedure), asked.inputs, callRequest)
        const { error } = result
        const status = result.success ? 201 : statusOf(result.error)
        return ion(procedureAnswerOf(result), status, retryHeaders(error ?? {}))
      },
      { parse: "text" },
    )
    .ws("/socket", {
      // Programs send no origin. A page of another site does, and is not let in.
      beforeHandle({ request }) {
        if (!request.headers.has("origin") || isOwnUpgrade(request, publicOrigin)) return
        return new Response("This socket was asked for by another site", { status: 403 })
      },
      open(ws) {
        metrics.connections.wire.add(1)
        // Elysia's type of it leaves a part of Bun's out.
        const socket = new WireSocket(ws.raw as unknown as Bun.ServerWebSocket, {
          client: sidekick.getConnectionFromClient(),
          encode,
          decode: (frame) => (typeof frame === "string" ? parseObject(frame) : frame),
          limitsFrames,
          strangerMs,
          onEnd(ending) {
            if (ending === tooSlow) metrics.slowReaders.wire.add()
            if (ending === tooManyFrames) metrics.frameLimits.add()
          },
        })
        sockets.set(ws.raw, socket)
      },
      message: (ws, frame) => sockets.get(ws.raw)?.receive(frame),
      close(ws, code) {
        metrics.connections.wire.add(-1)
        metrics.socketClosed(code)
        sockets.get(ws.raw)?.closed()
      },
    })

  async function connect(asked: Record<string, unknown>, callRequest: CallRequest): Promise<Response> {
    const channel = nameIn(asked.channel)
    const result = await server.processConnection(channel, asked.params, asked.data, callRequest)
    const params = (asked.params ?? {}) as Record<string, string>
    const status = result.success ? 200 : statusOf(result.error)
    return ion(connectAnswerOf(channel, params, result), status, retryHeaders(result.error ?? {}))
  }
}

/** One frame goes to many: it is encoded once. */
function encoder(): (frame: SidekickFrame) => string {
  const encoded = new WeakMap<SidekickFrame, string>()
  return (frame) => {
    const text = encoded.get(frame) ?? ION.stringify(frame)
    encoded.set(frame, text)
    return text
  }
}

function parseObject(text: unknown): Record<string, unknown> | undefined {
  try {
    const value = ION.parse(String(text))
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
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
