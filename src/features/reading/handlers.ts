import { connectToChannel, connectToServer } from "../permissions/connect.ts"
import { requireChannel, requireMessage, requireServerOrConversation } from "../permissions/require.ts"
import { readingIn, resource } from "../permissions/resources.ts"
import type { Channels, Procedures } from "../services.ts"
import type { readingChannels, readingContract } from "./contract.ts"
import { advanceReadPosition, listUnread, readServer, setReadPosition } from "./store.ts"

/** What changes when a user's read position in a channel does. */
const inChannel = (userId: string | undefined, channelId: string) => [
  readingIn(userId, channelId),
  resource.reading(userId),
]

export const readingHandlers: Procedures<typeof readingContract> = {
  getUnread: {
    resources: ({ ctx }) => [resource.reading(ctx.viewer?.id)],
    async procedure({ derived }) {
      return listUnread(derived.db, derived.requireAuth().id)
    },
  },

  markRead: {
    resources: ({ ctx, inputs }) => inChannel(ctx.viewer?.id, inputs.channelId),
    async procedure({ inputs, derived }) {
      const { commits } = derived
      const viewer = derived.requireAuth()
      const { channel } = await requireChannel(derived, viewer, inputs.channelId)
      // Nobody has read further than the log goes.
      const position = Math.min(inputs.position, channel.seq)

      const place = { userId: viewer.id, channelId: channel.id, position }
      return { position: await commits.note("unread", (tx) => advanceReadPosition(tx, place)) }
    },
  },

  markChannelRead: {
    resources: ({ ctx, inputs }) => inChannel(ctx.viewer?.id, inputs.channelId),
    async procedure({ inputs, derived }) {
      const { commits } = derived
      const viewer = derived.requireAuth()
      const { channel } = await requireChannel(derived, viewer, inputs.channelId)

      const place = { userId: viewer.id, channelId: channel.id, position: channel.seq }
      return { position: await commits.note("unread", (tx) => advanceReadPosition(tx, place)) }
    },
  },

  markServerRead: {
    resources: ({ ctx }) => [resource.reading(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const { commits } = derived
      const viewer = derived.requireAuth()
      const { server } = await requireServerOrConversation(derived, viewer, inputs.serverId)

      await commits.note("unread", (tx) => readServer(tx, viewer.id, server.id))
      return null
    },
  },

  markUnread: {
    resources: ({ ctx, outputs }) => inChannel(ctx.viewer?.id, outputs.channelId),
    async procedure({ inputs, derived }) {
      const { commits } = derived
      const viewer = derived.requireAuth()
      const { message } = await requireMessage(derived, viewer, inputs.messageId)
      const { channelId, serverId } = message
      const position = message.position - 1

      const place = { userId: viewer.id, channelId, position }
      await commits.note("unread", (tx) => setReadPosition(tx, place))
      return { position, channelId, serverId }
    },
  },
}

export const readingChannelHandlers: Channels<typeof readingChannels> = {
  activity: {
    onConnect: connectToServer,
    onMessage: refuseMessages,
  },

  channelActivity: {
    onConnect: connectToChannel,
    onMessage: refuseMessages,
  },
}

async function refuseMessages({ error }: { error(message: string, code: number): never }) {
  error("This channel accepts no messages from clients", 400)
}
