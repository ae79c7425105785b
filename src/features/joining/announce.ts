import type { ChangeSet } from "../change-set.ts"
import type { MessageExtras } from "../messages/extras.ts"
import { appendSystemMessage } from "../messages/system.ts"
import { findSystemPlace } from "./store.ts"

/** Sends to the system channel of a server, if it has one. */
export async function announceInSystemChannel(
  changes: ChangeSet,
  serverId: string,
  message: { content: string; mentions?: MessageExtras["mentions"] },
): Promise<void> {
  const place = await findSystemPlace(changes.tx, serverId)
  if (!place?.systemChannelId) return

  const room = { serverId, channelId: place.systemChannelId }
  await appendSystemMessage(changes, { room, name: place.name, ...message })
}
