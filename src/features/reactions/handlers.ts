import type { ProcedureRefuse } from "../../kernel/index.ts"
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
      const chosen = { ...inputs, ...(await requireMayReact(derived, inputs.messageId, error)) }
      return derived.publisher.change(chosen.channelId, (changes) => insertReaction(changes, chosen))
    },
  },

  removeReaction: {
    resources: ({ outputs }) => [resource.messages(outputs.channelId)],
    async procedure({ inputs, derived, error }) {
      const chosen = { ...inputs, ...(await requireMayReact(derived, inputs.messageId, error)) }
      return derived.publisher.change(chosen.channelId, (changes) => removeReaction(changes, chosen))
    },
  },

  toggleReaction: {
    resources: ({ outputs }) => [resource.messages(outputs.channelId)],
    async procedure({ inputs, derived, error }) {
      const chosen = { ...inputs, ...(await requireMayReact(derived, inputs.messageId, error)) }
      return derived.publisher.change(chosen.channelId, (changes) => toggleReaction(changes, chosen))
    },
  },

  getReactions: {
    resources: ({ outputs }) => [resource.messages(outputs.channelId)],
    async procedure({ inputs, derived }) {
      const { message } = await requireMessage(derived, derived.requireAuth(), inputs.messageId)
      const { after, limit = maxReactors } = inputs
      return {
        channelId: message.channelId,
        people: await listReactors(derived.db, inputs, { after, limit }),
      }
    },
  },
}

async function requireMayReact(derived: Derived, messageId: string, error: ProcedureRefuse) {
  const viewer = derived.requireAuth()
  const { message } = await requireMessage(derived, viewer, messageId, "react")
  const retryAfterSeconds = await derived.limits.get(reactionLimit).take(viewer.id)
  if (retryAfterSeconds > 0) error("You are reacting too fast. Wait a moment", 429, { retryAfterSeconds })

  return { channelId: message.channelId, userId: viewer.id, username: viewer.username }
}
