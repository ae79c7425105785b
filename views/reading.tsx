import type { Clock } from "../src/web/clock.ts"
import { Time } from "./times.tsx"

/** What is unread somewhere: messages, and those of them that are meant for the viewer. */
export interface Count {
  unread?: number
  mentions?: number
}

/** More than this is not told apart. */
const maxShown = 99

/**
 * How much is unread behind a link. It is there also when nothing is: `static/unread-marks.js` keeps it, in the same words,
 * so a page that is open shows what a fresh one would.
 */
export function Tally({ unread = 0, mentions = 0 }: Count) {
  return (
    <span class={mentions > 0 ? "tally mentions" : "tally"} hidden={unread === 0}>
      <span aria-hidden="true" safe>
        {short(mentions || unread)}
      </span>
      <span class="visually-hidden" safe>
        {phrase({ unread, mentions })}
      </span>
    </span>
  )
}

/** What stands before a title where something is unread elsewhere: how much is meant for the viewer, or a dot. */
export function titleMark(counts: Count[]): string {
  const sum = (name: keyof Count) => counts.reduce((total, count) => total + (count[name] ?? 0), 0)
  const mentions = sum("mentions")
  return mentions > 0 ? `(${short(mentions)}) ` : sum("unread") > 0 ? "• " : ""
}

/** Between what its reader had read when they came and what they had not. It stays as they read on. */
export function NewDivider() {
  return (
    <p class="new-divider">
      New<span class="visually-hidden"> messages</span>
    </p>
  )
}

/** The first message someone has not read, for the way there. */
export interface FirstUnread {
  id: string
  createdAt: Date
}

interface BarProps {
  /** Of the room. */
  address: string
  count: number
  /** How many messages its reader had read when they came. */
  read: number
  first: FirstUnread
  /** Is it on this page of the log? */
  isHere: boolean
  clock: Clock
}

/** Above the log: how much is unread in it, and the ways to deal with that. */
export function NewBar({ address, count, read, first, isHere, clock }: BarProps) {
  // Not "what is unread": by the time it is followed it has been read at the end of the log.
  const place = isHere ? "" : `${address}?around=${first.id}&amp;read=${read}`
  return (
    <div id="new-bar" class="new-bar" data-here={isHere ? "" : undefined}>
      <a id="first-unread" href={`${place}#message-${first.id}`}>
        <b safe>{`${short(count)} new ${count === 1 ? "message" : "messages"}`}</b>{" "}
        <span>
          since <Time at={first.createdAt} clock={clock} />
        </span>
        <span class="go">Jump to first unread</span>
      </a>
      <form method="post" action={`${address}/read`} hx-post={`${address}/read`} hx-swap="none">
        <button type="submit" class="quiet">
          Mark as read
        </button>
      </form>
    </div>
  )
}

function short(count: number): string {
  return count > maxShown ? `${maxShown}+` : String(count)
}

function phrase({ unread = 0, mentions = 0 }: Count): string {
  if (unread === 0) return ""

  return `(${short(unread)} unread${mentions > 0 ? `, ${short(mentions)} for you` : ""})`
}
