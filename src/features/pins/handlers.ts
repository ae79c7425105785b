import { requireChannel, requireMessage } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import type { pinsContract } from "./contract.ts"
import { insertPin, listPins, removePin } from "./store.ts"

export const pinsHandlers: Procedures<typeof pinsContract> = {
  pinMessage: {
    resources: ({ outputs }) => resourcesOf(outputs.channelId),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { message } = await requireMessage(derived, viewer, inputs.messageId, "pin")
      return derived.publisher.change(message.channelId, (changes) =>
        insertPin(changes, message.id, viewer.id),
      )
    },
  },

  unpinMessage: {
    resources: ({ outputs }) => resourcesOf(outputs.channelId),
    async procedure({ inputs, derived }) {
      const { message } = await requireMessage(derived, derived.requireAuth(), inputs.messageId, "pin")
      return derived.publisher.change(message.channelId, (changes) => removePin(changes, message.id))
    },
  },

  getPins: {
    resources: ({ inputs }) => [resource.pins(inputs.channelId)],
    async procedure({ inputs, derived }) {
      const { channel } = await requireChannel(derived, derived.requireAuth(), inputs.channelId)
      return listPins(derived.db, channel.id)
    },
  },
}

const resourcesOf = (channelId: string) => [resource.pins(channelId), resource.messages(channelId)]
