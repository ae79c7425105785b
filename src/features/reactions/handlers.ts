import type { ProcedureRefuse } from "../../kernel/index.ts"
import { changeAllowed } from "../change-message.ts"
import { assertCan } from "../permissions/can.ts"
import { requireMessage } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import type { Derived, Procedures } from "../services.ts"
import { maxReactors, type reactionsContract } from "./contract.ts"
import { reactionLimit } from "./limits.ts"
import { insertReaction, listReactors, removeReaction, toggleReaction } from "./store.ts"

export const reactionsHandlers: Procedures<typeof reactionsContract> = {
  addReaction: {
    resources: ({ outputs }) => [resource.messages(outputs.channelId)],
    async procedure({ inputs, derived, error }) {
      const { doing, chosen } = await requireMayReact(derived, inputs, error)
      return changeAllowed(derived, doing, (changes) => insertReaction(changes, chosen))
    },
  },

  removeReaction: {
    resources: ({ outputs }) => [resource.messages(outputs.channelId)],
    async procedure({ inputs, derived, error }) {
      const { doing, chosen } = await requireMayReact(derived, inputs, error)
      return changeAllowed(derived, doing, (changes) => removeReaction(changes, chosen))
    },
  },

  toggleReaction: {
    resources: ({ outputs }) => [resource.messages(outputs.channelId)],
    async procedure({ inputs, derived, error }) {
      const { doing, chosen } = await requireMayReact(derived, inputs, error)
      return changeAllowed(derived, doing, (changes) => toggleReaction(changes, chosen))
    },
  },

  getReactions: {
    resources: ({ outputs }) => [resource.messages(outputs.channelId)],
    async procedure({ inputs, derived }) {
      const { message } = await requireMessage(
        derived,
        derived.requireAuth(),
        inputs.messageId,
        "readHistory",
      )
      const { after, limit = maxReactors } = inputs
      return {
        channelId: message.channelId,
        people: await listReactors(derived.db, inputs, { after, limit }),
      }
    },
  },
}

/** A new emoji needs a permission; one that somebody chose before does not. Source: Discord, "Add Reactions". */
async function requireMayReact(
  derived: Derived,
  { messageId, emoji }: { messageId: string; emoji: string },
  error: ProcedureRefuse,
) {
  const viewer = derived.requireAuth()
  const { message, standing } = await requireMessage(derived, viewer, messageId)
  const isChosen = message.extras?.reactions?.some((reaction) => reaction.emoji === emoji) ?? false
  const action = isChosen ? "reactAlike" : "react"
  assertCan(standing, action)
  const retryAfterSeconds = await derived.limits.get(reactionLimit).take(viewer.id)
  if (retryAfterSeconds > 0) error("You are reacting too fast. Wait a moment", 429, { retryAfterSeconds })

  return {
    doing: { viewer, message, action } as const,
    chosen: { messageId, emoji, userId: viewer.id },
  }
}
