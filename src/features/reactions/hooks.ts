import type { MessageHooks } from "../messages/hooks.ts"
import { deleteReactions } from "./store.ts"

/** A deleted message has no reactions. */
export const reactionsHooks: MessageHooks = {
  onDelete({ tx }, { id, extras }) {
    if (extras?.reactions) deleteReactions(tx, id)
    return undefined
  },
}
