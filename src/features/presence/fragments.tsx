import { PresenceDot } from "../../../views/members.tsx"
import { TypingLine } from "../../../views/rooms.tsx"
import { encodeFrame } from "../../web/live/frames.ts"
import type { Update } from "../../web/live/update.ts"
import type { Person, Status } from "./presence.ts"

/** Replaces people's dots in the members list, where the list shows them. */
export function statusesUpdate(statuses: [userId: string, status: Status][]): Update {
  const dots = statuses.map(([userId, status]) => {
    const dot = String(<PresenceDot userId={userId} status={status} />)
    return `<hx-partial hx-target="#presence-${userId}" hx-swap="outerHTML">${dot}</hx-partial>`
  })
  return unkept(dots.join(""))
}

/**
 * Who of the members beside a room is here, all others being away: for a page that may have missed how that came about.
 * As data: `static/around.js` has fewer words for it than markup.
 */
export function hereUpdate(statuses: [userId: string, status: Status][]): Update {
  return unkept(encodeFrame({ type: "here", statuses: Object.fromEntries(statuses) }))
}

/** Replaces the line that says who is writing. It names the reader too; their own style sheet hides that. */
export function typingUpdate(typists: Person[]): Update {
  const line = String(<TypingLine typists={typists} />)
  return unkept(`<hx-partial hx-target="#typing" hx-swap="innerHTML">${line}</hx-partial>`)
}

/** The stream's page has neither: what it shows cannot be taken back. */
function unkept(fragment: string): Update {
  return { seq: null, position: 0, fragment }
}
