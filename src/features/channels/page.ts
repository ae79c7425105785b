import type { Viewer } from "../accounts/sessions.ts"
import { type Site, Unshown } from "../site.ts"
import { findChannelSeenBy, type SeenChannel } from "./store.ts"

/** A channel for a page of it. Throws `Unshown`: 404 (none such in that server), 403 (not a member). */
export async function requireRoom(
  { db }: Site,
  viewer: Viewer,
  { serverId, channelId }: { serverId: string; channelId: string },
): Promise<SeenChannel> {
  return admitted(await findChannelSeenBy(db, viewer.id, channelId), serverId)
}

/** The same for a channel that was looked up. */
export function admitted(channel: SeenChannel | undefined, serverId: string): SeenChannel {
  if (channel?.serverId !== serverId) throw new Unshown(404, "There is no such channel")
  if (!channel.isMember) {
    throw new Unshown(403, "You are not a member of this server. Ask someone in it for an invite")
  }

  return channel
}
