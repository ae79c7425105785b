import { Elysia } from "elysia"
import { ComposerPage } from "../../../views/messages.tsx"
import { JumpPanel } from "../../../views/reading.tsx"
import { RoomPage, StreamRoomPage } from "../../../views/room.tsx"
import { goTo, html, json, retryHeaders, wantsFragment, wantsJson } from "../../web/reply.ts"
import { requireRoom } from "../channels/page.ts"
import type { SeenChannel } from "../channels/store.ts"
import { listConversations } from "../conversations/store.ts"
import { panel } from "../forms.tsx"
import { findFirstSince } from "../messages/store.ts"
import { quotedIn } from "../replies/page.ts"
import { type Reader, requireViewer, type Site, Unshown, type Visit } from "../site.ts"
import { parentOf } from "../threads/page.ts"
import { isDay } from "./days.ts"
import { aroundFragment, historyFragment } from "./fragments.tsx"
import { type Place, placeOf, readHistory, readOnFrom } from "./history.ts"
import { emptyPage, withMarks } from "./marks.tsx"
import { findSurroundings } from "./store.ts"

/** What a refused message leaves behind: the page it came from shows both. */
export interface Unsent {
  draft: string
  /** What it was to answer. */
  replyTo?: string
  error?: string
  status: number
  /** Uploaded with it: they wait for the next one. */
  files?: { id: string; name: string }[]
  retryAfterSeconds?: number
}

/** The chat room: a page of the log with everything around it. */
export function roomsRoutes(site: Site) {
  return new Elysia()
    .get("/servers/:serverId/channels/:channelId", async ({ request, server, query, params }) => {
      const visit = { request, server }
      const viewer = await requireViewer(site, visit)
      const place = placeOf(query)
      if (!place) throw new Unshown(400, "before and after are positions: whole numbers")

      const find = () => requireRoom(site, viewer, params)
      if (query.at !== undefined) return jump(site, visit, viewer, await find())
      if (wantsJson(request)) return historyFor(site, visit, await find(), place)
      if (wantsFragment(request)) return moreHistory(site, visit, viewer, await find(), place)
      if (query.transport === "stream") return streamRoom(site, visit, viewer, await find())
      const look = `${viewer.clock.key} ${JSON.stringify(viewer.settings)}`
      return site.pages.answer(request, `${viewer.id} ${look} ${request.url}`, async () =>
        roomMarkup(site, visit, viewer, await find(), place),
      )
    })
    .get("/servers/:serverId/channels/:channelId/around", async (visit) => {
      const viewer = await requireViewer(site, visit)
      const channel = await requireRoom(site, viewer, visit.params)
      return aroundFragment(visit.request, await around(site, viewer, channel))
    })
    .get("/servers/:serverId/channels/:channelId/jump", async (visit) => {
      const viewer = await requireViewer(site, visit)
      const channel = await requireRoom(site, viewer, visit.params)
      const markup = <JumpPanel address={addressOf(channel)} today={viewer.clock.day(new Date())} />
      return panel(visit, viewer, { title: "Jump to a day", markup })
    })
    .get("/servers/:serverId/channels/:channelId/composer", async (visit) => {
      const viewer = await requireViewer(site, visit)
      const channel = await requireRoom(site, viewer, visit.params)
      return framedComposer(site, visit, viewer, channel)
    })
}

/** The room's page with what could not be sent, and why. */
export async function room(
  site: Site,
  visit: Visit,
  viewer: Reader,
  channel: SeenChannel,
  unsent: Unsent,
): Promise<Response> {
  const markup = await roomMarkup(site, visit, viewer, channel, {}, unsent)
  return html(visit.request, markup, { status: unsent.status, headers: retryHeaders(unsent) })
}

async function roomMarkup(
  site: Site,
  visit: Visit,
  viewer: Reader,
  channel: SeenChannel,
  place: Place,
  unsent?: Unsent,
): Promise<string> {
  const { messages, unread, isContinued, ...log } = await readLog(site, visit, viewer, channel, place)
  const { searchParams } = new URL(visit.request.url)
  const { firstUnread, ...surroundings } = await around(site, viewer, channel)
  const isHere = firstUnread !== null && messages.some(({ id }) => id === firstUnread.id)
  const page = (
    <RoomPage
      {...surroundings}
      {...log}
      unread={
        firstUnread ? { count: unread, read: channel.readCount, first: firstUnread, isHere } : undefined
      }
      stays={isContinued || place.around !== undefined}
      readPosition={channel.readPosition}
      transport={searchParams.get("transport") === "sse" ? "sse" : "ws"}
      draft={unsent?.draft}
      error={unsent?.error}
      quoted={await quotedIn(site, channel.id, unsent?.replyTo ?? searchParams.get("reply"))}
      files={unsent?.files}
      maxFileBytes={site.config.maxFileBytes}
    />
  )
  return String(page)
}

