import type { Update } from "../../web/live/update.ts"
import type { News, Unread } from "./contract.ts"

// Told as data and not as HTML: what is unread depends on who looks, and is counted by their page.

/** What is new in a server, the same for everyone: `static/reading.js` makes of it what it means to its reader. */
export function newsUpdate(news: News[], serverId: string): Update {
  return data({ type: "news", serverId, news })
}

/** All that someone has not read, as it is now. */
export function unreadUpdate(unread: Unread[]): Update {
  return data({ type: "unread", unread })
}

function data(content: object): Update {
  return { seq: null, position: 0, fragment: JSON.stringify(content), stream: "" }
}
