import type { MessageHooks } from "../messages/hooks.ts"
import { insertFollow } from "./follows.ts"

/** Authors in a thread follow it, unless they have unfollowed it. Costs nothing for messages outside threads. */
export const inboxHooks: MessageHooks = {
  beforeCreate({ tx }, { userId, channelId, standing }) {
    if (!standing?.isThread || standing.isBot) return undefined
    return insertFollow(tx, { userId, channelId }).then(() => undefined)
  },
}
