import { requireServer, requireServerOrConversation } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { isMember } from "../permissions/store.ts"
import type { Procedures } from "../services.ts"
import type { membersContract } from "./contract.ts"
import { endMembership, resourcesOfMembership } from "./ending.ts"
import { listMembers } from "./store.ts"

export const membersHandlers: Procedures<typeof membersContract> = {
  getMembers: {
    resources: ({ inputs }) => [resource.members(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const { server } = await requireServerOrConversation(derived, derived.requireAuth(), inputs.serverId)

      return listMembers(derived.db, server.id)
    },
  },

  leaveServer: {
    resources: ({ inputs, ctx }) => resourcesOfMembership({ ...inputs, userId: ctx.viewer?.id ?? "" }),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { server } = await requireServer(derived, viewer, inputs.serverId, "leaveServer")

      await endMembership(derived, { serverId: server.id, userId: viewer.id })
      return null
    },
  },

  removeMember: {
    resources: ({ inputs }) => resourcesOfMembership(inputs),
    async procedure({ inputs, derived, error }) {
      const viewer = derived.requireAuth()
      const { serverId, userId } = inputs
      await requireServer(derived, viewer, serverId, "kickMembers")
      if (userId === viewer.id) error("You cannot remove yourself", 400)
      if (!(await isMember(derived.db, serverId, userId))) error("There is no such member", 404)

      await endMembership(derived, { serverId, userId })
      return null
    },
  },
}
