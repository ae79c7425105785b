import { type Children, escapeHtml } from "@kitajs/html"
import type { Conversation } from "../src/features/conversations/contract.ts"
import { type ChannelName, ChannelNav, roomTitle } from "./channels.tsx"
import { ConversationNav } from "./conversations.tsx"
import { TrayTemplate } from "./files.tsx"
import { Icon } from "./icons.tsx"
import { Head, lookOf, type Places, type ServerName, Shell, type Viewer } from "./layout.tsx"
import type { MemberEntry } from "./members.tsx"
import { Composer, OlderLink, PendingTemplate } from "./messages.tsx"
import { type Count, type FirstUnread, NewBar, NewDivider } from "./reading.tsx"
import type { Quoted } from "./replies.tsx"
import { ThreadOf, type ThreadParent } from "./threads.tsx"
import { DialogLink } from "./ui.tsx"

type Named = Pick<MemberEntry, "userId" | "username">

interface Around extends Places {
  viewer: Viewer
  /** Of who is in a conversation: all of theirs, to stand beside it. */
  conversations?: Conversation[]
  server: ServerName
  channels: (ChannelName & Count)[]
  channel: ChannelName
  members: Named[]
  total: number
  /** Them and who of them is here (`MembersPane`), as markup. */
  pane: string
  isOwner: boolean
  /** Of a thread: what it hangs on. */
  parent?: ThreadParent
}

/** What is unread in the room. */
interface Unread {
  count: number
  read: number
  first: FirstUnread
  isHere: boolean
}

interface RoomProps extends Around {
  /** The log (`MessageLog`) as markup. */
  log: string
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

/** A chat room. Without JavaScript it moves on to the one below, unless it shows history. */
export function RoomPage({
  log,
  readPosition,
  unread,
  stays,
  live,
  transport,
  draft,
  error,
  quoted,
  files,
  maxFileBytes,
  ...around
}: RoomProps) {
  const { viewer, channel } = around
  const address = addressOf(channel)
  const toStream = (
    <noscript>
      <meta
        http-equiv="refresh"
        content={`0; url=?transport=stream${quoted ? `&amp;reply=${encodeURIComponent(quoted.id)}` : ""}`}
      />
    </noscript>
  )
  return (
    <RoomShell {...around} head={live && !error && !stays ? toStream : undefined}>
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
        <RoomHeader {...around} />
        <div id="events" hx-sse:connect={`${address}/events`} hx-trigger="live:sse" hx-swap="none" />
        <div id="around" hidden />
        <div id="connection" role="status" />
        <div class="over-log">{unread !== undefined && <NewBar address={address} {...unread} />}</div>
        {log as "safe"}
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
        <Composer
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
      </main>
    </RoomShell>
  )
}

/** The same room without JavaScript: its log never ends, and sending beside it does not interrupt it. */
export function StreamRoomPage({ quoted, unread, ...around }: Around & { quoted?: Quoted; unread?: Unread }) {
  const address = addressOf(around.channel)
  const reply = quoted ? `?reply=${encodeURIComponent(quoted.id)}` : ""
  return (
    <RoomShell {...around} script={false}>
      <main id="room" class="framed">
        <RoomHeader {...around} />
        {unread !== undefined && <NewBar address={address} {...unread} />}
        <iframe class="log-frame" name="log" title="Messages" src={`${address}/stream`} />
        <iframe
          class={quoted ? "composer-frame with-reply" : "composer-frame"}
          name="composer"
          title="Write a message"
          src={`${address}/composer${reply}`}
        />
      </main>
    </RoomShell>
  )
}

interface ShellProps extends Around {
  head?: JSX.Element
  script?: boolean
  children?: Children
}

function RoomShell({ head, script, children, ...around }: ShellProps) {
  const { viewer, servers, direct, channel, isOwner } = around
  return (
    <Shell
      title={roomTitle(channel)}
      viewer={viewer}
      servers={servers}
      direct={direct}
      currentServerId={placeOf(around)}
      bodyClass={isOwner ? "room owner" : "room"}
      head={head}
      script={script}
      beside={<RoomNav {...around} />}
    >
      {children as "safe"}
      <div id="people" class="people" popover="auto">
        {around.pane as "safe"}
      </div>
    </Shell>
  )
}

/** What stands beside a room: its server's channels, or one's conversations. */
export function RoomNav({ viewer, server, channels, channel, conversations, isOwner }: Around) {
  if (conversations) {
    return <ConversationNav conversations={conversations} viewer={viewer} currentId={channel.serverId} />
  }
  return <ChannelNav server={server} channels={channels} currentChannelId={channel.id} isOwner={isOwner} />
}

/** Which of the places in the rail a room is in. */
export function placeOf({ channel, server }: Pick<Around, "channel" | "server">): string {
  return channel.isConversation ? "direct" : server.id
}

/** Above a room: what it is called, and the ways to what stands beside it. Sent again when that has changed. */
export function RoomHeader({
  viewer,
  channel,
  members,
  isOwner,
  total,
  parent,
}: Pick<Around, "viewer" | "channel" | "members" | "isOwner" | "total" | "parent">) {
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
        {isOwner && (
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
  viewer: Viewer
  channel: ChannelName
  isOwner: boolean
  older?: string
}

/**
 * How the endless page begins: everything up to where messages are appended. The log lies upside down in its
 * box (`column-reverse`), so that it stays at the newest message without a script.
 */
export function StreamHead({ viewer, channel, isOwner, older }: HeadProps) {
  const label = escapeHtml(`Messages in ${channel.name}`)
  const head = (
    <Head title={roomTitle(channel)} viewer={viewer} script={false}>
      <base target="_top" />
    </Head>
  )
  const link = older ? (
    <a id="older" class="pager" href={older}>
      Older messages
    </a>
  ) : (
    ""
  )
  const root = String(<html lang="en" {...lookOf(viewer)} />).replace("</html>", "")
  return `<!doctype html>${root}${head}<body class="${isOwner ? "stream owner" : "stream"}"><main class="log" tabindex="0" aria-label="Message history"><div><h1 class="visually-hidden">${label}</h1>${link}<p class="empty">No messages yet. Say hello.</p><div id="messages" role="log" aria-live="off" aria-label="${label}" data-live>`
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

/** Makes a page ask again for what stands around its room, where something of it has changed. */
export function AroundRefresh({ channel }: { channel: Pick<ChannelName, "id" | "serverId"> }) {
  const address = `/servers/${channel.serverId}/channels/${channel.id}/around`
  return <div hx-get={address} hx-trigger="load" hx-target="#around" hx-swap="innerHTML" />
}

function addressOf({ serverId, id }: ChannelName): string {
  return `/servers/${serverId}/channels/${id}`
}
