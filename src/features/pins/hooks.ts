import type { MessageHooks } from "../messages/hooks.ts"
import { deletePin } from "./store.ts"

/** Deleting a message unpins it. */
export const pinsHooks: MessageHooks = {
  onDelete({ tx }, { id, extras }) {
    if (extras?.pinned) deletePin(tx, id)
    return undefined
  },
}
