import { recordAct } from "../audit-log/store.ts"
import { endMembership, resourcesOfMembership } from "../end-membership.ts"
import { decideOnMember } from "../moderation/decide-on-member.ts"
import { moderationDuty } from "../moderation/duty.ts"
import { insertUndoable } from "../moderation/undo-store.ts"
import { requireServer, requireServerOrConversation } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import type { membersContract } from "./contract.ts"
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

      await derived.publisher.decide((changes) =>
        endMembership(changes, { serverId: server.id, userId: viewer.id }),
      )
      return null
    },
  },

  removeMember: {
    resources: ({ inputs }) => [...resourcesOfMembership(inputs), resource.auditLog(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, userId, reason } = inputs
      const undoId = crypto.randomUUID()
      const notOneself = "You cannot remove yourself"
      const decision = { viewer, serverId, userId, action: "kickMembers", notOneself } as const
      await decideOnMember(derived, decision, async (changes, target) => {
        const { tx } = changes
        const membership = await endMembership(changes, { serverId, userId })
        const act = { serverId, action: "member.kick" } as const
        await recordAct(tx, { ...act, actor: viewer, target, reason })
        await insertUndoable(tx, { ...act, id: undoId, actorId: viewer.id, data: { userId, membership } })
        changes.afterCommit(() => derived.workers.get(moderationDuty).ask())
      })
      return { undoId }
    },
  },
}
