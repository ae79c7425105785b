import type { ChangeSet } from "../change-set.ts"
import { messageLimit } from "../messages/limits.ts"
import { updateExtras } from "../messages/store.ts"
import { resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import type { filesContract } from "./contract.ts"
import type { Attachment } from "./message-fields.ts"
import { noSuchFile, requireFile } from "./require-file.ts"
import { deleteUnsent, type FileRow, toAttachment, updateAlt } from "./store.ts"
import { storageKeysOf } from "./sweeper.ts"

const tooFast = "You are changing too much at once. Wait a moment, then try again"

export const filesHandlers: Procedures<typeof filesContract> = {
  describeFile: {
    resources: ({ inputs }) => [resource.file(inputs.fileId)],
    async procedure({ inputs, derived, error }) {
      const { publisher, limits } = derived
      const viewer = derived.requireAuth()
      const { isOwn } = await requireFile(derived, viewer, inputs.fileId)
      if (!isOwn) error("You may describe only your own pictures", 403)
      const retryAfterSeconds = await limits.get(messageLimit).take(`${viewer.id} describes`)
      if (retryAfterSeconds > 0) error(tooFast, 429, { retryAfterSeconds })

      const file = await publisher.decide((changes) => describe(changes, inputs.fileId, inputs.alt))
      return file ? toAttachment(file) : error(noSuchFile, 404)
    },
  },

  discardFile: {
    resources: ({ inputs }) => [resource.file(inputs.fileId)],
    async procedure({ inputs, derived, error }) {
      const { commits, storage } = derived
      const viewer = derived.requireAuth()
      const { isOwn } = await requireFile(derived, viewer, inputs.fileId)
      if (!isOwn) error(noSuchFile, 404)

      const discarded = await commits.note("nothing", (tx) => deleteUnsent(tx, inputs.fileId))
      if (!discarded)
        return error("This file is in a message, or will be sent with one. Remove it there", 409)

      for (const key of storageKeysOf(discarded.key)) await storage.delete(key)
      return toAttachment(discarded)
    },
  },
}

/** Updates the description in the file's row and, if the file was sent, in its message. */
async function describe(changes: ChangeSet, id: string, alt: string): Promise<FileRow | undefined> {
  const file = await updateAlt(changes.tx, id, alt)
  if (!file?.messageId) return file

  await updateExtras(changes, file.messageId, (extras) => {
    const shown = extras.attachments?.find((attachment) => attachment.id === id)
    if (!shown || (shown.alt ?? "") === alt) return extras

    const described = (attachment: Attachment): Attachment =>
      attachment.id === id ? { ...attachment, alt: alt || undefined } : attachment
    return { ...extras, attachments: extras.attachments?.map(described) }
  })
  return file
}
