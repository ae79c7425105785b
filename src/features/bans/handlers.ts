import { findUser } from "../accounts/store.ts"
import { endMembership, resourcesOfMembership } from "../members/ending.ts"
import { requireServer } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import type { bansContract } from "./contract.ts"
import { deleteBan, insertBan, listBans } from "./store.ts"

export const bansHandlers: Procedures<typeof bansContract> = {
  getBans: {
    resources: ({ inputs }) => [resource.bans(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const { server } = await requireServer(derived, derived.requireAuth(), inputs.serverId, "banMembers")

      return listBans(derived.db, server.id)
    },
  },

  banMember: {
    resources: ({ inputs }) => [...resourcesOfMembership(inputs), resource.bans(inputs.serverId)],
    async procedure({ inputs, derived, error }) {
      const { db } = derived
      const viewer = derived.requireAuth()
      const { serverId, userId, reason } = inputs
      await requireServer(derived, viewer, serverId, "banMembers")
      if (userId === viewer.id) error("You cannot ban yourself", 400)
      if (!(await findUser(db, userId))) error("There is no such user", 404)

      const ban = { serverId, userId, reason: reason || null }
      await endMembership(derived, { serverId, userId }, (tx) => insertBan(tx, ban))
      return null
    },
  },

  unbanMember: {
    resources: ({ inputs }) => [resource.bans(inputs.serverId)],
    async procedure({ inputs, derived, error }) {
      const { commits } = derived
      const { server } = await requireServer(derived, derived.requireAuth(), inputs.serverId, "banMembers")

      const isLifted = await commits.decide((tx) => deleteBan(tx, server.id, inputs.userId))
      return isLifted ? null : error("There is no such ban", 404)
    },
  },
}
