import { Elysia } from "elysia"
import { memoize } from "../../../cache/memoize.ts"
import { Refusal } from "../../../kernel/index.ts"
import { isSameSiteUpgrade } from "../../../web/guard.ts"
import { type HttpStreamKind, openHttpStream } from "../../../web/live/http-stream.ts"
import { LoopTurn } from "../../../web/live/loop-turn.ts"
import { cursorOf, type Ending, tooManyFrames, tooSlow } from "../../../web/live/session.ts"
import { LiveSocket } from "../../../web/live/socket.ts"
import { toFrames } from "../../../web/live/update.ts"
import { viewerOfPage } from "../../../web/page-viewer.ts"
import { wantsTail } from "../../../web/reply.ts"
import { route } from "../../../web/routes.ts"
import { requireChannel } from "../../permissions/require.ts"
import type { Services } from "../../services.ts"
import { callOf, requireViewer, type Visit } from "../../visit.ts"
import { eventStreamKind } from "./event-stream.ts"
import { pageStreamKind } from "./page-stream.tsx"
import { RoomSession } from "./session.ts"
import { linesKind, textKind } from "./tail.ts"

type InRoom = Visit & { params: { serverId: string; channelId: string } }

/** Time in which a client must read the rest of a stream that was ended. */
const drainSeconds = 10

/** Returned for an upgraded request, which Bun has answered itself: of nothing, Elysia would make an empty response with 200. */
const upgraded = new Response(null, { status: 101 })

/** The live transports of a room: WebSocket, server-sent events, lines, and a streamed page. */
export function liveRoutes(services: Services) {
  const report = (error: unknown) => void services.report(error, "a live connection")
  const { metrics } = services
  const turn = new LoopTurn()

  const socketOptions = {
    limitsFrames: services.config.messageLimit !== null,
    toFrames: memoize(toFrames),
    report,
    onEnd(ending: Ending) {
      if (ending === tooSlow) metrics.slowReaders.ws.add()
      if (ending === tooManyFrames) metrics.frameLimits.add()
    },
    onClose: (code: number) => metrics.socketClosed(code),
  }

  // Upgraded without Elysia's `ws`, which retains the request and its context for each socket.
  return new Elysia()
    .route("WS", "/servers/:serverId/channels/:channelId/live", ({ params, request, server }) => {
      // Viewers without permission get a close code, since pages can read it; other sites get a plain 403.
      if (!isSameSiteUpgrade(request, services.config.publicOrigin))
        return new Response("Another site may not open this WebSocket", { status: 403 })

      const call = callOf(services, { request, server })
      const room = { serverId: params.serverId, channelId: params.channelId }
      const { searchParams } = new URL(request.url)
      const page = pageOf(request, searchParams)
      const data = new LiveSocket(
        {
          async connect(listener) {
            await turn.end()
            return RoomSession.connect(services, { room, transport: "ws", call, listener, page })
          },
          cursor: cursorOf(request, searchParams),
        },
        socketOptions,
      )
      if (server?.upgrade(request, { data })) return upgraded
      return new Response("Open this URL as a WebSocket", { status: 400 })
    })
    .get(
      "/servers/:serverId/channels/:channelId/events",
      (visit) => {
        const format = wantsTail(visit.request)
        if (!format) return stream(visit, "sse", eventStreamKind())
        return stream(visit, "tail", format === "text" ? textKind() : linesKind())
      },
      route({ streams: true }),
    )
    .get(
      "/servers/:serverId/channels/:channelId/stream",
      async (visit) => {
        const { request, params } = visit
        const viewer = await requireViewer(services, visit)
        const findChannel = () => requireChannel(services, viewer, params)
        return stream(visit, "stream", pageStreamKind(services, { request, viewer, findChannel }))
      },
      route({ frame: true }),
    )

  async function stream(visit: InRoom, transport: "sse" | "stream" | "tail", kind: HttpStreamKind) {
    const { request, server, params: room } = visit
    const { searchParams } = new URL(request.url)
    const cursor = cursorOf(request, searchParams)
    if (cursor === null) throw new Refusal("after must be a whole number", 400)

    const call = callOf(services, { request, server })
    const response = await openHttpStream({
      connect: (listener) =>
        RoomSession.connect(services, {
          ...{ room, transport, call, listener },
          page: pageOf(request, searchParams),
        }),
      cursor,
      kind,
      report,
      onEnd(isSlow) {
        if (isSlow) metrics.slowReaders[transport].add()
        server?.timeout(request, drainSeconds)
      },
    })
    if (!(response instanceof Response))
      throw new Refusal(response.message, response.code, { retryAfterSeconds: response.retryAfterSeconds })

    // A stream may be idle for longer than the server's timeout.
    server?.timeout(request, 0)
    return response
  }
}

/** Pages say with the connection whose they are and whether they are hidden; over a WebSocket also when that changes. */
function pageOf(request: Request, params: URLSearchParams) {
  return {
    viewerId: viewerOfPage(request, params),
    isHidden: request.headers.has("page-hidden") || params.has("hidden"),
  }
}
