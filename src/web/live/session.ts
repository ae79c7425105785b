import type { FeedReader } from "../../kernel/index.ts"
import { closeCodeOf } from "../reply.ts"
import { encodeFrame } from "./frames.ts"
import type { SocketGroup } from "./socket-group.ts"
import type { StreamFormat, StreamGroup } from "./stream-group.ts"
import type { Subscriptions } from "./subscriptions.ts"
import type { Update } from "./update.ts"

/** Why a live connection was refused or ended; `code` is an HTTP status. */
export interface Ending {
  code: number
  message: string
  retryAfterSeconds?: number
}

/** A user's live connection to what one page shows, whichever transport carries it. */
export interface LiveSession {
  /** The readers of the page's feed by WebSocket, as of `goLive`. */
  readonly sockets: SocketGroup
  /** The side topics of the user. */
  readonly subscriptions: Subscriptions
  /** The readers of the page's feed by HTTP stream in that format, as of `goLive`. */
  groupFor(format: StreamFormat): StreamGroup
  /** Brings a reader from `cursor` to now; its `goLive` adds it to its group. */
  join(reader: FeedReader<Update>, cursor: number): Promise<void>
  /**
   * How long ago the lists that the page shows changed; nothing where it shows none. Called while it is live, so that a change
   * is either in it or delivered.
   */
  listsChanged(): Update[]
  /** The current state of what is ephemeral: unread counts, presence, typing. */
  snapshot(): Promise<Update[]>
  /** Takes a frame from the page. Resolves to the frame to answer with, `null`, or why this is the end. Never rejects. */
  receive(frame: object): Promise<string | Ending | null>
  /** Ends it. Call it once, whichever side ended it. */
  close(): void
}

/** Called when the access of a session has ended. */
export interface EvictionListener {
  onEvict(ending: Ending): void
}

/** Opens a session, or says why there is none. */
export type Connect = (listener: EvictionListener) => Promise<LiveSession | Ending>

/** The frame that says why a connection is ended. */
export function encodeEnding(ending: Ending): string {
  return encodeFrame({ type: "ended", code: closeCodeOf(ending), message: ending.message })
}

export function isEnding(session: LiveSession | Ending): session is Ending {
  return "code" in session
}

/**
 * The cursor of a request: `after`, or what an EventSource sends when it reconnects. `undefined` when there is none,
 * `null` when it is not a number.
 */
export function cursorOf(
  { headers, url }: Request,
  params = new URL(url).searchParams,
): number | undefined | null {
  const cursor = headers.get("last-event-id") || params.get("after")
  if (!cursor) return undefined

  return /^\d{1,15}$/.test(cursor) ? Number(cursor) : null
}

/** The cursor of readers who bring none: they start at the end of the log. */
export const newest = Number.MAX_SAFE_INTEGER

/** It does not take what is sent to it. It comes back with its cursor. */
export const tooSlow: Ending = { code: 429, message: "Reading too slowly" }

/** It sends more frames than `FrameLimit` allows. */
export const tooManyFrames: Ending = { code: 429, message: "Too many frames" }

/** A frame that is not valid: the client is broken or hostile, and does not come back. */
export const badFrame: Ending = { code: 400, message: "Bad frame" }
