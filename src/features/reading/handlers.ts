import { requireChannel } from "../channels/policy.ts"
import type { Procedures } from "../derived.ts"
import type { readingContract } from "./contract.ts"
import { advanceReadPosition } from "./store.ts"

export const readingHandlers: Procedures<typeof readingContract> = {
  markRead: {
    resources: ({ ctx, inputs }) => [`reading/user/${ctx.viewer?.id}/channel/${inputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const channel = await requireChannel(derived, inputs.channelId, error)
      // Nobody has read further than the log goes.
      const position = Math.min(inputs.position, channel.seq)

      const viewer = derived.requireAuth()
      return { position: await commits.run(() => advanceReadPosition(db, viewer.id, channel.id, position)) }
    },
  },
}
