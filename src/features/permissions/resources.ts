import type { Db } from "../../db/database.ts"
import { can, type PlaceAction } from "./can.ts"
import { mayKnow } from "./known.ts"
import type { Identity } from "./standing.ts"
import { findChannelAccess, findStanding } from "./store.ts"

declare const made: unique symbol

/** The name of data that queries read; clients can listen for its changes. Only `resource` creates it. */
export type Resource = string & { readonly [made]: true }

/** May a user be notified of changes of a resource? The same rule as for reading it. */
type MayHear = (db: Db, who: Identity, id: string) => boolean | Promise<boolean>

interface Kind {
  /** The start of its names, before a slash and an id. */
  prefix: string
  mayHear: MayHear
}

const inServer =
  (action: PlaceAction): MayHear =>
  async (db, who, id) =>
    can(await findStanding(db, who, id), action)

const inChannel =
  (action: PlaceAction): MayHear =>
  async (db, who, id) => {
    const access = await findChannelAccess(db, who, id)
    return access !== undefined && can(access.standing, action)
  }

const own: MayHear = (_db, who, id) => who.id === id

/** Every kind of resource, with its rule. */
const kinds = {
  server: { prefix: "server", mayHear: inServer("read") },
  channels: { prefix: "channels/server", mayHear: inServer("read") },
  members: { prefix: "members/server", mayHear: inServer("read") },
  invites: { prefix: "invites/server", mayHear: inServer("invite") },
  bans: { prefix: "bans/server", mayHear: inServer("banMembers") },
  automod: { prefix: "automod/server", mayHear: inServer("manageServer") },
  reports: { prefix: "reports/server", mayHear: inServer("manageMessages") },
  auditLog: { prefix: "auditLog/server", mayHear: inServer("viewAuditLog") },
  roles: { prefix: "roles/server", mayHear: inServer("read") },

  channel: { prefix: "channel", mayHear: inChannel("read") },
  messages: { prefix: "messages/channel", mayHear: inChannel("read") },
  pins: { prefix: "pins/channel", mayHear: inChannel("read") },
  threads: { prefix: "threads/channel", mayHear: inChannel("read") },
  webhooks: { prefix: "webhooks/channel", mayHear: inChannel("manageWebhooks") },

  profile: { prefix: "profile/user", mayHear: (db, who, id) => mayKnow(db, who.id, id) },
  servers: { prefix: "servers/user", mayHear: own },
  conversations: { prefix: "conversations/user", mayHear: own },
  reading: { prefix: "reading/user", mayHear: own },
  notifications: { prefix: "notifications/user", mayHear: own },
  blocks: { prefix: "blocks/user", mayHear: own },
  ownReports: { prefix: "reports/user", mayHear: own },
  saved: { prefix: "saved/user", mayHear: own },
  reminders: { prefix: "reminders/user", mayHear: own },
  scheduled: { prefix: "scheduled/user", mayHear: own },
  feeds: { prefix: "feeds/user", mayHear: own },
  inbox: { prefix: "inbox/user", mayHear: own },
  followedThreads: { prefix: "followedThreads/user", mayHear: own },
  settings: { prefix: "settings/user", mayHear: own },
  account: { prefix: "account/user", mayHear: own },
  sessions: { prefix: "sessions/user", mayHear: own },
  bots: { prefix: "bots/user", mayHear: own },

  // Knowing its code is enough to read an invite.
  invite: { prefix: "invite", mayHear: () => true },
  // No query returns a single file.
  file: { prefix: "file", mayHear: () => false },
} satisfies Record<string, Kind>

type KindName = keyof typeof kinds

/**
 * Names resources: `resource.pins(channelId)`. The id is `undefined` only by type: procedures that name resources by the
 * viewer's id refuse callers who are not signed in.
 */
export const resource = Object.fromEntries(
  Object.entries(kinds).map(([name, { prefix }]) => [name, (id: string | undefined) => `${prefix}/${id}`]),
) as Record<KindName, (id: string | undefined) => Resource>

/** The resource of a user's read position in one channel. */
export function readingIn(userId: string | undefined, channelId: string): Resource {
  return `${resource.reading(userId)}/channel/${channelId}` as Resource
}

/** The kind of a user's own resource, and the user's id; `undefined` for others. */
export function ownResourceOf(name: string): { kind: string; userId: string } | undefined {
  const [, kind, userId] = name.match(/^(\w+)\/user\/([\w-]+)$/) ?? []
  return kind && userId ? { kind, userId } : undefined
}

const kindOf = new Map<string, Kind>(Object.values(kinds).map((kind) => [kind.prefix, kind]))

/** May a user be notified of changes of the resource with this name? `false` for unknown names. */
export async function mayHear(db: Db, who: Identity, name: string): Promise<boolean> {
  const [, prefix = "", id = ""] =
    name.match(/^(\w+(?:\/(?:user|server|channel))?)\/([\w-]+)(?:\/channel\/[\w-]+)?$/) ?? []
  return (await kindOf.get(prefix)?.mayHear(db, who, id)) ?? false
}
