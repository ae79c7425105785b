import { shownName } from "../../../views/people.ts"
import { PresenceDot, TypingLine } from "../../../views/presence.tsx"
import { faceHtml } from "../../../views/ui.tsx"
import { encodeFrame } from "../../web/live/frames.ts"
import { ephemeralUpdate, type Update } from "../../web/live/update.ts"
import type { Status, Typist } from "./presence.ts"

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

/** Shows a user's name and picture where a page has others. As JSON: `static/people.js` finds the places. */
export function faceUpdate(person: Typist & { avatarUrl?: string | null }): Update {
  const { userId, username, avatarUrl } = person
  const name = shownName(person)
  const face = faceHtml({ name, picture: avatarUrl })
  return ephemeralUpdate(encodeFrame({ type: "person", userId, username, name, face }))
}

/** Replaces the line that says who is typing. It names the viewer too; their own style sheet hides that. */
export function typingUpdate(typists: Typist[]): Update {
  const line = String(<TypingLine typists={typists} />)
  return ephemeralUpdate(`<hx-partial hx-target="#typing" hx-swap="innerHTML">${line}</hx-partial>`)
}
