import { type Slotted, slotted } from "./slotted.ts"
import { DialogLink } from "./ui.tsx"

interface LogProps {
  older?: string
  newer?: string
  /** The last change the page shows: live goes on after it. */
  seq: number
  /** Does it show the end of the log, where new messages appear? */
  live: boolean
  /** How many messages its reader had read when they came, where that was not all. */
  read?: number
  /** May the viewer read what was said before they came? */
  hasHistory?: boolean
  /** The URL of the invites of an empty channel's server. */
  invites?: string
}

/** The log around the messages of one page of it, with links to the next pages. */
export function slottedLog({ older, newer, seq, live, read, hasHistory, invites }: LogProps): Slotted {
  const log = slotted(
    <section id="log" class="log" tabindex="0" aria-label="Message history">
      {older !== undefined && <OlderLink href={older} />}
      <span id="messages-in" hidden>
        Messages in
      </span>
    </section>,
  )
  const messages = slotted(
    <div
      id="messages"
      role="log"
      aria-live="off"
      aria-labelledby="messages-in room-name"
      data-seq={String(seq)}
      data-live={live ? "" : undefined}
      data-read={read === undefined ? undefined : String(read)}
      hx-ignore
    />,
  )
  const rest = (
    <>
      <NoMessages hasHistory={hasHistory} invites={invites} />
      {newer !== undefined && <NewerLink href={newer} />}
    </>
  )
  return { before: log.before + messages.before, after: `${messages.after}${rest}${log.after}` }
}

/** In place of messages. */
export function NoMessages({ hasHistory = true, invites }: Pick<LogProps, "hasHistory" | "invites">) {
  return hasHistory ? (
    <p class="empty">
      No messages yet. Say hello
      {invites === undefined ? (
        "."
      ) : (
        <>
          , or <DialogLink href={invites}>send an invite</DialogLink>.
        </>
      )}
    </p>
  ) : (
    <p class="empty">
      You do not have permission to read the history of this channel. New messages appear here.
    </p>
  )
}

interface PageLinkProps {
  href: string
  /** Without an id: the script that clones it sets one. */
  isTemplate?: boolean
}

/** To the page before. */
export function OlderLink({ href, isTemplate }: PageLinkProps) {
  return (
    <PagerLink id={isTemplate ? undefined : "older"} href={href}>
      Older messages
    </PagerLink>
  )
}

/** To the page after. */
export function NewerLink({ href, isTemplate }: PageLinkProps) {
  return (
    <PagerLink id={isTemplate ? undefined : "newer"} href={href}>
      Newer messages
    </PagerLink>
  )
}

/** To where a reader was before they missed more than can be replayed. */
export function MissedLink({ href, count }: { href: string; count: number }) {
  return (
    <a id="missed" class="pager missed" href={href}>
      You missed {count} messages. Continue where you left off
    </a>
  )
}

/** A plain link that loads by itself when it is scrolled to. */
function PagerLink({ id, href, children }: { id?: string; href: string; children: string }) {
  return (
    <a id={id} class="pager" href={href} hx-get={href} hx-trigger="intersect, click" hx-swap="outerHTML">
      {children as "safe"}
    </a>
  )
}
