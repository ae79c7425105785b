import { AnnouncementText } from "../../../views/announcements.tsx"
import { ephemeralUpdate, type Update } from "../../web/live/update.ts"
import type { Announcement } from "../../web/look.ts"

/** Shows an announcement on open pages, or removes the one before. Morphed: what is there already is not read aloud again. */
export function announcementUpdate(announcement: Announcement | null): Update {
  const content = announcement ? String(<AnnouncementText announcement={announcement} />) : ""
  return ephemeralUpdate(`<hx-partial hx-target="#announcement" hx-swap="innerMorph">${content}</hx-partial>`)
}
