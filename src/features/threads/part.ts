import type { MessagePart } from "../messages/parts.ts"
import { nameless, nameOf } from "./names.ts"
import { renameThread } from "./store.ts"

/**
 * A thread is called what its message says, as long as nobody calls it otherwise. Deleting the message leaves the
 * thread, since what others said in it is theirs, but not its name.
 */
export const threadsPart: MessagePart = {
  edited(db, before, content) {
    const { thread } = before.extras ?? {}
    if (thread) renameThread(db, thread.channelId, nameOf(before), nameOf({ ...before, content }))
    return undefined
  },

  deleted(db, before) {
    const { thread } = before.extras ?? {}
    if (thread) renameThread(db, thread.channelId, nameOf(before), nameless)
  },
}
