import type { MessagePart } from "../messages/parts.ts"
import { deleteReactions } from "./store.ts"

/** A deleted message has no reactions. */
export const reactionsPart: MessagePart = {
  deleted(db, { id, extras }) {
    if (extras?.reactions) deleteReactions(db, id)
  },
}
