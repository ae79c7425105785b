import { findUser } from "../accounts/store.ts"
import { endMembership, resourcesOfMembership } from "../members/ending.ts"
import { requireOwner } from "../members/policy.ts"
import type { Procedures } from "../services.ts"
import type { bansContract } from "./contract.ts"
import { deleteBan, insertBan, listBans } from "./store.ts"

export const bansHandlers: Procedures<typeof bansContract> = {
  getBans: {
    resources: ({ inputs }) => [`bans/server/${inputs.serverId}`],
    async procedure({ inputs, derived, error }) {
      const { serverId } = await requireOwner(derived, inputs.serverId, error)

      return listBans(derived.db, serverId)
    },
  },

  banMember: {
    resources: ({ inputs }) => [...resourcesOfMembership(inputs), `bans/server/${inputs.serverId}`],
    async procedure({ inputs, derived, error }) {
      const { db } = derived
      const { serverId, ownerId } = await requireOwner(derived, inputs.serverId, error)
      const { userId, reason } = inputs
      if (userId === ownerId) error("You cannot ban yourself", 400)
      if (!(await findUser(db, userId))) error("There is no such person", 404)

      const ban = { serverId, userId, reason: reason || null }
      await endMembership(derived, { serverId, userId }, () => insertBan(db, ban))
      return null
    },
  },

  unbanMember: {
    resources: ({ inputs }) => [`bans/server/${inputs.serverId}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const { serverId } = await requireOwner(derived, inputs.serverId, error)

      const isLifted = await commits.run(() => deleteBan(db, serverId, inputs.userId))
      return isLifted ? null : error("There is no such ban", 404)
    },
  },
}
