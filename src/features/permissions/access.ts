import { and, eq, sql } from "drizzle-orm"
import { botTokens, sessions, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import type { ChannelFault, Params } from "../../kernel/index.ts"
import { can } from "./can.ts"
import { ConnectionContext } from "./connection.ts"
import { findChannelPlace, isMember } from "./store.ts"
import { botMayAct } from "./suspension.ts"
import { findViewing } from "./viewing.ts"
import { noSuchChannel, notMember, notVisible, signedOut } from "./wording.ts"

const id = sql.placeholder("id")
const userId = sql.placeholder("userId")

const mayAct = botMayAct(users.id, users.botOwnerId, sql.placeholder("now"))

const statements = prepare((db) => ({
  session: db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, id), eq(sessions.userId, userId)))
    .prepare(),
  botToken: db
    .select({ id: botTokens.id })
    .from(botTokens)
    .innerJoin(users, eq(users.id, botTokens.userId))
    .where(and(eq(botTokens.id, id), eq(botTokens.userId, userId), mayAct))
    .prepare(),
}))

/** Is the session or bot token that a connection was made with still valid? */
export async function isSignedIn(db: Db, { userId, sessionId: id }: ConnectionContext): Promise<boolean> {
  if (id === undefined) return true

  const { session, botToken } = statements(db)
  return (
    (await session.get({ id, userId })) !== undefined ||
    (await botToken.get({ id, userId, now: Date.now() })) !== undefined
  )
}

/**
 * Why a connection has lost its access; `null` when it still has it. Checks messages from a standalone sidekick, which
 * may not have received an eviction yet, or which trusts its clients about the topic they are in.
 */
export async function accessRevoked(db: Db, params: Params, context: unknown): Promise<ChannelFault | null> {
  const connection = ConnectionContext.safeParse(context).data
  if (!connection) return fault("The context of the connection is not valid", 400)
  if (!(await isSignedIn(db, connection))) return fault(signedOut, 401)

  const { channelId } = params
  const serverId = channelId === undefined ? params.serverId : await serverOf(db, channelId, params.serverId)
  if (serverId === undefined) return fault(noSuchChannel, 404)
  if (!(await isMember(db, serverId, connection.userId))) return fault(notMember, 403)
  if (channelId === undefined) return null

  const standing = await findViewing(db, { id: connection.userId }, channelId)
  if (!can(standing, "read")) return fault(notVisible, 403)
  // They have lost the history, and are given the rest when they connect again.
  return connection.isLiveOnly || can(standing, "readHistory") ? null : fault("Connect again", 503)
}

/** The server of a channel; `undefined` when there is no such channel, or it is not in the expected server. */
async function serverOf(
  db: Db,
  channelId: string,
  expectedId: string | undefined,
): Promise<string | undefined> {
  const channel = await findChannelPlace(db, channelId)
  return channel && (expectedId ?? channel.serverId) === channel.serverId ? channel.serverId : undefined
}

function fault(message: string, code: number): ChannelFault {
  return { fault: "client", message, code }
}
