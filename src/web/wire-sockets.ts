import ION from "@covenant-rpc/ion"
import { Elysia } from "elysia"
import { memoize } from "../cache/memoize.ts"
import type { InternalSidekick, SidekickFrame } from "../kernel/index.ts"
import { isSameSiteUpgrade } from "./guard.ts"
import { parseIonObject } from "./ion.ts"
import type { OpenConnections } from "./live/open-connections.ts"
import { type Ending, tooManyFrames, tooSlow } from "./live/session.ts"
import { WireSocket } from "./wire-socket.ts"

/** What the socket route needs. */
export interface WireSocketsOptions {
  sidekick: InternalSidekick
  publicOrigin: string | undefined
  metrics: SocketMetrics
  /** Apply `FrameLimit` to every socket. */
  limitsFrames: boolean
  /** Counts the sockets. Default: they are not counted. */
  counting?: {
    connections: OpenConnections
    /** The IP that a request comes from. */
    addressOf(visit: { request: Request; server: Bun.Server<unknown> | null }): string
  }
  /** How long a socket may stay open without using a token, in milliseconds. */
  anonymousTimeoutMs?: number
  /** Most open sockets. Default: no limit. */
  maxSockets?: number
  /** Filled with the open sockets, so that the caller can close them all. */
  openSockets?: Set<WireSocket>
}

interface SocketMetrics {
  connections: { wire: { add(count: number): void } }
  slowReaders: { wire: { add(): void } }
  frameLimits: { add(): void }
  socketClosed(code: number): void
}

/** The route `/socket` for programs, in ION. Both the server and the standalone sidekick use it. */
export function socketRoutes(options: WireSocketsOptions) {
  const { sidekick, metrics, limitsFrames, anonymousTimeoutMs, publicOrigin, counting } = options
  const { maxSockets = Number.POSITIVE_INFINITY, openSockets = new Set() } = options
  const sockets = new WeakMap<object, WireSocket>()
  // Bun knows the IP of a request until it is upgraded.
  const addresses = new WeakMap<Request, string>()
  // Each frame is encoded once, however many sockets it goes to.
  const encode = memoize((frame: SidekickFrame) => ION.stringify(frame))

  return new Elysia().ws("/socket", {
    beforeHandle({ request, server }) {
      if (counting) addresses.set(request, counting.addressOf({ request, server }))
      return refuseUpgrade(request, publicOrigin) ?? (openSockets.size >= maxSockets ? tooMany() : undefined)
    },
    open(ws) {
      metrics.connections.wire.add(1)
      // Elysia's type leaves out parts of Bun's.
      const socket = new WireSocket(ws.raw as unknown as Bun.ServerWebSocket, {
        createClient: (onConnection) => sidekick.getConnectionFromClient(undefined, onConnection),
        counting: counting && {
          connections: counting.connections,
          address: addresses.get(ws.data.request) ?? "",
        },
        encode,
        decode,
        limitsFrames,
        anonymousTimeoutMs,
        onEnd: (ending) => countEnding(metrics, ending),
      })
      sockets.set(ws.raw, socket)
      openSockets.add(socket)
    },
    message: (ws, frame) => sockets.get(ws.raw)?.receive(frame),
    close(ws, code) {
      metrics.connections.wire.add(-1)
      metrics.socketClosed(code)
      const socket = sockets.get(ws.raw)
      if (!socket) return
      openSockets.delete(socket)
      socket.closed()
    },
  })
}

/** Programs send no `Origin`; a page of another site does. */
function refuseUpgrade(request: Request, publicOrigin: string | undefined): Response | undefined {
  const isAllowed = !request.headers.has("origin") || isSameSiteUpgrade(request, publicOrigin)
  return isAllowed ? undefined : new Response("Another site may not open this socket", { status: 403 })
}

function tooMany(): Response {
  return new Response("Too many sockets are open", { status: 503, headers: { "retry-after": "5" } })
}

function countEnding({ slowReaders, frameLimits }: SocketMetrics, ending: Ending): void {
  if (ending === tooSlow) slowReaders.wire.add()
  if (ending === tooManyFrames) frameLimits.add()
}

/** The client sends text; Elysia has already parsed frames that look like JSON. */
function decode(frame: unknown): unknown {
  return typeof frame === "string" ? parseIonObject(frame) : frame
}
