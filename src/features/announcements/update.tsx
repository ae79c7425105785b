import { AnnouncementText } from "../../../views/announcements.tsx"
import { memoize } from "../../cache/memoize.ts"
import { ephemeralUpdate, type Update } from "../../web/live/update.ts"
import type { Announcement } from "../../web/look.ts"

const showing = (content: string) =>
  ephemeralUpdate(`<hx-partial hx-target="#announcement" hx-swap="innerMorph">${content}</hx-partial>`)
const nothing = showing("")
const showingText = memoize((announcement: Announcement) =>
  showing(String(<AnnouncementText announcement={announcement} />)),
)

/**
 * Shows an announcement on open pages, or removes the one before. Morphed: what is there already is not read aloud again. The
 * same object for the same announcement: a page that connects gets it once.
 */
export function announcementUpdate(announcement: Announcement | null): Update {
  return announcement ? showingText(announcement) : nothing
}
