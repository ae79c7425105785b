import type { Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { idsOf } from "../form-fields.ts"
import type { MessageHooks, SentDraft } from "../messages/hooks.ts"
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

    beforeCreate: ({ tx }, draft, { files = [] }) =>
      files.length > 0 ? takeAttachments(tx, draft, files) : undefined,

    afterCreate: ({ tx }, message, { files = [] }) =>
      files.length > 0 ? attachFiles(tx, message.id, files) : undefined,

    async onDelete(changes, before) {
      if (!before.extras?.attachments) return undefined

      const keys = await deleteFilesOf(changes.tx, before.id)
      changes.afterDeletion(() => sweeper.deleteLater(keys))
      return undefined
    },
  }
}

async function takeAttachments(tx: Tx, { userId, channelId }: SentDraft, ids: string[]) {
  const unsent = await listUnsentFiles(tx, userId, channelId, ids)
  if (unsent.length < ids.length) throw new Refusal(missingFile, 400)
  return { attachments: unsent.map(toAttachment) }
}
