import { escapeHtml } from "@kitajs/html"
import { type ChannelName, roomTitle } from "./channels.tsx"
import { Head, lookOf, PageStyles, type PageViewer } from "./layout.tsx"
import { NoMessages } from "./log.tsx"
import { NewBar } from "./reading.tsx"
import type { Quoted } from "./replies.tsx"
import { HeldRolesStyles, RoleStyles } from "./roles.tsx"
import { RoomHeader } from "./room-header.tsx"
import { channelUrl, type RoomSidebar, slottedRoomShell } from "./room-shell.tsx"
import type { UnreadMark } from "./rooms.tsx"
import { slotted } from "./slotted.ts"

interface StreamRoomProps extends RoomSidebar {
  quoted?: Quoted
  unread?: UnreadMark
}

/** The same room without JavaScript: its log never ends, and sending beside it does not interrupt it. */
export function StreamRoomPage({ quoted, unread, ...sidebar }: StreamRoomProps) {
  const { before, after } = slottedRoomShell({ ...sidebar, script: false })
  const address = channelUrl(sidebar.channel)
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

/** Why the log of this page ended: it cannot reconnect by itself. */
export function StreamEnd({ message, address }: { message: string; address: string }) {
  return (
    <p class="stream-end" role="status">
      {`${escapeHtml(message)}. ` as "safe"}
      <a href={address}>Reload the page</a>
    </p>
  )
}

interface HeadProps {
  viewer: PageViewer
  channel: ChannelName
  mayManageMessages: boolean
  older?: string
  /** May the viewer read what was said before they came? */
  hasHistory?: boolean
}

/**
 * The beginning of the page whose log never ends, up to where messages are appended. The log lies upside down in its
 * box (`column-reverse`), so that it stays at the newest message without a script.
 */
export function streamHead({ viewer, channel, mayManageMessages, older, hasHistory }: HeadProps): string {
  const label = escapeHtml(`Messages in ${channel.name}`)
  const html = slotted(
    <html lang="en" {...lookOf(viewer)}>
      <Head title={roomTitle(channel)} viewer={viewer} script={false}>
        <base target="_top" />
        <PageStyles />
        {!channel.isConversation && <RoleStyles serverId={channel.serverId} />}
        {!channel.isConversation && <HeldRolesStyles />}
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
      <NoMessages hasHistory={hasHistory} />
    </div>,
  )
  const messages = slotted(<div id="messages" role="log" aria-live="off" aria-label={label} data-live />)
  return `<!doctype html>${[html, body, main, log, messages].map(({ before }) => before).join("")}`
}
