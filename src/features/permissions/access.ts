import { and, eq, sql } from "drizzle-orm"
import { botTokens, sessions } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import type { ChannelFault, Params } from "../../kernel/index.ts"
import { ConnectionContext } from "./connection.ts"
import { findChannelPlace, isMember } from "./store.ts"
import { noSuchChannel, notMember, signedOut } from "./wording.ts"

const id = sql.placeholder("id")
const userId = sql.placeholder("userId")

const statements = prepare((db) => ({
  session: db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, id), eq(sessions.userId, userId)))
    .prepare(),
  botToken: db
    .select({ id: botTokens.id })
    .from(botTokens)
    .where(and(eq(botTokens.id, id), eq(botTokens.userId, userId)))
    .prepare(),
}))

/** Is the session or bot token that a connection was made with still valid? */
export function isSignedIn(db: Db, { userId, sessionId: id }: ConnectionContext): boolean {
  if (id === undefined) return true

  const { session, botToken } = statements(db)
  return session.get({ id, userId }) !== undefined || botToken.get({ id, userId }) !== undefined
}

/**
 * Why somebody who was let in may no longer be there; `null` when they may. For what comes from a process that may not
 * have heard of an eviction yet, or that believes its clients about where they are.
 */
export async function accessRevoked(db: Db, params: Params, context: unknown): Promise<ChannelFault | null> {
  const who = ConnectionContext.safeParse(context).data
  if (!who) return fault("This is no connection's context", 400)
  if (!isSignedIn(db, who)) return fault(signedOut, 401)

  const { channelId } = params
  const serverId = channelId === undefined ? params.serverId : serverOf(db, channelId, params.serverId)
  if (serverId === undefined) return fault(noSuchChannel, 404)

  return isMember(db, serverId, who.userId) ? null : fault(notMember, 403)
}

/** The server of a channel; `undefined` when there is no such channel, or not in the server that is named. */
function serverOf(db: Db, channelId: string, named: string | undefined): string | undefined {
  const channel = findChannelPlace(db, channelId)
  return channel && (named ?? channel.serverId) === channel.serverId ? channel.serverId : undefined
}

function fault(message: string, code: number): ChannelFault {
  return { fault: "client", message, code }
}
