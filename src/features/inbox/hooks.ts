import type { MessageHooks } from "../messages/hooks.ts"
import { insertFollow } from "./follows.ts"

/** Whoever writes in a thread follows it, unless they stopped that before. Costs a plain message nothing. */
export const inboxHooks: MessageHooks = {
  beforeCreate({ tx }, { userId, channelId, standing }) {
    if (!standing?.isThread || standing.isBot) return undefined
    return insertFollow(tx, { userId, channelId }).then(() => undefined)
  },
}