/** Just more of its history, for htmx. */
async function moreHistory(site: Site, visit: Visit, viewer: Reader, channel: SeenChannel, place: Place) {
  const log = await readLog(site, visit, viewer, channel, place)
  return historyFragment(visit.request, { ...log, upwards: place.before !== undefined })
}

/** A page of the log as markup, with the ways to the pages beside it. */
async function readLog(
  { db, articles }: Site,
  { request }: Visit,
  viewer: Reader,
  channel: SeenChannel,
  place: Place,
) {
  const unread = Math.max(0, channel.messageCount - channel.readCount)
  const isContinued = Boolean(place.unread) && unread > 0
  const history = isContinued
    ? await readOnFrom(db, channel.id, channel.readPosition)
    : await readHistory(db, channel.id, place)
  if (!history) throw new Unshown(404, "There is no such message in this channel")

  const { messages, hasOlder, hasNewer } = history
  const address = addressOf(channel)
  const read = readBefore(new URL(request.url), unread > 0 ? channel.readCount : undefined)
  const [first, last] = [messages.at(0), messages.at(-1)]
  const kept = read === undefined ? "" : `&read=${read}`
  return {
    messages,
    unread,
    isContinued,
    read,
    articles: withMarks(messages, { read, ...emptyPage(viewer) }, (message) => articles.of(message)),
    older: hasOlder && first ? `${address}?before=${first.position}${kept}` : undefined,
    newer: hasNewer && last ? `${address}?after=${last.position}${kept}` : undefined,
    // Read before its messages, so nothing is missed; what they know better counts, so nothing comes twice.
    seq: Math.max(channel.seq, ...messages.map((message) => message.seq)),
    live: !hasNewer,
  }
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
async function streamRoom(site: Site, visit: Visit, viewer: Reader, channel: SeenChannel): Promise<Response> {
  const quoted = await quotedIn(site, channel.id, new URL(visit.request.url).searchParams.get("reply"))
  const { firstUnread, ...surroundings } = await around(site, viewer, channel)
  const count = Math.max(0, channel.messageCount - channel.readCount)
  const unread =
    firstUnread && count > 0
      ? { count, read: channel.readCount, first: firstUnread, isHere: false }
      : undefined
  const page = <StreamRoomPage {...surroundings} unread={unread} quoted={quoted} />
  return html(visit.request, String(page))
}

/** To the first message of a day, or after it; to the newest where there is none. Days begin as its reader's clock has it. */
async function jump(
  { db, clocks }: Site,
  { request }: Visit,
  viewer: Reader,
  channel: SeenChannel,
): Promise<Response> {
  const { searchParams } = new URL(request.url)
  const day = searchParams.get("at") ?? ""
  if (!isDay(day)) throw new Unshown(400, "Give a day as year, month and day: 2026-01-31")

  const zone = searchParams.get("zone")
  const clock = zone === null ? viewer.clock : clocks.in(zone)
  const id = await findFirstSince(db, channel.id, clock.startOf(day))
  return goTo(request, `${addressOf(channel)}${id ? `?around=${id}#message-${id}` : ""}`)
}

/** How many messages were read when the reader came: what a link they follow from there says, else what is now. */
function readBefore({ searchParams }: URL, now: number | undefined): number | undefined {
  const kept = searchParams.get("read")
  return kept !== null && /^\d{1,15}$/.test(kept) ? Number(kept) : now
}

/** What stands around a room, as its pages want it. */
async function around(site: Site, viewer: Reader, channel: SeenChannel) {
  const { db, presence } = site
  const { id: channelId, serverId, parentId } = channel
  const { servers, direct, channels, members, total, firstUnread } = await findSurroundings(db, {
    viewerId: viewer.id,
    serverId,
    channelId,
  })
  return {
    viewer,
    servers,
    direct,
    conversations: channel.isConversation ? await listConversations(db, viewer.id) : undefined,
    server: { id: channel.serverId, name: channel.serverName },
    channels,
    channel: { ...channel, isGroup: channel.isConversation && channel.pair === null },
    parent: parentId === null ? undefined : await parentOf(site, viewer.id, parentId),
    firstUnread,
    members: members.map((member) => ({ ...member, status: presence.of(member.userId) })),
    total,
    isOwner: channel.ownerId === viewer.id,
  }
}

/** The composer's own page, so that sending leaves the log beside it alone. */
export async function framedComposer(
  site: Site,
  { request }: Visit,
  viewer: Reader,
  channel: SeenChannel,
  unsent?: Unsent,
): Promise<Response> {
  const reply = unsent?.replyTo ?? new URL(request.url).searchParams.get("reply")
  const page = (
    <ComposerPage
      viewer={viewer}
      address={`/servers/${channel.serverId}/channels/${channel.id}`}
      draft={unsent?.draft}
      error={unsent?.error}
      quoted={await quotedIn(site, channel.id, reply)}
      files={unsent?.files}
    />
  )
  const headers = retryHeaders(unsent ?? {})
  return html(request, String(page), { status: unsent?.status, headers, framed: true })
}

function addressOf({ serverId, id }: SeenChannel): string {
  return `/servers/${serverId}/channels/${id}`
}
