import { type ChannelName, placeToWrite } from "./channels.tsx"
import { ComposerForm, PendingTemplate } from "./composer.tsx"
import { ComposerState, type ComposerStateProps } from "./composer-state.tsx"
import { TrayTemplate } from "./files.tsx"
import { NewerLink, OlderLink } from "./log.tsx"
import { ToolsTemplate } from "./messages.tsx"
import { type FirstUnread, NewBar, NewDivider } from "./reading.tsx"
import type { Quoted } from "./replies.tsx"
import { RoomHeader } from "./room-header.tsx"
import { channelUrl, type RoomSidebar, slottedRoomShell } from "./room-shell.tsx"
import { type Slotted, slotted } from "./slotted.ts"

import { CancelButton, FormPanel } from "./ui.tsx"

/** What is unread in the room. */
export interface UnreadMark {
  count: number
  read: number
  first: FirstUnread
  isHere: boolean
}

interface RoomProps extends RoomSidebar {
  /** How far the viewer has read. */
  readPosition: number
  unread?: UnreadMark
  /** It shows a place in history, also where that is the end: without JavaScript it is read here. */
  stays?: boolean
  live: boolean
  transport: "ws" | "sse"
  draft?: string
  error?: string
  quoted?: Quoted
  files?: { id: string; name: string }[]
  formId?: string
  maxFileBytes: number
  composerState: ComposerStateProps
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
  const address = channelUrl(channel)
  return (
    <main
      id="room"
      data-viewer={viewer.id}
      data-server={channel.serverId}
      data-channel={channel.id}
      data-read={String(readPosition)}
      data-transport={transport}
      hx-ws:connect={`${address}/live`}
      hx-trigger="live:ws"
      hx-swap="none"
    >
      <RoomHeader {...sidebar} />
      <div id="events" hx-sse:connect={`${address}/events`} hx-trigger="live:sse" hx-swap="none" />
      <div id="around" hx-sync="queue last" hidden />
      <div id="connection" role="status" />
      <div class="over-log">
        {unread !== undefined && <NewBar address={address} clock={viewer.clock} {...unread} />}
      </div>
    </main>
  )
}

/** What follows the log in the room: the composer, and templates for scripts. */
function BelowLog({ viewer, channel, live, composerState, ...composer }: RoomProps) {
  const { formId, draft, error, quoted, files, maxFileBytes } = composer
  const address = channelUrl(channel)
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
      <ComposerState {...composerState} />
      <ComposerForm
        address={address}
        formId={formId}
        place={placeToWrite(channel, composer.parent !== undefined)}
        draft={draft}
        error={error}
        isClosed={composerState.closed !== undefined}
        quoted={quoted}
        files={files}
        maxFileBytes={maxFileBytes}
      />
      <PendingTemplate viewer={viewer} />
      <template id="new-divider">
        <NewDivider />
      </template>
      <TrayTemplate />
      <ToolsTemplate />
      <template id="older-link">
        <OlderLink href={address} isTemplate />
      </template>
      <template id="newer-link">
        <NewerLink href={address} isTemplate />
      </template>
    </>
  )
}

/**
 * Makes a page request the sidebar of its room again: one request at a time, since the answer of an earlier one, which shows
 * an older state, may come later.
 */
export function SidebarRefresh({ channel }: { channel: Pick<ChannelName, "id" | "serverId"> }) {
  const address = `/servers/${channel.serverId}/channels/${channel.id}/around`
  return (
    <div
      hx-get={address}
      hx-trigger="load"
      hx-sync="#around:queue last"
      hx-target="#around"
      hx-swap="innerHTML"
    />
  )
}

/** Finds the messages of a day. */
export function JumpPanel({ address, today }: { address: string; today: string }) {
  return (
    <FormPanel title="Jump to date">
      <form method="get" action={address}>
        <p class="field">
          <label for="at">Date</label>
          <input id="at" name="at" type="date" value={today} required autofocus />
        </p>
        <p class="actions">
          <button type="submit" class="primary">
            Jump
          </button>
          <CancelButton />
        </p>
      </form>
    </FormPanel>
  )
}
