import { encodeFrame, type PageFrame } from "../../web/live/frames.ts"
import { ephemeralUpdate, type Update } from "../../web/live/update.ts"
import type { Activities, Unread } from "./contract.ts"

// Sent as data and not as HTML: unread counts depend on the viewer, so their page counts by itself.

/** What is new in a server, the same for everyone: `static/reading.js` counts what of it is unread to its viewer. */
export function newsUpdate(activities: Activities, serverId: string): Update {
  return data({ type: "news", serverId, ...activities })
}

/** Everything that a user has not read, whom they have blocked, and the version of the style sheet that hides those. */
export function unreadUpdate(unread: Unread[], blocked: string[], blocks: string | undefined): Update {
  return data({ type: "unread", unread, blocked, blocks })
}

function data(frame: PageFrame): Update {
  return ephemeralUpdate(encodeFrame(frame))
}
