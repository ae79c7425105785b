import { requireMember, requireOwner } from "../members/policy.ts"
import type { Procedures } from "../services.ts"
import { forgetThread, threadsOn } from "../threads/store.ts"
import { type channelsContract, maxChannels } from "./contract.ts"
import { requireOwnChannel } from "./policy.ts"
import { deleteChannel, insertChannel, listChannels, updateChannelName } from "./store.ts"

export const channelsHandlers: Procedures<typeof channelsContract> = {
  getChannels: {
    resources: ({ inputs }) => [`channels/server/${inputs.serverId}`],
    async procedure({ inputs, derived, error }) {
      const { serverId } = await requireMember(derived, inputs.serverId, error)

      return listChannels(derived.db, serverId)
    },
  },

  createChannel: {
    resources: ({ inputs, outputs }) => [`channels/server/${inputs.serverId}`, `channel/${outputs.id}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const { serverId } = await requireOwner(derived, inputs.serverId, error)
      const channels = await listChannels(db, serverId)
      if (channels.length >= maxChannels) error(`A server has at most ${maxChannels} channels`, 400)

      const channel = { id: crypto.randomUUID(), serverId, name: inputs.name, createdAt: new Date() }
      return commits.run(() => insertChannel(db, channel))
    },
  },

  renameChannel: {
    resources: ({ outputs }) => [`channels/server/${outputs.serverId}`, `channel/${outputs.id}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const { id } = await requireOwnChannel(derived, inputs.channelId, error)

      const channel = await commits.run(() => updateChannelName(db, id, inputs.name))
      return channel ?? error("There is no such channel", 404)
    },
  },

  deleteChannel: {
    resources: ({ outputs }) => [`channels/server/${outputs.serverId}`, `channel/${outputs.id}`],
    async procedure({ inputs, derived, error }) {
      const channel = await requireOwnChannel(derived, inputs.channelId, error)

      await derived.publisher.publish((changes) => {
        // Its threads go with it. If it is a thread itself, its message no longer shows one.
        const gone = [channel.id, ...threadsOn(changes.tx, channel)]
        deleteChannel(changes.tx, channel.id)
        if (channel.parentId) forgetThread(changes, channel.parentId)
        changes.afterCommit(() => {
          for (const id of gone) derived.evictions.channelDeleted(id)
        })
      })
      return channel
    },
  },
}
