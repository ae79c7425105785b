import { changesOf, recordAct } from "../audit-log/store.ts"
import { requireChannel, requireServer, requireServerOrConversation } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { noSuchChannel } from "../permissions/wording.ts"
import type { Procedures } from "../services.ts"
import { forgetThread, threadsOn } from "../threads/store.ts"
import { type channelsContract, maxChannels } from "./contract.ts"
import { deleteChannel, insertChannel, listChannels, updateChannelName } from "./store.ts"

export const channelsHandlers: Procedures<typeof channelsContract> = {
  getChannels: {
    resources: ({ inputs }) => [resource.channels(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const { server } = await requireServerOrConversation(derived, derived.requireAuth(), inputs.serverId)

      return listChannels(derived.db, server.id)
    },
  },

  createChannel: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const viewer = derived.requireAuth()
      const { server } = await requireServer(derived, viewer, inputs.serverId, "manageChannels")
      const channels = await listChannels(db, server.id)
      if (channels.length >= maxChannels) error(`A server has at most ${maxChannels} channels`, 400)

      const channel = {
        id: crypto.randomUUID(),
        serverId: server.id,
        name: inputs.name,
        createdAt: new Date(),
      }
      return commits.decide(async (tx) => {
        const target = { id: channel.id, name: channel.name }
        const changes = changesOf<{ name?: string }>({}, { name: channel.name })
        await recordAct(tx, { serverId: server.id, actor: viewer, action: "channel.create", target, changes })
        return insertChannel(tx, channel)
      })
    },
  },

  renameChannel: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived, error }) {
      const { commits } = derived
      const viewer = derived.requireAuth()
      const { channel } = await requireChannel(derived, viewer, inputs.channelId, "manageChannels")

      const renamed = await commits.decide(async (tx) => {
        const target = { id: channel.id, name: channel.name }
        const changes = changesOf({ name: channel.name }, { name: inputs.name })
        const { serverId } = channel
        await recordAct(tx, { serverId, actor: viewer, action: "channel.update", target, changes })
        return updateChannelName(tx, channel.id, inputs.name)
      })
      return renamed ?? error(noSuchChannel, 404)
    },
  },

  deleteChannel: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { channel } = await requireChannel(derived, viewer, inputs.channelId, "manageChannels")

      await derived.publisher.decide(async (changes) => {
        for (const threadId of await threadsOn(changes.tx, channel)) await deleteChannel(changes, threadId)
        await deleteChannel(changes, channel.id)
        const target = { id: channel.id, name: channel.name }
        const { serverId } = channel
        await recordAct(changes.tx, { serverId, actor: viewer, action: "channel.delete", target })
        // If it was a thread itself, its message no longer shows one.
        if (channel.parentId) await forgetThread(changes, channel.parentId)
      })
      return channel
    },
  },
}

/** The resources that change with a channel. */
const resourcesOf = ({ id, serverId }: { id: string; serverId: string }) => [
  resource.channels(serverId),
  resource.channel(id),
  resource.auditLog(serverId),
]
