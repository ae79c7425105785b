import type { InputOf } from "../../kernel/index.ts"
import { changesOf, recordAct } from "../audit-log/store.ts"
import { requireServerOrConversation } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { noSuchChannel } from "../permissions/wording.ts"
import { forgetSystemChannel } from "../servers/store.ts"
import type { Derived, Procedures } from "../services.ts"
import { forgetThread, threadsOn } from "../threads/store.ts"
import { accessHandlers } from "./access-handlers.ts"
import type { Channel, channelsContract } from "./contract.ts"
import { createChannel } from "./creating.ts"
import { inChannel, resourcesOf } from "./in-channel.ts"
import { deleteChannel, findChannel, listChannels, stored, updateChannel } from "./store.ts"

export const channelsHandlers: Procedures<typeof channelsContract> = {
  ...accessHandlers,

  getChannels: {
    resources: ({ inputs }) => [resource.channels(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { server } = await requireServerOrConversation(derived, viewer, inputs.serverId)

      return listChannels(derived.db, server.id, viewer.id)
    },
  },

  createChannel: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived }) {
      return createChannel(derived, derived.requireAuth(), inputs)
    },
  },

  updateChannel: {
    resources: ({ outputs }) => resourcesOf(outputs),
    procedure: ({ inputs, derived }) => changeChannel(derived, inputs),
  },

  renameChannel: {
    resources: ({ outputs }) => resourcesOf(outputs),
    procedure: ({ inputs, derived }) => changeChannel(derived, inputs),
  },

  deleteChannel: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived, error }) {
      const { channelId, reason } = inputs
      const deleted = await inChannel(
        derived,
        { channelId, action: "manageChannels" },
        async (changes, { viewer, access }) => {
          const { channel } = access
          const before = await findChannel(changes.tx, channel.id)
          if (!before) return undefined

          for (const threadId of await threadsOn(changes.tx, channel)) await deleteChannel(changes, threadId)
          await deleteChannel(changes, channel.id)
          await forgetSystemChannel(changes.tx, before.serverId, channel.id)
          // If it was a thread itself, its message no longer shows one.
          if (channel.parentId) await forgetThread(changes, channel.parentId)
          const { serverId, id, name } = before
          await recordAct(changes.tx, {
            ...{ serverId, actor: viewer, action: "channel.delete", target: { id, name }, reason },
          })
          return before
        },
      )
      return deleted ?? error(noSuchChannel, 404)
    },
  },
}

async function changeChannel(
  derived: Derived,
  { channelId, reason, ...fields }: InputOf<typeof channelsContract.updateChannel>,
): Promise<Channel> {
  return inChannel(derived, { channelId, action: "manageChannels" }, async ({ tx }, { viewer }) => {
    const before = stored(await findChannel(tx, channelId))
    const changes = changesOf({ name: before.name, topic: before.topic }, fields)
    if (Object.keys(changes).length === 0) return before

    const target = { id: channelId, name: before.name }
    const { serverId } = before
    await recordAct(tx, { serverId, actor: viewer, action: "channel.update", target, changes, reason })
    return updateChannel(tx, channelId, fields)
  })
}
