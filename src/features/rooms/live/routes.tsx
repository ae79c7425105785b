import { Elysia } from "elysia"
import { sizeOf } from "../../../../views/fitted.ts"
import { streamHead } from "../../../../views/rooms.tsx"
import { memoize } from "../../../cache/memoize.ts"
import { Refusal } from "../../../kernel/index.ts"
import { isSameSiteUpgrade } from "../../../web/guard.ts"
import { endlessResponse, type Kind } from "../../../web/live/endless.ts"
import { cursorOf, type Ending, tooManyFrames, tooSlow } from "../../../web/live/session.ts"
import { LiveSocket } from "../../../web/live/socket.ts"
import { toEvents, toFrames, toStream } from "../../../web/live/update.ts"
import { htmlHeaders, wantsTail } from "../../../web/reply.ts"
import { route } from "../../../web/routes.ts"
import { can } from "../../permissions/can.ts"
import { requireChannel } from "../../permissions/require.ts"
import type { Services } from "../../services.ts"
import { callOf, type Reader, requireViewer, type Visit } from "../../visit.ts"
import { emptyPage, withDividers } from "../dividers.tsx"
import { readHistory } from "../history.ts"
import { RoomSession } from "./session.ts"
import { linesKind, textKind } from "./tail.ts"

type InRoom = Visit & { params: { serverId: string; channelId: string } }

/** An endless answer that was ended is dropped when nothing of its rest was read for so long. */
const lastReadSeconds = 10

/** Reading a channel live: by WebSocket, by server-sent events or lines, by a page that never ends. */
export function liveRoutes(services: Services) {
  const report = (error: unknown) => void services.report(error, "a live connection")
  const { metrics } = services

  const edge = {
    limitsFrames: services.config.messageLimit !== null,
    toFrames: memoize(toFrames),
    report,
    onEnd(ending: Ending) {
      if (ending === tooSlow) metrics.slowReaders.ws.add()
      if (ending === tooManyFrames) metrics.frameLimits.add()
    },
    onClose: (code: number) => metrics.socketClosed(code),
  }

  // Not by Elysia's `ws`, which keeps with each socket the request and much else that is never looked at again.
  return new Elysia()
    .route("WS", "/servers/:serverId/channels/:channelId/live", ({ params, request, server }) => {
      // Whoever may not come in is told by a close code, which a page can read; another site is told nothing.
      if (!isSameSiteUpgrade(request, services.config.publicOrigin))
        return new Response("This socket was asked for by another site", { status: 403 })

      const call = callOf(services, { request, server })
      const room = { serverId: params.serverId, channelId: params.channelId }
      const data = new LiveSocket(
        {
          open: (holder) => RoomSession.open(services, { ...room, transport: "ws" }, call, holder),
          cursor: cursorOf(request),
        },
        edge,
      )
      if (server?.upgrade(request, { data })) return
      return new Response("A WebSocket is opened here", { status: 400 })
    })
    .get(
      "/servers/:serverId/channels/:channelId/events",
      (visit) => {
        const format = wantsTail(visit.request)
        if (!format) return endless(visit, "sse", eventsKind())
        return endless(visit, "tail", format === "text" ? textKind() : linesKind())
      },
      route({ streams: true }),
    )
    .get(
      "/servers/:serverId/channels/:channelId/stream",
      async (visit) =>
        endless(visit, "stream", streamKind(services, visit, await requireViewer(services, visit))),
      route({ frame: true }),
    )

  async function endless(visit: InRoom, transport: "sse" | "stream" | "tail", kind: Kind): Promise<Response> {
    const { request, server, params } = visit
    const cursor = cursorOf(request)
    if (cursor === null) throw new Refusal("after must be a whole number", 400)

    const call = callOf(services, { request, server })
    const opened = await endlessResponse({
      open: (holder) => RoomSession.open(services, { ...params, transport }, call, holder),
      cursor,
      kind,
      report,
      onEnd(isSlow) {
        if (isSlow) metrics.slowReaders[transport].add()
        server?.timeout(request, lastReadSeconds)
      },
    })
    if (!(opened instanceof Response))
      throw new Refusal(opened.message, opened.code, { retryAfterSeconds: opened.retryAfterSeconds })

    // It stays silent for longer than an ordinary request may.
    server?.timeout(request, 0)
    return opened
  }
}

/** Server-sent events: the fragments of the WebSocket, each with its number as id. */
function eventsKind(): Kind {
  const headers = new Headers({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // nginx would gather what must go out at once.
    "x-accel-buffering": "no",
  })
  return {
    headers,
    group: (session) => session.events,
    encode: toEvents,
    hearsSides: true,
    // A comment at once, so that the answer's head goes out before there is something to say.
    begin: async () => ({ text: ": live\n\n" }),
  }
}

/** A page for browsers without JavaScript: the newest messages, or those after a cursor, then whatever comes. */
function streamKind(services: Services, visit: InRoom, viewer: Reader): Kind {
  const page = emptyPage(viewer)
  const headers = htmlHeaders({
    framed: true,
    headers: { "cache-control": "no-store", "x-accel-buffering": "no" },
  })
  return {
    headers,
    group: (session) => session.pages.of(sizeOf(viewer)),
    encode: (updates) => toStream(updates, page),
    hearsSides: false,
    async begin() {
      const { channel, standing } = await requireChannel(services, viewer, visit.params)
      const head = { viewer, channel, mayManageMessages: can(standing, "manageMessages") }
      if (cursorOf(visit.request) !== undefined) return { text: streamHead(head) }

      const { messages, hasOlder } = (await readHistory(services.db, channel.id, {})) ?? {
        messages: [],
        hasOlder: false,
      }
      const address = `/servers/${channel.serverId}/channels/${channel.id}`
      const older = hasOlder ? `${address}?before=${messages[0]?.position}` : undefined
      const readCount = channel.messageCount > channel.readCount ? channel.readCount : undefined
      const log = withDividers(messages, { readCount, ...page }, (message) =>
        services.messageCache.inStream(message, page),
      )
      return {
        text: streamHead({ ...head, older }) + log,
        cursor: Math.max(channel.seq, ...messages.map((message) => message.seq)),
      }
    },
  }
}
