import { resource } from "../permissions/resources.ts"
import type { Services } from "../services.ts"
import { listAppearances, listCorrespondents } from "./store.ts"

/**
 * Tells everyone who sees a user that their name or picture changed, after the commit. It is a message of the channel
 * `presence`, so it reaches open rooms at all nodes, and no log of a channel changes. `serverId`: only in that server.
 */
export async function announceFace(
  { db, server, presence }: Pick<Services, "db" | "server" | "presence">,
  userId: string,
  serverId?: string,
): Promise<void> {
  const all = await listAppearances(db, userId)
  const appearances = all.filter((one) => serverId === undefined || one.serverId === serverId)
  const status = presence.of(userId)
  for (const { channelId, serverId: _serverId, ...face } of appearances) {
    await server.postChannelMessage("presence", { channelId }, { userId, status, ...face })
  }
  const serverIds = new Set(appearances.map((one) => one.serverId))
  // Conversations have the names of those who are in them, and nicknames are of servers.
  const correspondents = serverId === undefined ? await listCorrespondents(db, userId) : []
  await server.updateResources([
    resource.profile(userId),
    ...correspondents.map((id) => resource.conversations(id)),
    ...[...serverIds].map((id) => resource.members(id)),
  ])
}
