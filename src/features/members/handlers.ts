import type { Procedures } from "../services.ts"
import type { membersContract } from "./contract.ts"
import { endMembership, resourcesOfMembership } from "./ending.ts"
import { requireMember, requireOwner, requireServerMember } from "./policy.ts"
import { findMember, listMembers } from "./store.ts"

export const membersHandlers: Procedures<typeof membersContract> = {
  getMembers: {
    resources: ({ inputs }) => [`members/server/${inputs.serverId}`],
    async procedure({ inputs, derived, error }) {
      const { serverId } = await requireMember(derived, inputs.serverId, error)

      return listMembers(derived.db, serverId)
    },
  },

  leaveServer: {
    resources: ({ inputs, ctx }) => resourcesOfMembership({ ...inputs, userId: ctx.viewer?.id ?? "" }),
    async procedure({ inputs, derived, error }) {
      const { serverId, userId, ownerId } = await requireServerMember(derived, inputs.serverId, error)
      if (userId === ownerId) error("The owner cannot leave. Delete the server instead", 400)

      await endMembership(derived, { serverId, userId })
      return null
    },
  },

  removeMember: {
    resources: ({ inputs }) => resourcesOfMembership(inputs),
    async procedure({ inputs, derived, error }) {
      const { serverId, ownerId } = await requireOwner(derived, inputs.serverId, error)
      if (inputs.userId === ownerId) error("You cannot remove yourself", 400)
      if (!(await findMember(derived.db, serverId, inputs.userId))) error("There is no such member", 404)

      await endMembership(derived, { serverId, userId: inputs.userId })
      return null
    },
  },
}
