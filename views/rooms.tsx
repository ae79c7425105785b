import { escapeHtml } from "@kitajs/html"
import type { Conversation } from "../src/features/conversations/contract.ts"
import { type ChannelName, ChannelNav, roomTitle } from "./channels.tsx"
import { ConversationNav } from "./conversations.tsx"
import { TrayTemplate } from "./files.tsx"
import { Icon } from "./icons.tsx"
import { Head, lookOf, type PageViewer, type Places, type ServerName, slottedShell } from "./layout.tsx"
import type { MemberEntry } from "./members.tsx"
import { ComposerForm, OlderLink, PendingTemplate } from "./messages.tsx"
import { type Count, type FirstUnread, NewBar, NewDivider } from "./reading.tsx"
import type { Quoted } from "./replies.tsx"
import { type Slotted, slotted } from "./slotted.ts"
import { ThreadOf, type ThreadParent } from "./threads.tsx"
import { DialogLink } from "./ui.tsx"

type Named = Pick<MemberEntry, "userId" | "username">

/** What the viewer may do in a room. */
interface RoomPermissions {
  manageMessages: boolean
  manageChannels: boolean
}

/** What a room's page shows around the log. */
interface RoomSidebar extends Places {
  viewer: PageViewer
  /** Of a conversation: all of the viewer's, in place of channels. */
  conversations?: Conversation[]
  server: ServerName
  channels: (ChannelName & Count)[]
  channel: ChannelName
  members: Named[]
  total: number
  /** The members and their statuses (`MembersPane`), as markup. */
  memberPane: string
  may: RoomPermissions
  /** Of a thread: the message it belongs to. */
  parent?: ThreadParent
}

/** What is unread in the room. */
interface Unread {
  count: number
  read: number
  first: FirstUnread
  isHere: boolean
}

interface RoomProps extends RoomSidebar {
  /** How far the viewer has read. */
  readPosition: number
  unread?: Unread
  /** It shows a place in history, also where that is the end: without JavaScript it is read here. */
  stays?: boolean
  live: boolean
  transport: "ws" | "sse"
  draft?: string
  error?: string
  quoted?: Quoted
  files?: { id: string; name: string }[]
  maxFileBytes: number
}

/** A chat room around its log. Without JavaScript it moves on to `StreamRoomPage`, unless it shows history. */
export function slottedRoom(room: RoomProps): Slotted {
  const { live, error, stays, quoted } = room
  const head = live && !error && !stays ? <ToStream quoted={quoted} /> : undefined
  const shell = slottedRoomShell({ ...room, head })
  const main = slotted(<RoomMain {...room} />)
  return {
    before: shell.before + main.before,
    after: `${<BelowLog {...room} />}${main.after}${shell.after}`,
  }
}

/** Where there is no JavaScript, goes to the page whose log never ends. */
function ToStream({ quoted }: Pick<RoomProps, "quoted">) {
  return (
    <noscript>
      <meta
        http-equiv="refresh"
        content={`0; url=?transport=stream${quoted ? `&amp;reply=${encodeURIComponent(quoted.id)}` : ""}`}
      />
    </noscript>
  )
}

/** The room itself, up to its log. */
function RoomMain({ readPosition, unread, transport, ...sidebar }: RoomProps) {
  const { viewer, channel } = sidebar
  const address = addressOf(channel)
  return (
    <main
      id="room"
      data-viewer={viewer.id}
      data-channel={channel.id}
      data-read={String(readPosition)}
      data-transport={transport}
      hx-ws:connect={`${address}/live`}
      hx-trigger="live:ws"
      hx-swap="none"
    >
      <RoomHeader {...sidebar} />
      <div id="events" hx-sse:connect={`${address}/events`} hx-trigger="live:sse" hx-swap="none" />
      <div id="around" hidden />
      <div id="connection" role="status" />
      <div class="over-log">
        {unread !== undefined && <NewBar address={address} clock={viewer.clock} {...unread} />}
      </div>
    </main>
  )
}

