import { placeToWrite } from "../../../views/channels.tsx"
import { ComposerPage } from "../../../views/composer.tsx"
import { variantKey } from "../../../views/localize.ts"
import { slottedLog } from "../../../views/log.tsx"
import type { Quoted } from "../../../views/replies.tsx"
import { StreamRoomPage } from "../../../views/room-stream.tsx"
import { slottedRoom } from "../../../views/rooms.tsx"
import type { Slotted } from "../../../views/slotted.ts"
import { type Bytes, type PagePart, toPagePart } from "../../web/bytes.ts"
import { currentLook } from "../../web/look.ts"
import { html, retryHeaders } from "../../web/reply.ts"
import { listConversations } from "../conversations/store.ts"
import { can } from "../permissions/can.ts"
import type { ChannelAccess } from "../permissions/store.ts"
import { quotedIn } from "../replies/page.ts"
import type { Services } from "../services.ts"
import { parentOf } from "../threads/page.ts"
import type { SignedInViewer, Visit } from "../visit.ts"
import { composerState, slowModeNotice } from "./composer-state.ts"
import { emptyPage, partsWithDividers } from "./dividers.tsx"
import { type HistoryQuery, isNewest } from "./history.ts"
import { type LogPage, readLog, roomUrl } from "./log.ts"
import { type RoomFrame, toRoomFrame } from "./room-cache.tsx"
import type { Sidebar } from "./store.ts"

/** A refused message: the page that sent it shows it again with the reason. */
interface Unsent {
  draft: string
  /** The message it replies to. */
  replyTo?: string
  error?: string
  status: number
  /** Files uploaded with it: the next message is sent with them. */
  files?: { id: string; name: string }[]
  retryAfterSeconds?: number
}

interface RoomOf extends ChannelAccess {
  viewer: SignedInViewer
}

export interface RoomView extends RoomOf {
  /** Of the viewer, see `viewerCacheKey`. */
  viewerKey: string
  query: HistoryQuery
  /** The id of the message that the composer answers. */
  reply?: string
  transport?: string
  unsent?: Unsent
}

/** A room's page: its frame around a page of its log. */
export async function roomPage(services: Services, view: RoomView): Promise<PagePart[]> {
  const log = await readLog(services, view)
  const frame = await roomFrame(services, view, log)
  return [frame.before, roomLog(services, view, log), frame.after]
}

/** The room's page with a refused message in the composer. */
export async function refusedRoom(
  services: Services,
  { request }: Visit,
  room: RoomOf & { unsent: Unsent },
): Promise<Response> {
  const { unsent, viewer } = room
  const viewerKey = viewerCacheKey(viewer)
  const page = await roomPage(services, { ...room, viewerKey, query: {}, reply: unsent.replyTo })
  return html(request, await new Blob(page.map(({ bytes }) => bytes)).text(), {
    status: unsent.status,
    headers: retryHeaders(unsent),
  })
}

/** The cache key of a viewer: everything about them that their pages depend on. */
export function viewerCacheKey(viewer: SignedInViewer): string {
  const { id, username, displayName, avatarUrl, presence, blocks, settings, clock } = viewer
  const { deletionAt, dismissedAnnouncement } = viewer
  const look = `${currentLook().version} ${dismissedAnnouncement} ${viewer.mayNotCreateServers}`
  const own = [id, username, displayName, avatarUrl, presence, blocks, clock.key, look, deletionAt?.getTime()]
  return [...own, ...Object.values(settings ?? {})].join("\n")
}

/** The page around the log. Cached, except with a draft or a quoted message, which few pages have. */
async function roomFrame(services: Services, view: RoomView, log: LogPage): Promise<RoomFrame> {
  const { viewer, viewerKey, channel, query, unsent } = view
  const { roomCache } = services
  const sidebar = await roomCache.sidebar(viewer.id, channel)
  const quoted = await quotedIn(services, view, view.reply)
  const shown: ShownLog = {
    live: log.live,
    stays: log.isContinued || query.around !== undefined,
    transport: view.transport === "sse" ? "sse" : "ws",
    unreadCount: log.unreadCount,
    hasFirstUnread: log.messages.some(({ id }) => id === sidebar.firstUnread?.id),
  }
  const render = () => renderFrame(services, view, { sidebar, quoted, shown })
  // A timeout ends by time, which no version counts.
  if (unsent || quoted || view.standing.isTimedOut) return toRoomFrame(await render())

  const { live, stays, transport, hasFirstUnread, unreadCount } = shown
  const { readPosition, readCount } = channel
  // The slow mode of a raid lock ends by time, too.
  const slowMode = await slowModeNotice(services.memberships, view)
  const inputs = {
    channel,
    key: `${transport} live:${live} stays:${stays} first:${hasFirstUnread} ${viewerKey}`,
    version: `sidebar:${sidebar.version} position:${readPosition} counts:${readCount}/${unreadCount} hold:${view.standing.hold?.for} slow:${slowMode}`,
  }
  return roomCache.frame(inputs, render)
}

/** What a page's frame says of the log in it. */
interface ShownLog {
  live: boolean
  /** Without JavaScript it does not move on to the page whose log never ends. */
  stays: boolean
  transport: "ws" | "sse"
  unreadCount: number
  hasFirstUnread: boolean
}

