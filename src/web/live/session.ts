import type { Feed } from "./feed.ts"
import type { SocketGroup, StreamGroup, StreamGroups } from "./groups.ts"
import type { Sides } from "./sides.ts"
import type { Update } from "./update.ts"

/** Why a live connection was refused or ended; `code` is an HTTP status. */
export interface Ending {
  code: number
  message: string
  retryAfterSeconds?: number
}

/** One person's live connection to one page's worth of things, whichever transport carries it. */
export interface LiveSession {
  readonly feed: Feed
  readonly sockets: SocketGroup
  readonly events: StreamGroup
  /** Pages without script, by what fits their readers. */
  readonly pages: StreamGroups
  readonly lines: StreamGroup
  readonly texts: StreamGroup
  /** What its reader hears besides, wherever they look. */
  readonly sides: Sides
  /** What is not kept in the log and yet the page should know when it joins. */
  signs(): Promise<Update[]>
  /** Takes what the page sent up; answers with what to send back, `null`, or why this is the end. Rejects never. */
  receive(frame: object): Promise<string | Ending | null>
  /** Ends it. Call it once, whoever ended it. */
  close(): void
}

/** Who holds a session, and is told when the right to it has ended. */
export interface Holder {
  onEvict(ending: Ending): void
}

/** Opens a session for whoever may have one. */
export type OpenSession = (holder: Holder) => Promise<LiveSession | Ending>

export function isEnding(opened: LiveSession | Ending): opened is Ending {
  return "code" in opened
}

/**
 * The cursor a request brings: `after`, or what an EventSource says it has. `undefined` when it brings none,
 * `null` when it is no number.
 */
export function cursorOf(request: Request): number | undefined | null {
  const asked = request.headers.get("last-event-id") || new URL(request.url).searchParams.get("after")
  if (!asked) return undefined

  return /^\d{1,15}$/.test(asked) ? Number(asked) : null
}

/** Where someone starts who brings no cursor: at whatever is newest. */
export const newest = Number.MAX_SAFE_INTEGER

/** It does not take what is sent to it. It comes back with its cursor. */
export const tooSlow: Ending = { code: 429, message: "Reading too slowly" }

/** It sends frames without end. */
export const tooManyFrames: Ending = { code: 429, message: "Too many frames" }

/** A frame that is no frame: the client is broken or hostile, and does not come back. */
export const badFrame: Ending = { code: 400, message: "Bad frame" }
