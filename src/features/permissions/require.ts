import type { Db } from "../../db/open.ts"
import { type Procedure, Refusal } from "../../kernel/index.ts"
import { type Action, assertCan, can, denialOf, type PlaceAction } from "./can.ts"
import type { Identity, Standing } from "./standing.ts"
import {
  type ChannelAccess,
  findChannelAccess,
  findMessageAccess,
  findPairStanding,
  findServerAccess,
  type MessageAccess,
  type ServerAccess,
} from "./store.ts"
import {
  messageDeleted,
  noSuchChannel,
  noSuchMessage,
  noSuchServer,
  notForBots,
  notMember,
  signInFirst,
} from "./wording.ts"

// For procedures, pages, sockets and the API alike: each finds a thing together with what the viewer is to it, in one
// statement, and throws a `Refusal` unless they may do this with it.

interface Source {
  db: Db
}

/** The viewer, where somebody is signed in. Fails: 401. */
export function requireSignedIn<Viewer>(viewer: Viewer | null): Viewer {
  if (viewer === null) throw new Refusal(signInFirst, 401)

  return viewer
}

/** Refuses bots with 403, unless the contract opens the procedure to them: `meta: { bots: true }`. */
export function refuseBots(procedure: Procedure, viewer: Identity | null): void {
  if (viewer?.isBot && !procedure.meta?.bots) throw new Refusal(notForBots, 403)
}

/** A server. Fails: 404 (there is none, or it is a conversation), 403. */
export async function requireServer(
  source: Source,
  viewer: Identity,
  serverId: string,
  action: PlaceAction = "read",
): Promise<ServerAccess> {
  const access = findServerAccess(source.db, viewer, serverId)
  if (access?.standing.kind !== "server") throw new Refusal(noSuchServer, 404)

  assertCan(access.standing, action)
  return access
}

/**
 * A server, or the server that holds a conversation. Fails: 403. Outsiders are told the same of one that is there and one
 * that is not.
 */
export async function requireServerOrConversation(
  source: Source,
  viewer: Identity,
  serverId: string,
): Promise<ServerAccess> {
  const access = findServerAccess(source.db, viewer, serverId)
  if (!access) throw new Refusal(notMember, 403)

  assertCan(access.standing, "read")
  return access
}

/** A channel's id, and where a URL or a socket also names a server, its server's. */
export interface ChannelPath {
  channelId: string
  serverId?: string
}

/** A channel. Fails: 404 (there is none, or none in the server that `at` names), 403. */
export async function requireChannel(
  source: Source,
  viewer: Identity,
  at: string | ChannelPath,
  action: PlaceAction = "read",
): Promise<ChannelAccess> {
  const path = typeof at === "string" ? { channelId: at } : at
  return admitToChannel(findChannelAccess(source.db, viewer, path.channelId), path, action)
}

/** The same for a channel that was found already, by a cache for example. */
export function admitToChannel<Access extends { channel: { serverId: string }; standing: Standing }>(
  access: Access | undefined,
  { serverId }: { serverId?: string },
  action: PlaceAction = "read",
): Access {
  if (!access || (serverId ?? access.channel.serverId) !== access.channel.serverId) {
    throw new Refusal(noSuchChannel, 404)
  }

  assertCan(access.standing, action)
  return access
}

/**
 * A message. Fails: 404 (there is none), 403. Who may not read it gets the 404 of a message that is not there: its id
 * alone must tell them nothing.
 */
export async function requireMessage(
  source: Source,
  viewer: Identity,
  messageId: string,
  action: Action = "read",
): Promise<MessageAccess> {
  const access = findMessageAccess(source.db, viewer, messageId)
  if (!access || !can(access.standing, "read")) throw new Refusal(noSuchMessage, 404)

  assertCan(access.standing, action)
  return access
}

/** Returns when a message has not been deleted. Fails: 410. */
export function assertNotDeleted({ deletedAt }: { deletedAt: Date | null }): void {
  if (deletedAt) throw new Refusal(messageDeleted, 410)
}

/**
 * Why somebody who may read a channel may not write there; `null` when they may. In a conversation of two, whom `pair`
 * names, one may have blocked the other. For inside a commit: return it from there, and throw it afterwards.
 */
export function denialToSend(db: Db, userId: string, pair: string | null | undefined): Refusal | null {
  return pair ? denialOf(findPairStanding(db, userId, pair), "send") : null
}
