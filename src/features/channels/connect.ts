import type { ChannelRefuse } from "../../kernel/index.ts"
import type { ConnectionContext } from "../messages/contract.ts"
import type { Derived } from "../services.ts"

interface Arguments {
  params: { serverId?: string; channelId: string }
  derived: Derived
  reject: ChannelRefuse
}

/**
 * Lets members connect to a chat channel, level by level: signed in, the channel exists and belongs to that
 * server, a member of it. Who they are comes from the session, whatever name the request gives.
 */
export async function connectToChannel({ params, derived, reject }: Arguments): Promise<ConnectionContext> {
  const viewer = derived.requireAuth()
  const channel = derived.admissions.find(viewer.id, params.channelId)
  if (!channel || (params.serverId ?? channel.serverId) !== channel.serverId) {
    return reject("Channel not found", 404)
  }
  if (!channel.isMember) return reject("You are not a member of this server", 403)

  const { id: userId, username, sessionId, isBot } = viewer
  return { userId, username, sessionId, isBot, pair: channel.pair ?? undefined }
}
