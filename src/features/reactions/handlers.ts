import type { ProcedureRefuse } from "../../kernel/index.ts"
import { writeRefusal } from "../blocks/policy.ts"
import { requireMessage } from "../messages/policy.ts"
import type { Derived, Procedures } from "../services.ts"
import { maxReactors, type reactionsContract } from "./contract.ts"
import { insertReaction, listReactors, removeReaction } from "./store.ts"

/** Reactions taken from one person: as many as one can mean. */
export const reactionRate = { count: 20, windowMs: 10_000 }

const gone = "This message was deleted"

export const reactionsHandlers: Procedures<typeof reactionsContract> = {
  addReaction: {
    resources: ({ outputs }) => [`messages/channel/${outputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const viewer = await requireMayReact(derived, inputs.messageId, error)
      const chosen = { ...inputs, userId: viewer.id, username: viewer.username }

      const change = await commits.run(() => insertReaction(db, chosen))
      if (!change) return error(gone, 410)

      if (change.isNew) await derived.announce(change.message)
      return change.message
    },
  },

  removeReaction: {
    resources: ({ outputs }) => [`messages/channel/${outputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const viewer = await requireMayReact(derived, inputs.messageId, error)

      const change = await commits.run(() => removeReaction(db, { ...inputs, userId: viewer.id }))
      if (!change) return error(gone, 410)

      if (change.isNew) await derived.announce(change.message)
      return change.message
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
  const retryAfterSeconds = derived.reactionLimit.take(viewer.id)
  if (retryAfterSeconds > 0) error("You are reacting too fast. Wait a moment", 429, { retryAfterSeconds })

  return viewer
}
