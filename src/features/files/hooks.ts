import { Refusal } from "../../kernel/index.ts"
import { idsOf } from "../form-fields.ts"
import type { MessageHooks } from "../messages/hooks.ts"
import { attachFiles, forgetFilesOf, listUnsent, toAttachment } from "./store.ts"
import type { Sweeper } from "./sweeper.ts"

/** A message takes its author's uploaded files with it when it is sent; deleting it deletes them. */
export function filesHooks(sweeper: Sweeper): MessageHooks {
  return {
    fromForm(body) {
      const files = idsOf(body, "files")
      return files.length > 0 ? { files } : {}
    },

    beforeCreate({ tx }, { userId, channelId }, { files = [] }) {
      if (files.length === 0) return undefined

      const found = listUnsent(tx, userId, channelId, files)
      if (found.length < files.length) {
        throw new Refusal("A file of this message is not there any more. Attach it again", 400)
      }
      return { attachments: found.map(toAttachment) }
    },

    afterCreate({ tx }, message, { files = [] }) {
      if (files.length > 0) attachFiles(tx, message.id, files)
    },

    onDelete(changes, before) {
      if (!before.extras?.attachments) return undefined

      const keys = forgetFilesOf(changes.tx, before.id)
      changes.afterCommit(() => sweeper.drop(keys))
      return undefined
    },
  }
}
