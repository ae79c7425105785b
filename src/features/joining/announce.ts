import type { ChangeSet } from "../change-set.ts"
import { appendSystemMessage, type SystemMessage } from "../messages/system.ts"
import { findSystemPlace } from "./store.ts"

/** Sends to the system channel of a server, if it has one. */
export async function announceInSystemChannel(
  changes: ChangeSet,
  serverId: string,
  message: Pick<SystemMessage, "content" | "mentions" | "causedBy">,
): Promise<void> {
  const place = await findSystemPlace(changes.tx, serverId)
  if (!place?.systemChannelId) return

  const room = { serverId, channelId: place.systemChannelId }
  await appendSystemMessage(changes, { room, name: place.name, ...message })
}
