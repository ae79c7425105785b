import type { ChangeSet } from "../change-set.ts"
import type { Message } from "../messages/contract.ts"
import { appendSystemMessage } from "../messages/system.ts"
import { repliesHooks } from "../replies/hooks.ts"
import { findServerName } from "../servers/store.ts"

/**
 * Says in the channel of a message that someone pinned it, and quotes it. Never in another channel: members who may
 * not view this one must not learn of it. Call it in the commit of the pin.
 */
export async function announcePin(
  changes: ChangeSet,
  { id, serverId, channelId }: Pick<Message, "id" | "serverId" | "channelId">,
  { id: userId, username }: { id: string; username: string },
): Promise<void> {
  await appendSystemMessage(
    changes,
    {
      room: { serverId, channelId },
      // A conversation may have no name.
      name: (await findServerName(changes.tx, serverId)) || "Pins",
      // No mention, which would highlight it for the person who pinned. Names have underscores, which would be markup.
      content: `**${username.replaceAll("_", "\\_")}** pinned a message.`,
      replyTo: id,
      causedBy: userId,
    },
    [repliesHooks],
  )
}
