import { sizeOf } from "../../../views/fitted.ts"
import { ComposerPage, MessageLog } from "../../../views/messages.tsx"
import { RoomPage, StreamRoomPage } from "../../../views/room.tsx"
import { type Bytes, joined } from "../../web/bytes.ts"
import { html, retryHeaders } from "../../web/reply.ts"
import type { SeenChannel } from "../channels/store.ts"
import { listConversations } from "../conversations/store.ts"
import { quotedIn } from "../replies/page.ts"
import type { Reader, Site, Visit } from "../site.ts"
import { parentOf } from "../threads/page.ts"
import { isNewest, type Place } from "./history.ts"
import { logMark } from "./kept.tsx"
import { addressOf, readLog } from "./log.ts"
import { betweenMarks, emptyPage } from "./marks.tsx"
import type { Lists, People } from "./store.ts"

/** What a refused message leaves behind: the page it came from shows both. */
interface Unsent {
  draft: string
  /** What it was to answer. */
  replyTo?: string
  error?: string
  status: number
  /** Uploaded with it: they wait for the next one. */
  files?: { id: string; name: string }[]
  retryAfterSeconds?: number
}

/** The room's page with what could not be sent, and why. */
export async function room(
  site: Site,
  visit: Visit,
  viewer: Reader,
  channel: SeenChannel,
  unsent: Unsent,
): Promise<Response> {
  const page = await roomPage(site, visit, viewer, channel, {}, unsent)
  return html(visit.request, new TextDecoder().decode(page), {
    status: unsent.status,
    headers: retryHeaders(unsent),
  })
}

/** All that differs between pages for people who want them otherwise. */
export function lookOf({ id, username, blocks, settings, clock }: Reader): string {
  return JSON.stringify([id, username, blocks, settings, clock.key])
}

/** A room's page: what is kept of it around a page of its log. */
export async function roomPage(
  site: Site,
  visit: Visit,
  viewer: Reader,
  channel: SeenChannel,
  place: Place,
  unsent?: Unsent,
): Promise<Bytes> {
  const { searchParams } = new URL(visit.request.url)
  const { messages, unread, isContinued, read, older, newer, seq, live } = await readLog(
    site,
    visit,
    channel,
    place,
  )
  const seen = await site.rooms.around(viewer.id, channel)
  const { firstUnread, text } = seen.lists
  const { readPosition, readCount } = channel
  const around = {
    live,
    stays: isContinued || place.around !== undefined,
    transport: searchParams.get("transport") === "sse" ? ("sse" as const) : ("ws" as const),
    isHere: firstUnread !== null && messages.some(({ id }) => id === firstUnread.id),
    readPosition,
    quoted: await quotedIn(site, channel.id, unsent?.replyTo ?? searchParams.get("reply")),
    draft: unsent?.draft,
    error: unsent?.error,
    files: unsent?.files,
  }
  const page = {
    channel,
    look: lookOf(viewer),
    from: `${JSON.stringify([around, unread, readCount])} ${text}`,
  }
  const [top, bottom] = await site.rooms.frame(page, async () => {
    const { isHere, ...props } = around
    const bar = firstUnread ? { count: unread, read: readCount, first: firstUnread, isHere } : undefined
    const { maxFileBytes } = site.config
    const shell = await shellOf(site, viewer, channel, seen)
    return String(<RoomPage {...shell} {...props} unread={bar} maxFileBytes={maxFileBytes} log={logMark} />)
  })
  const makeLog = () => {
    const marks = { read, ...emptyPage(viewer) }
    const articles = betweenMarks(messages, marks, (message) => site.articles.fit(message, viewer))
    const log = String(
      <MessageLog articles={logMark} older={older} newer={newer} seq={seq} live={live} read={read} />,
    )
    const [before = "", after = ""] = log.split(logMark)
    return [before, ...articles, after]
  }
  // With all of it read, the end of the log is the same for all who have the same clock.
  const isShared = isNewest(place) && read === undefined
  const log = isShared ? site.rooms.log(channel, sizeOf(viewer), makeLog) : makeLog()
  return joined([top, ...log, bottom])
}

/** The room for browsers without JavaScript: the log and the composer each in a frame of its own. */
export async function streamRoom(
  site: Site,
  visit: Visit,
  viewer: Reader,
  channel: SeenChannel,
): Promise<Response> {
  const quoted = await quotedIn(site, channel.id, new URL(visit.request.url).searchParams.get("reply"))
  const seen = await site.rooms.around(viewer.id, channel)
  const { firstUnread } = seen.lists
  const count = Math.max(0, channel.messageCount - channel.readCount)
  const unread =
    firstUnread && count > 0
      ? { count, read: channel.readCount, first: firstUnread, isHere: false }
      : undefined
  const shell = await shellOf(site, viewer, channel, seen)
  return html(visit.request, String(<StreamRoomPage {...shell} unread={unread} quoted={quoted} />))
}

/** What stands around a room, as its pages want it. */
export async function around(site: Site, viewer: Reader, channel: SeenChannel) {
  return shellOf(site, viewer, channel, await site.rooms.around(viewer.id, channel))
}

async function shellOf(
  site: Site,
  viewer: Reader,
  channel: SeenChannel,
  { lists, people }: { lists: Lists; people: People },
) {
  const { serverId, serverName, parentId } = channel
  const { servers, direct, channels } = lists
  const { members, total } = people
  const server = { id: serverId, name: serverName }
  const isOwner = channel.ownerId === viewer.id
  return {
    viewer,
    servers,
    direct,
    conversations: channel.isConversation ? await listConversations(site.db, viewer.id) : undefined,
    server,
    channels,
    channel: { ...channel, isGroup: channel.isConversation && channel.pair === null },
    parent: parentId === null ? undefined : await parentOf(site, viewer.id, parentId),
    members,
    total,
    pane: site.rooms.pane(server, people, isOwner),
    isOwner,
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
      address={addressOf(channel)}
      draft={unsent?.draft}
      error={unsent?.error}
      quoted={await quotedIn(site, channel.id, reply)}
      files={unsent?.files}
    />
  )
  const headers = retryHeaders(unsent ?? {})
  return html(request, String(page), { status: unsent?.status, headers, framed: true })
}
