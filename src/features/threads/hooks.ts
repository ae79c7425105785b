import type { MessageHooks } from "../messages/hooks.ts"
import { nameless, threadNameOf } from "./names.ts"
import { findParent, renameThread } from "./store.ts"

/**
 * A thread is named after its message until somebody renames it. Deleting the message keeps the thread, since what
 * others wrote in it is theirs, but not its name.
 */
export const threadsHooks: MessageHooks = {
  actions: [
    {
      label: "Reply in thread",
      path: "thread",
      kind: "do",
      order: 120,
      when: async ({ db, message }) => (await findParent(db, message.channelId)) === null,
    },
  ],

  async onEdit({ tx }, before, content) {
    const { thread } = before.extras ?? {}
    if (thread)
      await renameThread(tx, thread.channelId, threadNameOf(before), threadNameOf({ ...before, content }))
    return undefined
  },

  async onDelete({ tx }, before) {
    const { thread } = before.extras ?? {}
    if (!thread) return undefined

    await renameThread(tx, thread.channelId, threadNameOf(before), nameless)
    return { thread }
  },
}
