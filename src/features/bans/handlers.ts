import { Refusal } from "../../kernel/index.ts"
import { findUser } from "../accounts/store.ts"
import { recordAct } from "../audit-log/store.ts"
import { decideAllowed } from "../decide-allowed.ts"
import { resourcesOfMembership } from "../end-membership.ts"
import { type ActTarget, decideOnMember, findTarget } from "../moderation/decide-on-member.ts"
import type { NewUndoable } from "../moderation/undo-store.ts"
import { requireServer } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { findStanding } from "../permissions/store.ts"
import type { Procedures } from "../services.ts"
import { ban, deleteAfterBans, type KeptBan, keepBans } from "./banning.ts"
import type { bansContract } from "./contract.ts"
import { deleteBan, listBans } from "./store.ts"

const action = "banMembers"

export const bansHandlers: Procedures<typeof bansContract> = {
  getBans: {
    resources: ({ inputs }) => [resource.bans(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const { server } = await requireServer(derived, derived.requireAuth(), inputs.serverId, action)

      return listBans(derived.db, server.id, inputs.search)
    },
  },

  banMember: {
    resources: ({ inputs }) => resourcesOfBans(inputs.serverId, [inputs.userId]),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, userId, ...terms } = inputs
      const act = newAct(serverId, viewer.id)
      const notOneself = "You cannot ban yourself"
      const decision = { viewer, serverId, userId, action, notOneself, outsidersToo: true } as const
      await decideOnMember(derived, decision, async (changes, target) => {
        const kept = await ban(changes, { serverId, actor: viewer, terms }, target)
        await keepBans(changes, act, [kept])
      })

      await deleteAfterBans(derived, act, [userId], terms)
      return { undoId: act.id }
    },
  },

  banMembers: {
    resources: ({ inputs, outputs }) => resourcesOfBans(inputs.serverId, outputs.bannedIds),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, userIds, ...terms } = inputs
      await requireServer(derived, viewer, serverId, action)
      const act = newAct(serverId, viewer.id)
      const banning = { serverId, actor: viewer, terms }
      const { bans, refused } = await decideAllowed(
        derived,
        { viewer, serverId, action },
        async (changes) => {
          const standing = await findStanding(changes.tx, viewer, serverId)
          const bans: KeptBan[] = []
          const refused: { userId: string; message: string }[] = []
          for (const userId of new Set(userIds)) {
            const asked = { serverId, userId, action, outsidersToo: true } as const
            const target: ActTarget | Refusal =
              userId === viewer.id
                ? new Refusal("You cannot ban yourself", 400)
                : await findTarget(changes.tx, standing, asked)
            if (target instanceof Refusal) refused.push({ userId, message: target.message })
            else bans.push(await ban(changes, banning, target))
          }
          await keepBans(changes, act, bans)
          return { bans, refused }
        },
      )

      const bannedIds = bans.map(({ userId }) => userId)
      await deleteAfterBans(derived, act, bannedIds, terms)
      return { undoId: act.id, bannedIds, refused }
    },
  },

  unbanMember: {
    resources: ({ inputs }) => [resource.bans(inputs.serverId), resource.auditLog(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, userId, reason } = inputs
      await requireServer(derived, viewer, serverId, action)

      return decideAllowed(derived, { viewer, serverId, action }, async ({ tx }) => {
        if (!(await deleteBan(tx, serverId, userId))) return new Refusal("There is no such ban", 404)
        const target = { id: userId, name: (await findUser(tx, userId))?.username ?? userId }
        await recordAct(tx, { serverId, actor: viewer, action: "member.unban", target, reason })
        return null
      })
    },
  },
}

function newAct(serverId: string, actorId: string): NewUndoable {
  return { id: crypto.randomUUID(), serverId, actorId, action: "member.ban", data: {} }
}

function resourcesOfBans(serverId: string, userIds: string[]) {
  const memberships = userIds.flatMap((userId) => resourcesOfMembership({ serverId, userId }))
  return [...new Set(memberships), resource.bans(serverId), resource.auditLog(serverId)]
}
