import { encodeFrame, type PageFrame } from "../../web/live/frames.ts"
import type { Update } from "../../web/live/update.ts"
import type { News, Unread } from "./contract.ts"

/** What is told of the channel `activity`. */
export interface Told {
  isConversation: boolean
  news: News[]
}

// Told as data and not as HTML: what is unread depends on who looks, and is counted by their page.

/** What is new in a server, the same for everyone: `static/reading.js` makes of it what it means to its reader. */
export function newsUpdate(told: Told, serverId: string): Update {
  return data({ type: "news", serverId, ...told })
}

/** All that someone has not read, as it is now, whom they have blocked, and by which style sheet that shows. */
export function unreadUpdate(unread: Unread[], blocked: string[], blocks: string | undefined): Update {
  return data({ type: "unread", unread, blocked, blocks })
}

function data(frame: PageFrame): Update {
  return { seq: null, position: 0, fragment: encodeFrame(frame) }
}