/** What follows the log in the room: the composer, and templates for scripts. */
function BelowLog({ viewer, channel, live, draft, error, quoted, files, maxFileBytes }: RoomProps) {
  const address = addressOf(channel)
  return (
    <>
      <p class="jump">
        <button id="jump" type="button" hidden>
          Newest messages
        </button>
        {!live && (
          <noscript>
            <a href={address}>Newest messages</a>
          </noscript>
        )}
      </p>
      <div id="typing" class="typing" />
      <ComposerForm
        address={address}
        draft={draft}
        error={error}
        quoted={quoted}
        files={files}
        maxFileBytes={maxFileBytes}
      />
      <PendingTemplate viewer={viewer} />
      <template id="new-divider">
        <NewDivider />
      </template>
      <TrayTemplate />
      <template id="older-link">
        <OlderLink href={address} />
      </template>
    </>
  )
}

interface StreamRoomProps extends RoomSidebar {
  quoted?: Quoted
  unread?: Unread
}

/** The same room without JavaScript: its log never ends, and sending beside it does not interrupt it. */
export function StreamRoomPage({ quoted, unread, ...sidebar }: StreamRoomProps) {
  const { before, after } = slottedRoomShell({ ...sidebar, script: false })
  const address = addressOf(sidebar.channel)
  const reply = quoted ? `?reply=${encodeURIComponent(quoted.id)}` : ""
  const main = (
    <main id="room" class="framed">
      <RoomHeader {...sidebar} />
      {unread !== undefined && <NewBar address={address} clock={sidebar.viewer.clock} {...unread} />}
      <iframe class="log-frame" name="log" title="Messages" src={`${address}/stream`} />
      <iframe
        class={quoted ? "composer-frame with-reply" : "composer-frame"}
        name="composer"
        title="Write a message"
        src={`${address}/composer${reply}`}
      />
    </main>
  )
  return `${before}${main}${after}`
}

interface ShellProps extends RoomSidebar {
  head?: JSX.Element
  script?: boolean
}

