import { Refusal } from "../../kernel/index.ts"
import { idsOf } from "../form-fields.ts"
import type { MessageHooks } from "../messages/hooks.ts"
import { attachFiles, deleteFilesOf, listUnsentFiles, missingFile, toAttachment } from "./store.ts"
import type { Sweeper } from "./sweeper.ts"

/** Attaches the author's uploaded files to a new message. Deleting the message deletes them. */
export function filesHooks(sweeper: Sweeper): MessageHooks {
  return {
    fromForm(body) {
      const files = idsOf(body, "files")
      return files.length > 0 ? { files } : {}
    },

    requires: ({ files = [] }) => (files.length > 0 ? "attachFiles" : undefined),

    async beforeCreate({ tx }, { userId, channelId }, { files = [] }) {
      if (files.length === 0) return undefined

      const unsent = await listUnsentFiles(tx, userId, channelId, files)
      if (unsent.length < files.length) {
        throw new Refusal(missingFile, 400)
      }
      return { attachments: unsent.map(toAttachment) }
    },

    async afterCreate({ tx }, message, { files = [] }) {
      if (files.length > 0) await attachFiles(tx, message.id, files)
    },

    async onDelete(changes, before) {
      if (!before.extras?.attachments) return undefined

      const keys = await deleteFilesOf(changes.tx, before.id)
      changes.afterDeletion(() => sweeper.deleteLater(keys))
      return undefined
    },
  }
}
