import type { MessageHooks } from "../messages/hooks.ts"
import { can } from "../permissions/can.ts"
import { deletePin } from "./store.ts"

/** Deleting a message unpins it. */
export const pinsHooks: MessageHooks = {
  actions: [
    {
      label: "Pin",
      path: "pin",
      kind: "do",
      order: 320,
      when: ({ message, standing }) => can(standing, "pin") && !message.extras?.pinned,
    },
    {
      label: "Unpin",
      path: "unpin",
      kind: "do",
      order: 330,
      when: ({ message, standing }) => can(standing, "pin") && message.extras?.pinned === true,
    },
  ],

  async onDelete({ tx }, { id, extras }) {
    if (extras?.pinned) await deletePin(tx, id)
    return undefined
  },
}