function slottedRoomShell({ head, script, ...sidebar }: ShellProps): Slotted {
  const { viewer, servers, direct, channel, may } = sidebar
  const shell = slottedShell({
    title: roomTitle(channel),
    viewer,
    servers,
    direct,
    currentServerId: placeOf(sidebar),
    bodyClass: may.manageMessages ? "room owner" : "room",
    head,
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
export function RoomNav({ viewer, server, channels, channel, conversations, may }: RoomSidebar) {
  if (conversations) {
    return <ConversationNav conversations={conversations} viewer={viewer} currentId={channel.serverId} />
  }
  return (
    <ChannelNav
      server={server}
      channels={channels}
      currentChannelId={channel.id}
      mayManage={may.manageChannels}
    />
  )
}

/** Which of the places in the rail a room is in. */
export function placeOf({ channel, server }: Pick<RoomSidebar, "channel" | "server">): string {
  return channel.isConversation ? "direct" : server.id
}

/** Above a room: what it is called, and the ways to what stands beside it. Sent again when that has changed. */
export function RoomHeader({
  viewer,
  channel,
  members,
  may,
  total,
  parent,
}: Pick<RoomSidebar, "viewer" | "channel" | "members" | "may" | "total" | "parent">) {
  const address = addressOf(channel)
  const other = channel.isGroup ? undefined : members.find(({ userId }) => userId !== viewer.id)
  return (
    <header id="main" class="room-header">
      <button type="button" class="quiet to-places" popovertarget="places" aria-label="Channels">
        <Icon name="menu" />
      </button>
      <h1>
        {parent === undefined ? (
          <span class="hash" aria-hidden="true">
            {channel.isConversation ? "@" : "#"}
          </span>
        ) : (
          <Icon name="thread" />
        )}
        <bdi id="room-name" safe>
          {channel.name}
        </bdi>
      </h1>
      <button type="button" class="quiet to-tools" popovertarget="room-tools" aria-label="In this channel">
        <Icon name="more" />
      </button>
      <div id="room-tools" class="room-tools" popover="auto">
        <a class="button quiet" href={`/search?in=${channel.id}`} aria-label="Search" title="Search">
          <Icon name="search" />
        </a>
        <DialogLink class="button quiet to-day" href={`${address}/jump`} label="Jump to a day">
          <Icon name="calendar" />
        </DialogLink>
        {parent === undefined && (
          <DialogLink class="button quiet" href={`${address}/threads`} label="Threads">
            <Icon name="thread" />
          </DialogLink>
        )}
        <DialogLink class="button quiet" href={`${address}/pins`} label="Pinned messages">
          <Icon name="pin" />
        </DialogLink>
        {channel.isGroup && (
          <DialogLink class="button quiet" href={`/conversations/${channel.serverId}`} label="Group">
            <Icon name="sliders" />
          </DialogLink>
        )}
        {channel.isConversation === true && other !== undefined && (
          <DialogLink class="button quiet" href={`/people/${other.userId}`} label={other.username}>
            <Icon name="person" />
          </DialogLink>
        )}
        {may.manageChannels && (
          <DialogLink class="button quiet" href={`${address}/settings`} label="Channel settings">
            <Icon name="sliders" />
          </DialogLink>
        )}
      </div>
      <button type="button" class="quiet to-people" popovertarget="people" aria-label={`Members, ${total}`}>
        <Icon name="people" />
        <span aria-hidden="true">{total}</span>
      </button>
      {parent !== undefined && <ThreadOf parent={parent} />}
    </header>
  )
}

interface HeadProps {
  viewer: PageViewer
  channel: ChannelName
  mayManageMessages: boolean
  older?: string
}

/**
 * The beginning of the page whose log never ends, up to where messages are appended. The log lies upside down in its
 * box (`column-reverse`), so that it stays at the newest message without a script.
 */
export function streamHead({ viewer, channel, mayManageMessages, older }: HeadProps): string {
  const label = escapeHtml(`Messages in ${channel.name}`)
  const html = slotted(
    <html lang="en" {...lookOf(viewer)}>
      <Head title={roomTitle(channel)} viewer={viewer} script={false}>
        <base target="_top" />
      </Head>
    </html>,
  )
  const body = slotted(<body class={mayManageMessages ? "stream owner" : "stream"} />)
  const main = slotted(<main class="log" tabindex="0" aria-label="Message history" />)
  const log = slotted(
    <div>
      <h1 class="visually-hidden">{label as "safe"}</h1>
      {older !== undefined && (
        <a id="older" class="pager" href={older}>
          Older messages
        </a>
      )}
      <p class="empty">No messages yet. Say hello.</p>
    </div>,
  )
  const messages = slotted(<div id="messages" role="log" aria-live="off" aria-label={label} data-live />)
  return `<!doctype html>${[html, body, main, log, messages].map(({ before }) => before).join("")}`
}

/** Who is writing. It names the reader too: their style sheet hides that. */
export function TypingLine({ typists }: { typists: { userId: string; username: string }[] }) {
  if (typists.length > 3) return <span class="typist">Several people are typing…</span>

  return (
    <>
      {typists.map(({ userId, username }) => (
        <span class="typist" data-author={userId}>
          <bdi safe>{username}</bdi> is typing…
        </span>
      ))}
    </>
  )
}

/** Makes a page request the sidebar of its room again. */
export function SidebarRefresh({ channel }: { channel: Pick<ChannelName, "id" | "serverId"> }) {
  const address = `/servers/${channel.serverId}/channels/${channel.id}/around`
  return <div hx-get={address} hx-trigger="load" hx-target="#around" hx-swap="innerHTML" />
}

function addressOf({ serverId, id }: ChannelName): string {
  return `/servers/${serverId}/channels/${id}`
}
