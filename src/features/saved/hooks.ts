import type { MessageHooks } from "../messages/hooks.ts"
import { deleteAllSaved } from "./store.ts"

/** Deleting a message removes it from everyone's saved messages. */
export const savedHooks: MessageHooks = {
  onDelete({ tx }, { id }) {
    deleteAllSaved(tx, id)
    return undefined
  },
}
