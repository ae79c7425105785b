import type { ProcedureRefuse } from "../../kernel/index.ts"
import { findMessage } from "../messages/store.ts"
import { requireMessage } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { messageDeleted } from "../permissions/wording.ts"
import { reactionLimit } from "../reactions/limits.ts"
import type { Derived, Procedures } from "../services.ts"
import { maxSaved, type savedContract, savedPageSize } from "./contract.ts"
import { countSaved, deleteSaved, findSaved, insertSaved, listSaved } from "./store.ts"

export const savedHandlers: Procedures<typeof savedContract> = {
  saveMessage: {
    resources: ({ ctx }) => [resource.saved(ctx.viewer?.id)],
    async procedure({ inputs, derived, error }) {
      const { commits } = derived
      const { viewer, messageId } = await requireSaving(derived, inputs.messageId, error)

      const outcome = await commits.decide(async (tx) => {
        const message = await findMessage(tx, messageId)
        if (!message || message.deletedAt) return "gone"
        if ((await countSaved(tx, viewer.id)) >= maxSaved) return "full"
        await insertSaved(tx, viewer.id, messageId)
        return "saved"
      })
      if (outcome === "gone") error(messageDeleted, 410)
      if (outcome === "full") error(`You can save at most ${maxSaved} messages. Remove some first`, 400)

      return { messageId }
    },
  },

  unsaveMessage: {
    resources: ({ ctx }) => [resource.saved(ctx.viewer?.id)],
    async procedure({ inputs, derived, error }) {
      const { commits } = derived
      const { viewer, messageId } = await requireSaving(derived, inputs.messageId, error)

      await commits.note("nothing", (tx) => deleteSaved(tx, viewer.id, messageId))
      return { messageId }
    },
  },

  getSavedMessages: {
    resources: ({ ctx }) => [resource.saved(ctx.viewer?.id)],
    async procedure({ inputs, derived, error }) {
      const { db } = derived
      const viewer = derived.requireAuth()
      const { before: messageId, limit = savedPageSize } = inputs
      if (messageId === undefined) return listSaved(db, viewer.id, { limit })

      const savedAt = await findSaved(db, viewer.id, messageId)
      if (!savedAt) return error("You have not saved this message", 404)

      return listSaved(db, viewer.id, { before: { savedAt, messageId }, limit })
    },
  },
}

async function requireSaving(derived: Derived, messageId: string, error: ProcedureRefuse) {
  const viewer = derived.requireAuth()
  const { message } = await requireMessage(derived, viewer, messageId, "readHistory")
  const retryAfterSeconds = await derived.limits.get(reactionLimit).take(`saving ${viewer.id}`)
  if (retryAfterSeconds > 0) error("You are saving too fast. Wait a moment", 429, { retryAfterSeconds })

  return { viewer, messageId: message.id }
}
