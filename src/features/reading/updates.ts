import { encodeFrame, type LevelsByPlace, type PageFrame, type ToldMessage } from "../../web/live/frames.ts"
import { ephemeralUpdate, type Update } from "../../web/live/update.ts"
import { versionOf } from "../blocks/styles.ts"
import { heldRolesVersion } from "../permissions/held-roles.ts"
import type { Activities, Unread } from "./contract.ts"

// Sent as data and not as HTML: unread counts depend on the viewer, so their page counts by itself.

/** What is new in a server, the same for everyone: `static/reading.js` counts the unread ones of its viewer. */
export function newsUpdate(activities: Activities, serverId: string): Update {
  return data({ type: "news", serverId, ...activities })
}

interface Unreads {
  unread: Unread[]
  /** The ids of those whom the user has blocked. */
  blocked: string[]
  /** The ids of the user's roles, in order. */
  roles: string[]
  /** How many items are unread in the user's inbox. */
  inbox: number
  /** The messages of the last minute that notify the user. */
  told: ToldMessage[]
  levels: LevelsByPlace
  quiet: [from: number, until: number] | undefined
}

/** Everything that a user has not read, and what the user's pages count and look by, with versions of style sheets. */
export function unreadUpdate({ unread, blocked, roles, ...more }: Unreads): Update {
  const [blocks, rolesVersion] = [versionOf(blocked), heldRolesVersion(roles)]
  return data({ type: "unread", unread, blocked, blocks, roles, rolesVersion, ...more })
}

/** The reports of a server have changed: pages of its moderators count them again. */
export function reportsUpdate(serverId: string): Update {
  return data({ type: "reports", serverId })
}

/** Someone's conversations have changed: pages that list them load them again. */
export function conversationsUpdate(): Update {
  return data({ type: "lists", shownIn: "#channels.conversations" })
}

/** Someone's servers have changed, or their order: pages that list them load them again. */
export function serversUpdate(): Update {
  return data({ type: "lists", shownIn: "#servers" })
}

function data(frame: PageFrame): Update {
  return ephemeralUpdate(encodeFrame(frame))
}
