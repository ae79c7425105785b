import type { Db } from "../db/open.ts"
import type { ChannelFault, Params } from "../kernel/index.ts"
import { isBotToken } from "./bots/store.ts"
import { findChannelSeenBy } from "./channels/store.ts"
import { isMember } from "./members/store.ts"
import { ConnectionContext } from "./messages/contract.ts"
import { isSession } from "./sessions/store.ts"

/** Has what someone came in by not been ended? */
export function isSignedIn(db: Db, { sessionId }: Pick<ConnectionContext, "sessionId">): boolean {
  return sessionId === undefined || isSession(db, sessionId) || isBotToken(db, sessionId)
}

/**
 * Why someone who was let in may no longer be there, `null` when they may. For what comes from a process that may not
 * have heard of it yet, or that believes its clients about where they are.
 */
export async function lostRight(db: Db, params: Params, context: unknown): Promise<ChannelFault | null> {
  const person = ConnectionContext.safeParse(context).data
  if (!person) return refusal(400, "Nobody is connected like that")
  if (!isSignedIn(db, person)) return refusal(401, "You are signed out")

  const { channelId } = params
  const serverId = channelId === undefined ? params.serverId : await serverOf(db, channelId, params.serverId)
  if (serverId === undefined) return refusal(404, "Channel not found")

  return isMember(db, serverId, person.userId) ? null : refusal(403, "You are not a member of this server")
}

/** Where a channel is; `undefined` when it is not there, or not where it is said to be. */
async function serverOf(db: Db, channelId: string, said: string | undefined): Promise<string | undefined> {
  const channel = await findChannelSeenBy(db, "", channelId)
  return channel && (said ?? channel.serverId) === channel.serverId ? channel.serverId : undefined
}

function refusal(code: number, message: string): ChannelFault {
  return { fault: "client", message, code }
}
