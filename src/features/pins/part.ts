import type { MessagePart } from "../messages/parts.ts"
import { deletePin } from "./store.ts"

/** A deleted message is pinned no more. */
export const pinsPart: MessagePart = {
  deleted(db, { id, extras }) {
    if (extras?.pinned) deletePin(db, id)
  },
}
