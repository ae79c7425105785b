import type { MessagePart } from "../messages/parts.ts"
import { deleteVersions, insertVersion } from "./store.ts"

/** Edits keep what was said before; deleting takes all of it. */
export const versionsPart: MessagePart = {
  edited(db, { id: messageId, seq, content, editedAt, createdAt }) {
    insertVersion(db, { messageId, seq, content, writtenAt: editedAt ?? createdAt })
    return undefined
  },

  deleted(db, { id, editedAt }) {
    if (editedAt) deleteVersions(db, id)
  },
}
