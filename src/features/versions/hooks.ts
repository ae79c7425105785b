import type { MessageHooks } from "../messages/hooks.ts"
import { deleteVersions, insertVersion } from "./store.ts"

/** An edit stores the previous text; deleting the message deletes all of them. */
export const versionsHooks: MessageHooks = {
  actions: [
    {
      label: "Edit history",
      path: "history",
      kind: "panel",
      order: 420,
      when: ({ message }) => message.editedAt !== null,
    },
  ],

  async onEdit({ tx }, { id: messageId, seq, content, editedAt, createdAt }) {
    await insertVersion(tx, { messageId, seq, content, writtenAt: editedAt ?? createdAt })
    return undefined
  },

  async onDelete({ tx }, { id, editedAt }) {
    if (editedAt) await deleteVersions(tx, id)
    return undefined
  },
}
