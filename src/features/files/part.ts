import { Refusal } from "../../kernel/index.ts"
import type { MessagePart } from "../messages/parts.ts"
import { attachFiles, forgetFilesOf, listUnsent, toAttachment } from "./store.ts"
import type { Sweeper } from "./sweeper.ts"

/** What files have to do with a message: it takes them with it when it is sent, and away when it is deleted. */
export function filesPart(sweeper: Sweeper): MessagePart {
  return {
    compose(db, { userId, channelId }, { files = [] }) {
      if (files.length === 0) return undefined

      const found = listUnsent(db, userId, channelId, files)
      if (found.length < files.length) {
        throw new Refusal("A file of this message is not there any more. Attach it again", 400)
      }
      return { attachments: found.map(toAttachment) }
    },
    sent(db, message, { files = [] }) {
      if (files.length > 0) attachFiles(db, message.id, files)
    },
    deleted(db, before) {
      if (before.extras?.attachments) sweeper.drop(forgetFilesOf(db, before.id))
    },
  }
}
