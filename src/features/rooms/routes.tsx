import { Elysia } from "elysia"
import { ComposerPage } from "../../../views/messages.tsx"
import { RoomPage, StreamRoomPage } from "../../../views/room.tsx"
import { html, json, retryHeaders, wantsFragment, wantsJson } from "../../web/reply.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { requireRoom } from "../channels/page.ts"
import type { SeenChannel } from "../channels/store.ts"
import { quotedIn } from "../replies/page.ts"
import { requireViewer, type Site, Unshown, type Visit } from "../site.ts"
import { aroundFragment, historyFragment } from "./fragments.tsx"
import { type Place, placeOf, readHistory } from "./history.ts"
import { findSurroundings } from "./store.ts"

/** What a refused message leaves behind: the page it came from shows both. */
export interface Unsent {
  draft: string
  /** What it was to answer. */
  replyTo?: string
  error: string
  status: number
  retryAfterSeconds?: number
}

/** The chat room: a page of the log with everything around it. */
export function roomsRoutes(site: Site) {
  return new Elysia()
    .get("/servers/:serverId/channels/:channelId", async (visit) => {
      const viewer = await requireViewer(site, visit)
      const channel = await requireRoom(site, viewer, visit.params)
      const place = placeOf(visit.query)
      if (!place) throw new Unshown(400, "before and after are positions: whole numbers")

      if (wantsJson(visit.request)) return historyFor(site, visit, channel, place)
      if (visit.query.transport === "stream") return streamRoom(site, visit, viewer, channel)
      return room(site, visit, viewer, channel, place)
    })
    .get("/servers/:serverId/channels/:channelId/around", async (visit) => {
      const viewer = await requireViewer(site, visit)
      const channel = await requireRoom(site, viewer, visit.params)
      return aroundFragment(visit.request, await around(site, viewer, channel))
    })
    .get("/servers/:serverId/channels/:channelId/composer", async (visit) => {
      const viewer = await requireViewer(site, visit)
      const channel = await requireRoom(site, viewer, visit.params)
      return framedComposer(site, visit, channel)
    })
}

/** The room as a page, or just more of its history for htmx. */
export async function room(
  site: Site,
  visit: Visit,
  viewer: Viewer,
  channel: SeenChannel,
  place: Place = {},
  unsent?: Unsent,
): Promise<Response> {
  const history = await readHistory(site.db, channel.id, place)
  if (!history) throw new Unshown(404, "There is no such message in this channel")

  // Read before its messages, so nothing is missed; what they know better counts, so nothing comes twice.
  const seq = Math.max(channel.seq, ...history.messages.map((message) => message.seq))
  const address = `/servers/${channel.serverId}/channels/${channel.id}`
  const [first, last] = [history.messages.at(0), history.messages.at(-1)]
  const older = history.hasOlder && first ? `${address}?before=${first.position}` : undefined
  const newer = history.hasNewer && last ? `${address}?after=${last.position}` : undefined
  const articles = history.messages.map((message) => site.articles.of(message)).join("")
  if (wantsFragment(visit.request)) {
    return historyFragment(visit.request, {
      articles,
      older,
      newer,
      seq,
      upwards: place.before !== undefined,
    })
  }

  const url = new URL(visit.request.url)
  const transport = url.searchParams.get("transport") === "sse" ? "sse" : "ws"
  const page = (
    <RoomPage
      {...(await around(site, viewer, channel))}
      articles={articles}
      older={older}
      newer={newer}
      live={!history.hasNewer}
      seq={seq}
      readPosition={channel.readPosition}
      transport={transport}
      draft={unsent?.draft}
      error={unsent?.error}
      quoted={await quotedIn(site, channel.id, unsent?.replyTo ?? url.searchParams.get("reply"))}
    />
  )
  return html(visit.request, String(page), { status: unsent?.status, headers: retryHeaders(unsent ?? {}) })
}

/** A page of the log for a program: with the cursors of the pages beside it, and the one to read on live from. */
async function historyFor(
  site: Site,
  { request }: Visit,
  channel: SeenChannel,
  place: Place,
): Promise<Response> {
  const history = await readHistory(site.db, channel.id, place)
  if (!history) throw new Unshown(404, "There is no such message in this channel")

  const { messages, hasOlder, hasNewer } = history
  return json(request, {
    messages,
    before: hasOlder ? (messages.at(0)?.position ?? null) : null,
    after: hasNewer ? (messages.at(-1)?.position ?? null) : null,
    seq: Math.max(channel.seq, ...messages.map((message) => message.seq)),
  })
}

/** The room for browsers without JavaScript: the log and the composer each in a frame of its own. */
async function streamRoom(site: Site, visit: Visit, viewer: Viewer, channel: SeenChannel): Promise<Response> {
  const quoted = await quotedIn(site, channel.id, new URL(visit.request.url).searchParams.get("reply"))
  const page = <StreamRoomPage {...(await around(site, viewer, channel))} quoted={quoted} />
  return html(visit.request, String(page))
}

/** What stands around a room, as its pages want it. */
async function around({ db, presence }: Site, viewer: Viewer, channel: SeenChannel) {
  const { id: channelId, serverId } = channel
  const { servers, channels, members, total } = await findSurroundings(db, {
    viewerId: viewer.id,
    serverId,
    channelId,
  })
  return {
    viewer,
    servers,
    server: { id: channel.serverId, name: channel.serverName },
    channels,
    channel,
    currentChannelId: channel.id,
    members: members.map((member) => ({ ...member, status: presence.of(member.userId) })),
    total,
    isOwner: channel.ownerId === viewer.id,
  }
}

/** The composer's own page, so that sending leaves the log beside it alone. */
export async function framedComposer(
  site: Site,
  { request }: Visit,
  channel: SeenChannel,
  unsent?: Unsent,
): Promise<Response> {
  const reply = unsent?.replyTo ?? new URL(request.url).searchParams.get("reply")
  const page = (
    <ComposerPage
      address={`/servers/${channel.serverId}/channels/${channel.id}`}
      draft={unsent?.draft}
      error={unsent?.error}
      quoted={await quotedIn(site, channel.id, reply)}
    />
  )
  const headers = retryHeaders(unsent ?? {})
  return html(request, String(page), { status: unsent?.status, headers, framed: true })
}
