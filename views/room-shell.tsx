import type { Conversation } from "../src/features/conversations/contract.ts"
import { type CategoryEntry, type ChannelEntry, ChannelNav } from "./channel-nav.tsx"
import { type ChannelName, roomTitle } from "./channels.tsx"
import { ConversationNav } from "./conversations.tsx"
import type { PageViewer } from "./layout.tsx"
import type { MemberEntry } from "./members.tsx"
import { HeldRolesStyles } from "./roles.tsx"
import { type Places, type ServerName, slottedShell } from "./shell.tsx"
import type { Slotted } from "./slotted.ts"
import type { ThreadParent } from "./threads.tsx"

type Named = Pick<MemberEntry, "userId" | "username">

/** The channel of a room. */
export interface RoomChannel extends ChannelName {
  topic?: string
  isPrivate?: boolean
  isReadOnly?: boolean
  isArchived?: boolean
}

/** What the viewer may do in a room. */
interface RoomPermissions {
  manageMessages: boolean
  manageChannels: boolean
}

/** What a room's page shows around the log. */
export interface RoomSidebar extends Places {
  viewer: PageViewer
  /** Of a conversation: all of the viewer's, in place of channels. */
  conversations?: Conversation[]
  server: ServerName
  channels: ChannelEntry[]
  categories: CategoryEntry[]
  /** The owner offers the server to the viewer. */
  isOffered: boolean
  /** Reports that wait for the viewer, who moderates the server. */
  openReports: number
  /** The path of the server's banner; `null` without one. */
  bannerUrl: string | null
  /** See `HeldRolesStyles`. */
  heldRolesVersion?: string
  channel: RoomChannel
  members: Named[]
  total: number
  /** The members and their statuses (`MembersPane`), as markup. */
  memberPane: string
  may: RoomPermissions
  /** Of a thread: the message it belongs to. */
  parent?: ThreadParent
  /** Of a thread: the viewer follows it. */
  isFollowed?: boolean
}

interface ShellProps extends RoomSidebar {
  head?: JSX.Element
  script?: boolean
}

export function slottedRoomShell({ head, script, ...sidebar }: ShellProps): Slotted {
  const { viewer, servers, direct, inbox, channel, may, heldRolesVersion } = sidebar
  const shell = slottedShell({
    title: roomTitle(channel),
    viewer,
    servers,
    direct,
    inbox,
    currentServerId: placeOf(sidebar),
    bodyClass: may.manageMessages ? "room owner" : "room",
    head: (
      <>
        {heldRolesVersion !== undefined && <HeldRolesStyles version={heldRolesVersion} />}
        {(head ?? "") as "safe"}
      </>
    ),
    script,
    beside: <RoomNav {...sidebar} />,
  })
  const people = (
    <div id="people" class="people" popover="auto">
      {sidebar.memberPane as "safe"}
    </div>
  )
  return { before: shell.before, after: `${people}${shell.after}` }
}

/** Beside a room: the channels of its server, or the viewer's conversations. */
export function RoomNav(sidebar: RoomSidebar) {
  const {
    viewer,
    server,
    channels,
    categories,
    channel,
    conversations,
    isOffered,
    openReports,
    bannerUrl,
    may,
  } = sidebar
  if (conversations) {
    return <ConversationNav conversations={conversations} viewer={viewer} currentId={channel.serverId} />
  }
  return (
    <ChannelNav
      server={server}
      channels={channels}
      categories={categories}
      currentChannelId={channel.id}
      isOffered={isOffered}
      openReports={openReports}
      bannerUrl={bannerUrl}
      mayManage={may.manageChannels}
    />
  )
}

/** Which of the places in the rail a room is in. */
export function placeOf({ channel, server }: Pick<RoomSidebar, "channel" | "server">): string {
  return channel.isConversation ? "direct" : server.id
}

export function channelUrl({ serverId, id }: ChannelName): string {
  return `/servers/${serverId}/channels/${id}`
}
