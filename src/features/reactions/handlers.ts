import type { ProcedureRefuse } from "../../kernel/index.ts"
import { writeRefusal } from "../blocks/policy.ts"
import { requireMessage } from "../messages/policy.ts"
import { publishChange } from "../publishing/publisher.ts"
import type { Derived, Procedures } from "../services.ts"
import { maxReactors, type reactionsContract } from "./contract.ts"
import { reactionLimit } from "./limits.ts"
import { insertReaction, listReactors, removeReaction, toggleReaction } from "./store.ts"

export const reactionsHandlers: Procedures<typeof reactionsContract> = {
  addReaction: {
    resources: ({ outputs }) => [`messages/channel/${outputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const chosen = { ...inputs, ...(await requireMayReact(derived, inputs.messageId, error)) }
      return publishChange(derived, (changes) => insertReaction(changes, chosen))
    },
  },

  removeReaction: {
    resources: ({ outputs }) => [`messages/channel/${outputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const chosen = { ...inputs, ...(await requireMayReact(derived, inputs.messageId, error)) }
      return publishChange(derived, (changes) => removeReaction(changes, chosen))
    },
  },

  toggleReaction: {
    resources: ({ outputs }) => [`messages/channel/${outputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const chosen = { ...inputs, ...(await requireMayReact(derived, inputs.messageId, error)) }
      return publishChange(derived, (changes) => toggleReaction(changes, chosen))
    },
  },

  getReactions: {
    resources: ({ outputs }) => [`messages/channel/${outputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { message } = await requireMessage(derived, inputs.messageId, error)
      const { after, limit = maxReactors } = inputs
      return {
        channelId: message.channelId,
        people: await listReactors(derived.db, inputs, { after, limit }),
      }
    },
  },
}

async function requireMayReact(derived: Derived, messageId: string, error: ProcedureRefuse) {
  const { pair } = await requireMessage(derived, messageId, error)
  const viewer = derived.requireAuth()
  const refusal = writeRefusal(derived.db, pair, viewer.id)
  if (refusal) error(refusal, 403)
  const retryAfterSeconds = derived.limits.get(reactionLimit).take(viewer.id)
  if (retryAfterSeconds > 0) error("You are reacting too fast. Wait a moment", 429, { retryAfterSeconds })

  return { userId: viewer.id, username: viewer.username }
}
