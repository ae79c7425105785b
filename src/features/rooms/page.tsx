import { sizeOf } from "../../../views/fitted.ts"
import { ComposerPage, MessageLog } from "../../../views/messages.tsx"
import { RoomPage, StreamRoomPage } from "../../../views/rooms.tsx"
import { type Bytes, joined } from "../../web/bytes.ts"
import { html, retryHeaders } from "../../web/reply.ts"
import type { SeenChannel } from "../channels/store.ts"
import { listConversations } from "../conversations/store.ts"
import { quotedIn } from "../replies/page.ts"
import type { Services } from "../services.ts"
import { parentOf } from "../threads/page.ts"
import type { Reader, Visit } from "../visit.ts"
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
  services: Services,
  visit: Visit,
  viewer: Reader,
  channel: SeenChannel,
  unsent: Unsent,
): Promise<Response> {
  const page = await roomPage(services, visit, viewer, channel, {}, unsent)
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
  services: Services,
  visit: Visit,
  viewer: Reader,
  channel: SeenChannel,
  place: Place,
  unsent?: Unsent,
): Promise<Bytes> {
  const { searchParams } = new URL(visit.request.url)
  const { messages, unread, isContinued, read, older, newer, seq, live } = await readLog(
    services,
    visit,
    channel,
    place,
  )
  const seen = await services.rooms.around(viewer.id, channel)
  const { firstUnread, text } = seen.lists
  const { readPosition, readCount } = channel
  const around = {
    live,
    stays: isContinued || place.around !== undefined,
    transport: searchParams.get("transport") === "sse" ? ("sse" as const) : ("ws" as const),
    isHere: firstUnread !== null && messages.some(({ id }) => id === firstUnread.id),
    readPosition,
    quoted: await quotedIn(services, channel.id, unsent?.replyTo ?? searchParams.get("reply")),
    draft: unsent?.draft,
    error: unsent?.error,
    files: unsent?.files,
  }
  const page = {
    channel,
    look: lookOf(viewer),
    from: `${JSON.stringify([around, unread, readCount])} ${text}`,
  }
  const [top, bottom] = await services.rooms.frame(page, async () => {
    const { isHere, ...props } = around
    const bar = firstUnread ? { count: unread, read: readCount, first: firstUnread, isHere } : undefined
    const { maxFileBytes } = services.config
    const shell = await shellOf(services, viewer, channel, seen)
    return String(<RoomPage {...shell} {...props} unread={bar} maxFileBytes={maxFileBytes} log={logMark} />)
  })
  const makeLog = () => {
    const marks = { read, ...emptyPage(viewer) }
    const articles = betweenMarks(messages, marks, (message) => services.articles.fit(message, viewer))
    const log = String(
      <MessageLog articles={logMark} older={older} newer={newer} seq={seq} live={live} read={read} />,
    )
    const [before = "", after = ""] = log.split(logMark)
    return [before, ...articles, after]
  }
  // With all of it read, the end of the log is the same for all who have the same clock.
  const isShared = isNewest(place) && read === undefined
  const log = isShared ? services.rooms.log(channel, sizeOf(viewer), makeLog) : makeLog()
  return joined([top, ...log, bottom])
}

/** The room for browsers without JavaScript: the log and the composer each in a frame of its own. */
export async function streamRoom(
  services: Services,
  visit: Visit,
  viewer: Reader,
  channel: SeenChannel,
): Promise<Response> {
  const quoted = await quotedIn(services, channel.id, new URL(visit.request.url).searchParams.get("reply"))
  const seen = await services.rooms.around(viewer.id, channel)
  const { firstUnread } = seen.lists
  const count = Math.max(0, channel.messageCount - channel.readCount)
  const unread =
    firstUnread && count > 0
      ? { count, read: channel.readCount, first: firstUnread, isHere: false }
      : undefined
  const shell = await shellOf(services, viewer, channel, seen)
  return html(visit.request, String(<StreamRoomPage {...shell} unread={unread} quoted={quoted} />))
}

/** What stands around a room, as its pages want it. */
export async function around(services: Services, viewer: Reader, channel: SeenChannel) {
  return shellOf(services, viewer, channel, await services.rooms.around(viewer.id, channel))
}

async function shellOf(
  services: Services,
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
    conversations: channel.isConversation ? await listConversations(services.db, viewer.id) : undefined,
    server,
    channels,
    channel: { ...channel, isGroup: channel.isConversation && channel.pair === null },
    parent: parentId === null ? undefined : await parentOf(services, viewer.id, parentId),
    members,
    total,
    pane: services.rooms.pane(server, people, isOwner),
    isOwner,
  }
}

/** The composer's own page, so that sending leaves the log beside it alone. */
export async function framedComposer(
  services: Services,
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
      quoted={await quotedIn(services, channel.id, reply)}
      files={unsent?.files}
    />
  )
  const headers = retryHeaders(unsent ?? {})
  return html(request, String(page), { status: unsent?.status, headers, framed: true })
}
