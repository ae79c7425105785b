import type { ProcedureRefuse } from "../../kernel/index.ts"
import { changeAllowed } from "../change-message.ts"
import { requireMessage } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import type { Derived, Procedures } from "../services.ts"
import { closePoll } from "./close.ts"
import { maxVotersPage, type pollsContract } from "./contract.ts"
import { voteLimit } from "./limits.ts"
import { listVoters } from "./store.ts"
import { noPoll, pollClosed, updateVote } from "./vote.ts"

export const pollsHandlers: Procedures<typeof pollsContract> = {
  votePoll: {
    resources: ({ outputs }) => [resource.messages(outputs.channelId)],
    async procedure({ inputs, derived, error }) {
      const { doing, voter } = await requireVoter(derived, inputs.messageId, error)
      return changeAllowed(derived, doing, (changes) => updateVote(changes, voter, () => inputs.answers))
    },
  },

  togglePollVote: {
    resources: ({ outputs }) => [resource.messages(outputs.channelId)],
    async procedure({ inputs, derived, error }) {
      const { answer } = inputs
      const { doing, voter } = await requireVoter(derived, inputs.messageId, error)
      return changeAllowed(derived, doing, (changes) =>
        updateVote(changes, voter, ({ multiple }, before) => {
          if (before.includes(answer)) return before.filter((other) => other !== answer)
          return multiple ? [...before, answer] : [answer]
        }),
      )
    },
  },

  endPoll: {
    resources: ({ outputs }) => [resource.messages(outputs.channelId)],
    async procedure({ inputs, derived, error }) {
      const viewer = derived.requireAuth()
      const { message } = await requireMessage(derived, viewer, inputs.messageId, "endPoll")
      const { poll } = message.extras ?? {}
      if (!message.deletedAt && !poll) error(noPoll, 404)
      if (poll?.closedAt) error(pollClosed, 409)

      return changeAllowed(derived, { viewer, message, action: "endPoll" }, (changes) =>
        closePoll(changes, message.id, new Date()),
      )
    },
  },

  getPollVoters: {
    resources: ({ outputs }) => [resource.messages(outputs.channelId)],
    async procedure({ inputs, derived, error }) {
      const { messageId, answer, after = "", limit = maxVotersPage } = inputs
      const { message } = await requireMessage(derived, derived.requireAuth(), messageId, "readHistory")
      const { poll } = message.extras ?? {}
      if (!poll) return error(noPoll, 404)
      if (answer >= poll.answers.length) error("This poll has no such answer", 400)

      const voters = await listVoters(derived.db, { messageId, answer, after, limit })
      return { channelId: message.channelId, voters }
    },
  },
}

/** Who may choose an emoji that is under a message may vote in it. */
async function requireVoter(derived: Derived, messageId: string, error: ProcedureRefuse) {
  const viewer = derived.requireAuth()
  const { message } = await requireMessage(derived, viewer, messageId, "reactAlike")
  const retryAfterSeconds = await derived.limits.get(voteLimit).take(viewer.id)
  if (retryAfterSeconds > 0) error("You are voting too fast. Wait a moment", 429, { retryAfterSeconds })

  return {
    doing: { viewer, message, action: "reactAlike" } as const,
    voter: { messageId, channelId: message.channelId, userId: viewer.id },
  }
}