interface FrameContent {
  sidebar: Sidebar
  quoted: Quoted | undefined
  shown: ShownLog
}

async function renderFrame(
  services: Services,
  view: RoomView,
  { sidebar, quoted, shown }: FrameContent,
): Promise<Slotted> {
  const { channel, unsent } = view
  const { live, stays, transport, unreadCount, hasFirstUnread } = shown
  const { readPosition, readCount } = channel
  const { firstUnread } = sidebar
  return slottedRoom({
    ...(await sidebarProps(services, view, sidebar)),
    ...{ live, stays, transport, quoted, readPosition },
    ...{ draft: unsent?.draft, error: unsent?.error, files: unsent?.files },
    // Other pages are cached, and would send another message under the same id.
    formId: unsent && crypto.randomUUID(),
    composerState: await composerState(services, view),
    unread:
      firstUnread && unreadCount > 0
        ? { count: unreadCount, read: readCount, first: firstUnread, isHere: hasFirstUnread }
        : undefined,
    maxFileBytes: services.config.maxFileBytes,
  })
}

/** A page of the log with its dividers. */
function roomLog(services: Services, { viewer, channel, query }: RoomView, log: LogPage): PagePart {
  const { messages, older, newer, seq, live, readCount, hasHistory } = log
  const isInServer = !channel.isConversation && channel.parentId === null
  const invites = isInServer ? `/servers/${channel.serverId}/invites` : undefined
  const render = (): (string | Bytes)[] => {
    const { before, after } = slottedLog({ older, newer, seq, live, read: readCount, hasHistory, invites })
    const dividers = { readCount, ...emptyPage(viewer) }
    const isEnd = isNewest(query)
    const toHtml = services.messageCache.forPage(messages, viewer, { isEnd })
    const parts = partsWithDividers(messages, dividers, toHtml)
    return [before, ...parts, after]
  }
  // Without a divider for unread messages, the end of the log is the same for all viewers with the same `variantKey`.
  const isShared = isNewest(query) && readCount === undefined && hasHistory
  return isShared ? services.roomCache.log(channel, variantKey(viewer), render) : toPagePart(render())
}

/** The room for browsers without JavaScript: the log and the composer are frames. */
export async function streamRoom(services: Services, { request }: Visit, room: RoomOf): Promise<Response> {
  const { viewer, channel } = room
  const quoted = await quotedIn(services, room, new URL(request.url).searchParams.get("reply"))
  const sidebar = await services.roomCache.sidebar(viewer.id, channel)
  const { firstUnread } = sidebar
  const { unreadCount: count, readCount: read } = channel
  const unread = firstUnread && count > 0 ? { count, read, first: firstUnread, isHere: false } : undefined
  const props = await sidebarProps(services, room, sidebar)
  return html(request, String(<StreamRoomPage {...props} unread={unread} quoted={quoted} />))
}

/** Reads the props of what is around the log of a room: its sidebar, and what its composer says. */
export async function readSidebar(services: Services, room: RoomOf) {
  const sidebar = await services.roomCache.sidebar(room.viewer.id, room.channel)
  const state = await composerState(services, room)
  return { ...(await sidebarProps(services, room, sidebar)), composerState: state }
}

async function sidebarProps(services: Services, { viewer, channel, standing }: RoomOf, sidebar: Sidebar) {
  const { db, roomCache } = services
  const { serverId, serverName, parentId, isConversation } = channel
  const {
    servers,
    direct,
    inbox,
    channels,
    categories,
    isOffered,
    openReports,
    bannerUrl,
    heldRolesVersion,
  } = sidebar
  const server = { id: serverId, name: serverName }
  const members = await roomCache.members(channel)
  return {
    viewer,
    servers,
    direct,
    inbox,
    isFollowed: sidebar.isFollowed,
    conversations: isConversation ? await listConversations(db, viewer.id) : undefined,
    server,
    channels,
    categories,
    isOffered,
    openReports,
    bannerUrl,
    heldRolesVersion,
    channel: { ...channel, isGroup: isConversation && channel.pair === null },
    parent: parentId === null ? undefined : await parentOf(services, viewer.id, parentId),
    members: members.members,
    total: members.total,
    memberPane: await roomCache.memberPane(server, members, standing),
    may: {
      manageMessages: can(standing, "manageMessages"),
      manageChannels: can(standing, "manageChannels"),
    },
  }
}

/** The composer on a page of its own, so that sending does not reload the log beside it. */
export async function framedComposer(
  services: Services,
  { request }: Visit,
  { viewer, channel, standing, unsent }: RoomOf & { unsent?: Unsent },
): Promise<Response> {
  const reply = unsent?.replyTo ?? new URL(request.url).searchParams.get("reply")
  const page = (
    <ComposerPage
      viewer={viewer}
      address={roomUrl(channel)}
      formId={crypto.randomUUID()}
      place={placeToWrite(channel, channel.parentId !== null)}
      draft={unsent?.draft}
      error={unsent?.error}
      state={await composerState(services, { viewer, channel, standing })}
      quoted={await quotedIn(services, { channel, standing }, reply)}
      files={unsent?.files}
    />
  )
  const headers = retryHeaders(unsent ?? {})
  return html(request, String(page), { status: unsent?.status, headers, framed: true })
}
