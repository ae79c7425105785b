import type { AboutMessage } from "../messages/actions.ts"
import type { MessageHooks } from "../messages/hooks.ts"
import { deleteAllSaved, findSaved } from "./store.ts"

/** Deleting a message removes it from everyone's saved messages. */
export const savedHooks: MessageHooks = {
  actions: [
    { label: "Save", path: "save", kind: "do", order: 300, when: async (about) => !(await isSaved(about)) },
    { label: "Remove from saved", path: "unsave", kind: "do", order: 310, when: isSaved },
  ],

  async onDelete({ tx }, { id }) {
    await deleteAllSaved(tx, id)
    return undefined
  },
}

async function isSaved({ db, viewerId, message }: AboutMessage): Promise<boolean> {
  return (await findSaved(db, viewerId, message.id)) !== undefined
}
