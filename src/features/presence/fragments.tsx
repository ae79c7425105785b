import { PresenceDot, TypingLine } from "../../../views/presence.tsx"
import { encodeFrame } from "../../web/live/frames.ts"
import { ephemeralUpdate, type Update } from "../../web/live/update.ts"
import type { NamedUser, Status } from "./presence.ts"

/** Replaces the status dots of users, where the member list shows them. */
export function statusesUpdate(statuses: [userId: string, status: Status][]): Update {
  const dots = statuses.map(([userId, status]) => {
    const dot = String(<PresenceDot userId={userId} status={status} />)
    return `<hx-partial hx-target="#presence-${userId}" hx-swap="outerHTML">${dot}</hx-partial>`
  })
  return ephemeralUpdate(dots.join(""))
}

/**
 * The statuses of all members in the sidebar who are not offline, for a page that may have missed changes. As JSON, which
 * is shorter than markup: `static/sidebar.js` applies it.
 */
export function hereUpdate(statuses: [userId: string, status: Status][]): Update {
  return ephemeralUpdate(encodeFrame({ type: "here", statuses: Object.fromEntries(statuses) }))
}

/** Replaces the line that says who is typing. It names the viewer too; their own style sheet hides that. */
export function typingUpdate(typists: NamedUser[]): Update {
  const line = String(<TypingLine typists={typists} />)
  return ephemeralUpdate(`<hx-partial hx-target="#typing" hx-swap="innerHTML">${line}</hx-partial>`)
}
