import type { Db } from "../../db/open.ts"
import { can, type PlaceAction } from "./can.ts"
import type { Identity } from "./standing.ts"
import { findChannelAccess, findStanding } from "./store.ts"

declare const made: unique symbol

/** The name of something that answers depend on, and whose changes clients can listen to. Made by `resource` alone. */
export type Resource = string & { readonly [made]: true }

/** May somebody hear that this thing changed? By the same rule as reading it. */
type MayHear = (db: Db, who: Identity, id: string) => boolean

interface Kind {
  /** Its names are this, a slash and an id. */
  prefix: string
  mayHear: MayHear
}

const inServer =
  (action: PlaceAction): MayHear =>
  (db, who, id) =>
    can(findStanding(db, who, id), action)

const inChannel =
  (action: PlaceAction): MayHear =>
  (db, who, id) => {
    const access = findChannelAccess(db, who, id)
    return access !== undefined && can(access.standing, action)
  }

const own: MayHear = (_db, who, id) => who.id === id

/** Every kind of resource. What has no rule here has no name. */
const kinds = {
  server: { prefix: "server", mayHear: inServer("read") },
  channels: { prefix: "channels/server", mayHear: inServer("read") },
  members: { prefix: "members/server", mayHear: inServer("read") },
  invites: { prefix: "invites/server", mayHear: inServer("invite") },
  bans: { prefix: "bans/server", mayHear: inServer("banMembers") },

  channel: { prefix: "channel", mayHear: inChannel("read") },
  messages: { prefix: "messages/channel", mayHear: inChannel("read") },
  pins: { prefix: "pins/channel", mayHear: inChannel("read") },
  threads: { prefix: "threads/channel", mayHear: inChannel("read") },
  webhooks: { prefix: "webhooks/channel", mayHear: inChannel("manageWebhooks") },

  servers: { prefix: "servers/user", mayHear: own },
  conversations: { prefix: "conversations/user", mayHear: own },
  reading: { prefix: "reading/user", mayHear: own },
  blocks: { prefix: "blocks/user", mayHear: own },
  saved: { prefix: "saved/user", mayHear: own },
  settings: { prefix: "settings/user", mayHear: own },
  sessions: { prefix: "sessions/user", mayHear: own },
  bots: { prefix: "bots/user", mayHear: own },

  // An invite is for whoever knows its code.
  invite: { prefix: "invite", mayHear: () => true },
  // No query answers with a file alone.
  file: { prefix: "file", mayHear: () => false },
} satisfies Record<string, Kind>

type KindName = keyof typeof kinds

/**
 * Names resources: `resource.pins(channelId)`. The id is `undefined` only by type: what is named by the viewer's id comes
 * from procedures that refuse everyone who is not signed in.
 */
export const resource = Object.fromEntries(
  Object.entries(kinds).map(([name, { prefix }]) => [name, (id: string | undefined) => `${prefix}/${id}`]),
) as Record<KindName, (id: string | undefined) => Resource>

/** How far a user has read in one channel. */
export function readingIn(userId: string | undefined, channelId: string): Resource {
  return `${resource.reading(userId)}/channel/${channelId}` as Resource
}

const kindOf = new Map<string, Kind>(Object.values(kinds).map((kind) => [kind.prefix, kind]))

/** May somebody hear of the changes of what is called so? Names of no kind are refused to everyone. */
export function mayHear(db: Db, who: Identity, name: string): boolean {
  const [, prefix = "", id = ""] =
    name.match(/^(\w+(?:\/(?:user|server|channel))?)\/([\w-]+)(?:\/channel\/[\w-]+)?$/) ?? []
  return kindOf.get(prefix)?.mayHear(db, who, id) ?? false
}
