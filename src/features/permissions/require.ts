import type { Db } from "../../db/database.ts"
import { type Procedure, Refusal } from "../../kernel/index.ts"
import { type Action, assertCan, can, type PlaceAction } from "./can.ts"
import type { Identity, Standing } from "./standing.ts"
import {
  type ChannelAccess,
  findChannelAccess,
  findMessageAccess,
  findServerAccess,
  type MessageAccess,
  type ServerAccess,
} from "./store.ts"
import {
  messageDeleted,
  noServerHere,
  noSuchChannel,
  noSuchMessage,
  noSuchServer,
  notForBots,
  notMember,
  signInFirst,
  waitsForApproval,
} from "./wording.ts"

// Used by procedures, pages, sockets and the API: each function finds an object with the viewer's standing in one
// statement, and throws a `Refusal` unless the viewer may do the action.

/** The field of the issue by which pages know that the account waits for an approval. */
export const approvalPath = "approval"

interface Source {
  db: Db
}

/** Returns the viewer. Fails: 401 (signed out), 403 (the account waits for approval). */
export function requireSignedIn<Viewer extends { isWaiting?: true }>(viewer: Viewer | null): Viewer {
  if (viewer === null) throw new Refusal(signInFirst, 401)
  if (viewer.isWaiting)
    throw new Refusal(waitsForApproval, 403, { issues: [{ path: approvalPath, message: waitsForApproval }] })

  return viewer
}

/** Refuses bots with 403, unless the contract allows them the procedure: `meta: { bots: true }`. */
export function refuseBots(procedure: Procedure, viewer: Identity | null): void {
  if (viewer?.isBot && !procedure.meta?.bots) throw new Refusal(notForBots, 403)
}

/** Finds a server. Fails: 404 (no such server, or a conversation), 403. */
export async function requireServer(
  source: Source,
  viewer: Identity,
  serverId: string,
  action: PlaceAction = "read",
): Promise<ServerAccess> {
  const access = await findServerAccess(source.db, viewer, serverId)
  if (access?.standing.kind !== "server") throw new Refusal(noSuchServer, 404)

  assertCan(access.standing, action)
  return access
}

/**
 * Finds a server, or the server that stores a conversation. Fails: 403, also when there is none, so that outsiders
 * cannot test which servers exist.
 */
export async function requireServerOrConversation(
  source: Source,
  viewer: Identity,
  serverId: string,
): Promise<ServerAccess> {
  const access = await findServerAccess(source.db, viewer, serverId)
  if (!access) throw new Refusal(notMember, 403)

  assertCan(access.standing, "read")
  return access
}

/** A channel's id; in URLs and topics also its server's id, which must match. */
export interface ChannelPath {
  channelId: string
  serverId?: string
}

/** Finds a channel. Fails: 404 (no such channel, or not in the server of `at`), 403. */
export async function requireChannel(
  source: Source,
  viewer: Identity,
  at: string | ChannelPath,
  action: PlaceAction = "read",
): Promise<ChannelAccess> {
  const path = typeof at === "string" ? { channelId: at } : at
  const access = await findChannelAccess(source.db, viewer, path.channelId)
  if (!access) throw await missingChannel(source, viewer, path)

  return admitToChannel(access, path, action)
}

/** The 404 of a channel that was not found. It says whether its server is there: people are told what was deleted. */
export async function missingChannel(
  source: Source,
  viewer: Identity,
  { serverId }: ChannelPath,
): Promise<Refusal> {
  const server = serverId === undefined ? undefined : await findServerAccess(source.db, viewer, serverId)
  const isServerGone = serverId !== undefined && server?.standing.kind !== "server"
  return new Refusal(isServerGone ? noServerHere : noSuchChannel, 404)
}

/** Like `requireChannel`, for a channel that was already found, for example by a cache. */
export function admitToChannel<Access extends { channel: { serverId: string }; standing: Standing }>(
  access: Access,
  { serverId }: { serverId?: string },
  action: PlaceAction = "read",
): Access {
  if (serverId !== undefined && serverId !== access.channel.serverId) throw new Refusal(noSuchChannel, 404)

  assertCan(access.standing, action)
  return access
}

/**
 * Finds a message. Fails: 404 (no such message), 403. Viewers who may not read it get the same 404, so that they cannot
 * test which ids exist.
 */
export async function requireMessage(
  source: Source,
  viewer: Identity,
  messageId: string,
  action: Action = "read",
): Promise<MessageAccess> {
  const access = await findMessageAccess(source.db, viewer, messageId)
  if (!access || !can(access.standing, "read")) throw new Refusal(noSuchMessage, 404)

  assertCan(access.standing, action)
  return access
}

/** Throws for a deleted message. Fails: 410. */
export function assertNotDeleted({ deletedAt }: { deletedAt: Date | null }): void {
  if (deletedAt) throw new Refusal(messageDeleted, 410)
}
