import type { MessageHooks } from "../messages/hooks.ts"
import { deleteReactions } from "./store.ts"

/** A deleted message has no reactions. */
export const reactionsHooks: MessageHooks = {
  actions: [
    { label: "Add reaction", path: "react", kind: "panel", order: 100 },
    {
      label: "Reactions",
      path: "reactions",
      kind: "panel",
      order: 400,
      when: ({ message }) => message.extras?.reactions !== undefined,
    },
  ],

  async onDelete({ tx }, { id, extras }) {
    if (extras?.reactions) await deleteReactions(tx, id)
    return undefined
  },
}
