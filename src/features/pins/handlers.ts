import { recordOnMessage } from "../audit-log/on-message.ts"
import { changeAllowed } from "../change-message.ts"
import type { Message } from "../messages/contract.ts"
import { requireChannel, requireMessage } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import { announcePin } from "./announce.ts"
import type { pinsContract } from "./contract.ts"
import { insertPin, listPins, removePin } from "./store.ts"

export const pinsHandlers: Procedures<typeof pinsContract> = {
  pinMessage: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { message, standing } = await requireMessage(derived, viewer, inputs.messageId, "pin")
      return changeAllowed(derived, { viewer, message, action: "pin" }, async (changes) => {
        const pinned = await insertPin(changes, message.id, viewer.id)
        if (pinned?.isNew) {
          await recordOnMessage(changes.tx, { standing, actor: viewer, action: "message.pin", message })
          await announcePin(changes, message, viewer)
        }
        return pinned
      })
    },
  },

  unpinMessage: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { message, standing } = await requireMessage(derived, viewer, inputs.messageId, "pin")
      return changeAllowed(derived, { viewer, message, action: "pin" }, async (changes) => {
        const unpinned = await removePin(changes, message.id)
        if (unpinned?.isNew)
          await recordOnMessage(changes.tx, { standing, actor: viewer, action: "message.unpin", message })
        return unpinned
      })
    },
  },

  getPins: {
    resources: ({ inputs }) => [resource.pins(inputs.channelId)],
    async procedure({ inputs, derived }) {
      const { channel } = await requireChannel(
        derived,
        derived.requireAuth(),
        inputs.channelId,
        "readHistory",
      )
      return listPins(derived.db, channel.id)
    },
  },
}

const resourcesOf = ({ channelId, serverId }: Message) => [
  resource.pins(channelId),
  resource.messages(channelId),
  resource.auditLog(serverId),
]
