import { Elysia } from "elysia"
import { sizeOf } from "../../../views/fitted.ts"
import { StreamHead } from "../../../views/room.tsx"
import { isOwnUpgrade } from "../../web/guard.ts"
import { endlessResponse, type Kind } from "../../web/live/endless.ts"
import { cursorOf, type Ending, tooManyFrames, tooSlow } from "../../web/live/session.ts"
import { LiveSocket } from "../../web/live/socket.ts"
import { Frames, toEvents, toStream } from "../../web/live/update.ts"
import { htmlHeaders, wantsTail } from "../../web/reply.ts"
import { requireRoom } from "../channels/page.ts"
import { readHistory } from "../rooms/history.ts"
import { emptyPage, withMarks } from "../rooms/marks.tsx"
import { callOf, type Reader, requireViewer, type Site, Unshown, type Visit } from "../site.ts"
import { RoomSession } from "./session.ts"
import { linesKind, textKind } from "./tail.ts"

type InRoom = Visit & { params: { serverId: string; channelId: string } }

/** An endless answer that was ended is dropped when nothing of its rest was read for so long. */
const lastReadSeconds = 10

/** Reading a channel live: by WebSocket, by server-sent events or lines, by a page that never ends. */
export function liveRoutes(site: Site) {
  const report = (error: unknown) => void site.report(error, "a live connection")
  const { metrics } = site

  const edge = {
    limitsFrames: site.config.messageLimit !== null,
    frames: new Frames(),
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
      if (!isOwnUpgrade(request, site.config.publicOrigin))
        return new Response("This socket was asked for by another site", { status: 403 })

      const call = callOf(site, { request, server })
      const room = { serverId: params.serverId, channelId: params.channelId }
      const data = new LiveSocket(
        {
          open: (holder) => RoomSession.open(site, { ...room, transport: "ws" }, call, holder),
          cursor: cursorOf(request),
        },
        edge,
      )
      if (server?.upgrade(request, { data })) return
      return new Response("A WebSocket is opened here", { status: 400 })
    })
    .get("/servers/:serverId/channels/:channelId/events", (visit) => {
      const format = wantsTail(visit.request)
      if (!format) return endless(visit, "sse", eventsKind())
      return endless(visit, "tail", format === "text" ? textKind() : linesKind())
    })
    .get("/servers/:serverId/channels/:channelId/stream", async (visit) =>
      endless(visit, "stream", streamKind(site, visit, await requireViewer(site, visit))),
    )

  async function endless(visit: InRoom, transport: "sse" | "stream" | "tail", kind: Kind): Promise<Response> {
    const { request, server, params } = visit
    const cursor = cursorOf(request)
    if (cursor === null) throw new Unshown(400, "after must be a whole number")

    const call = callOf(site, { request, server })
    const opened = await endlessResponse({
      open: (holder) => RoomSession.open(site, { ...params, transport }, call, holder),
      cursor,
      kind,
      report,
      onEnd(isSlow) {
        if (isSlow) metrics.slowReaders[transport].add()
        server?.timeout(request, lastReadSeconds)
      },
    })
    if (!(opened instanceof Response))
      throw new Unshown(opened.code, opened.message, opened.retryAfterSeconds)

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
function streamKind(site: Site, visit: InRoom, viewer: Reader): Kind {
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
      const channel = await requireRoom(site, viewer, visit.params)
      const head = { viewer, channel, isOwner: channel.ownerId === viewer.id }
      if (cursorOf(visit.request) !== undefined) return { text: StreamHead(head) }

      const { messages, hasOlder } = (await readHistory(site.db, channel.id, {})) ?? {
        messages: [],
        hasOlder: false,
      }
      const address = `/servers/${channel.serverId}/channels/${channel.id}`
      const older = hasOlder ? `${address}?before=${messages[0]?.position}` : undefined
      const read = channel.messageCount > channel.readCount ? channel.readCount : undefined
      const articles = withMarks(messages, { read, ...page }, (message) =>
        site.articles.inStream(message, page),
      )
      return {
        text: StreamHead({ ...head, older }) + articles,
        cursor: Math.max(channel.seq, ...messages.map((message) => message.seq)),
      }
    },
  }
}
