import ION from "@covenant-rpc/ion"
import { Elysia } from "elysia"
import type { InternalSidekick, SidekickFrame } from "../kernel/index.ts"
import { isOwnUpgrade } from "./guard.ts"
import { type Ending, tooManyFrames, tooSlow } from "./live/session.ts"
import { WireSocket } from "./wire-socket.ts"

export interface Sockets {
  sidekick: InternalSidekick
  publicOrigin: string | undefined
  metrics: SocketMetrics
  /** Hold sockets to a number of frames. */
  limitsFrames: boolean
  /** How long a socket may stay that has shown no token. */
  strangerMs?: number
  /** Most sockets at a time. */
  maxSockets?: number
  /** Those that are open: to end them all. */
  open?: Set<WireSocket>
}

/** What is measured here. */
interface SocketMetrics {
  connections: { wire: { add(count: number): void } }
  slowReaders: { wire: { add(): void } }
  frameLimits: { add(): void }
  socketClosed(code: number): void
}

/** The sockets of programs, in ION: whoever holds them, a server or a sidekick of its own. */
export function socketRoutes({ sidekick, metrics, limitsFrames, strangerMs, ...options }: Sockets) {
  const { publicOrigin, maxSockets = Number.POSITIVE_INFINITY, open = new Set() } = options
  const sockets = new WeakMap<object, WireSocket>()
  const encode = encoder()

  return new Elysia().ws("/socket", {
    // Programs send no origin. A page of another site does, and is not let in.
    beforeHandle({ request }) {
      if (request.headers.has("origin") && !isOwnUpgrade(request, publicOrigin)) {
        return new Response("This socket was asked for by another site", { status: 403 })
      }
      if (open.size >= maxSockets) {
        return new Response("There are too many sockets", { status: 503, headers: { "retry-after": "5" } })
      }
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
        onEnd(ending: Ending) {
          if (ending === tooSlow) metrics.slowReaders.wire.add()
          if (ending === tooManyFrames) metrics.frameLimits.add()
        },
      })
      sockets.set(ws.raw, socket)
      open.add(socket)
    },
    message: (ws, frame) => sockets.get(ws.raw)?.receive(frame),
    close(ws, code) {
      metrics.connections.wire.add(-1)
      metrics.socketClosed(code)
      const socket = sockets.get(ws.raw)
      if (!socket) return
      open.delete(socket)
      socket.closed()
    },
  })
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

/** What a program sent, when it is an object in ION. */
export function parseObject(text: unknown): Record<string, unknown> | undefined {
  try {
    const value = ION.parse(String(text))
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
