import type { MessagePart } from "../messages/parts.ts"
import { deleteAllSaved } from "./store.ts"

/** A deleted message is saved by nobody. */
export const savedPart: MessagePart = {
  deleted: (db, { id }) => deleteAllSaved(db, id),
}
