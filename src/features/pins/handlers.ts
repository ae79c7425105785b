import type { ProcedureRefuse } from "../../kernel/index.ts"
import { writeRefusal } from "../blocks/policy.ts"
import { requireChannel } from "../channels/policy.ts"
import { requireMessage } from "../messages/policy.ts"
import { publishChange } from "../publishing/publisher.ts"
import type { Derived, Procedures } from "../services.ts"
import type { pinsContract } from "./contract.ts"
import { insertPin, listPins, removePin } from "./store.ts"

export const pinsHandlers: Procedures<typeof pinsContract> = {
  pinMessage: {
    resources: ({ outputs }) => resourcesOf(outputs.channelId),
    async procedure({ inputs, derived, error }) {
      const { id, viewerId } = await requireMayPin(derived, inputs.messageId, error)
      return publishChange(derived, (changes) => insertPin(changes, id, viewerId))
    },
  },

  unpinMessage: {
    resources: ({ outputs }) => resourcesOf(outputs.channelId),
    async procedure({ inputs, derived, error }) {
      const { id } = await requireMayPin(derived, inputs.messageId, error)
      return publishChange(derived, (changes) => removePin(changes, id))
    },
  },

  getPins: {
    resources: ({ inputs }) => [`pins/channel/${inputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { id } = await requireChannel(derived, inputs.channelId, error)
      return listPins(derived.db, id)
    },
  },
}

const resourcesOf = (channelId: string) => [`pins/channel/${channelId}`, `messages/channel/${channelId}`]

async function requireMayPin(derived: Derived, messageId: string, error: ProcedureRefuse) {
  const { message, mayPin, pair } = await requireMessage(derived, messageId, error)
  if (!mayPin) error("Only the server's owner may pin messages", 403)

  const { id: viewerId } = derived.requireAuth()
  const refusal = writeRefusal(derived.db, pair, viewerId)
  if (refusal) error(refusal, 403)
  return { id: message.id, viewerId }
}
