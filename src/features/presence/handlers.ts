import { can } from "../permissions/can.ts"
import { connectToChannel } from "../permissions/connect.ts"
import { findPersonal } from "../profiles/store.ts"
import type { Channels } from "../services.ts"
import type { presenceChannels } from "./contract.ts"
import { typingLimit } from "./limits.ts"

export const presenceHandlers: Channels<typeof presenceChannels> = {
  presence: {
    onConnect: connectToChannel,

    async onMessage({ inputs, params, context, derived }) {
      const { userId, username, isBot, pair } = context
      if (inputs.status !== "typing") {
        // Read again: the connection may be older than the choice.
        const personal = await findPersonal(derived.db, userId)
        return derived.presence.set({ userId, username, presence: personal?.presence }, inputs.status)
      }

      const sender = await derived.senders.find({ id: userId, isBot }, params.channelId, pair)
      if (sender.standing && !can(sender.standing, "send")) return

      // A typing event is worth nothing later, so excess ones are dropped, not refused.
      const waitSeconds = await derived.limits.get(typingLimit).take(`${userId} ${params.channelId}`)
      if (waitSeconds > 0) return
      const face = await derived.faces.in(params.channelId, userId)
      // Who looks offline does not type.
      if (face?.presence === "invisible") return
      const { displayName = null, nickname = null } = face ?? {}
      const names = { userId, username, displayName, nickname }
      await derived.server.postChannelMessage("presence", params, { ...names, status: "typing" })
    },
  },
}
