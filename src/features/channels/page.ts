import { Refusal } from "../../kernel/index.ts"
import type { Viewer } from "../accounts/sessions.ts"
import type { Services } from "../services.ts"
import { findChannelSeenBy, type SeenChannel } from "./store.ts"

/** A channel for a page of it. Fails: 404 (none such in that server), 403 (not a member). */
export async function requireRoom(
  { db }: Services,
  viewer: Viewer,
  { serverId, channelId }: { serverId: string; channelId: string },
): Promise<SeenChannel> {
  return admitted(await findChannelSeenBy(db, viewer.id, channelId), serverId)
}

/** The same for a channel that was looked up. */
export function admitted(channel: SeenChannel | undefined, serverId: string): SeenChannel {
  if (channel?.serverId !== serverId) throw new Refusal("There is no such channel", 404)
  if (!channel.isMember) {
    throw new Refusal("You are not a member of this server. Ask someone in it for an invite", 403)
  }

  return channel
}
