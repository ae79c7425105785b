import { requireChannel } from "../channels/policy.ts"
import { requireMember } from "../members/policy.ts"
import { requireMessage } from "../messages/policy.ts"
import type { Channels, Procedures } from "../services.ts"
import type { readingChannels, readingContract } from "./contract.ts"
import { connectToServer } from "./policy.ts"
import { advanceReadPosition, listUnread, readServer, setReadPosition } from "./store.ts"

/** What changes when someone has read, or not, in a channel. */
const ofReader = (userId: string | undefined) => `reading/user/${userId}`
const inChannel = (userId: string | undefined, channelId: string) => [
  `${ofReader(userId)}/channel/${channelId}`,
  ofReader(userId),
]

export const readingHandlers: Procedures<typeof readingContract> = {
  getUnread: {
    resources: ({ ctx }) => [ofReader(ctx.viewer?.id)],
    async procedure({ derived }) {
      return listUnread(derived.db, derived.requireAuth().id)
    },
  },

  markRead: {
    resources: ({ ctx, inputs }) => inChannel(ctx.viewer?.id, inputs.channelId),
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const channel = await requireChannel(derived, inputs.channelId, error)
      // Nobody has read further than the log goes.
      const position = Math.min(inputs.position, channel.seq)

      const place = { userId: derived.requireAuth().id, channelId: channel.id, position }
      return { position: await commits.run(() => advanceReadPosition(db, place)) }
    },
  },

  markChannelRead: {
    resources: ({ ctx, inputs }) => inChannel(ctx.viewer?.id, inputs.channelId),
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const { id: channelId, seq: position } = await requireChannel(derived, inputs.channelId, error)

      const place = { userId: derived.requireAuth().id, channelId, position }
      return { position: await commits.run(() => advanceReadPosition(db, place)) }
    },
  },

  markServerRead: {
    resources: ({ ctx }) => [ofReader(ctx.viewer?.id)],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const { serverId, userId } = await requireMember(derived, inputs.serverId, error)

      await commits.run(() => readServer(db, userId, serverId))
      return null
    },
  },

  markUnread: {
    resources: ({ ctx, outputs }) => inChannel(ctx.viewer?.id, outputs.channelId),
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const { message } = await requireMessage(derived, inputs.messageId, error)
      const { channelId, serverId } = message
      const position = message.position - 1

      const place = { userId: derived.requireAuth().id, channelId, position }
      await commits.run(() => setReadPosition(db, place))
      return { position, channelId, serverId }
    },
  },
}

export const readingChannelHandlers: Channels<typeof readingChannels> = {
  activity: {
    onConnect: connectToServer,

    async onMessage({ error }) {
      error("Nothing can be sent here", 400)
    },
  },
}
