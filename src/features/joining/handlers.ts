import { Refusal } from "../../kernel/index.ts"
import { changesOf, recordAct } from "../audit-log/store.ts"
import { decideAllowed } from "../decide-allowed.ts"
import { listRolesOf } from "../permissions/holders.ts"
import { requireServer } from "../permissions/require.ts"
import { type Resource, resource } from "../permissions/resources.ts"
import { findStanding } from "../permissions/store.ts"
import { watchViewers } from "../permissions/viewers.ts"
import { deleteHolding, insertHolding } from "../roles/store.ts"
import type { Derived, Procedures } from "../services.ts"
import type { Joining, JoinSettings, joiningContract } from "./contract.ts"
import { chosenRoles, isSelfServed, questionsFor, refusalOfRoles, rolesIn } from "./questions.ts"
import { lockServer, unlockServer } from "./raid.ts"
import {
  acceptRules,
  findAcceptance,
  findAnswers,
  findJoinSettings,
  forgetAcceptances,
  listChannelsAmong,
  listHeldRoles,
  updateAnswers,
  updateJoinSettings,
} from "./store.ts"

export const joiningHandlers: Procedures<typeof joiningContract> = {
  getJoinSettings: {
    resources: ({ inputs }) => [resource.server(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const { server } = await requireServer(derived, derived.requireAuth(), inputs.serverId, "manageServer")
      return findJoinSettings(derived.db, server.id)
    },
  },

  updateJoinSettings: {
    resources: ({ inputs }) => resourcesOf(inputs.serverId),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, asksAgain, ...given } = inputs
      await requireServer(derived, viewer, serverId, "manageServer")
      const change = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))

      const decision = { viewer, serverId, action: "manageServer" } as const
      return decideAllowed(derived, decision, async ({ tx }) => {
        const before = await findJoinSettings(tx, serverId)
        const after: JoinSettings = { ...before, ...change }
        const standing = await findStanding(tx, viewer, serverId)
        const questions = { before: before.questions, after: after.questions }
        const refusal = await refusalOfRoles(tx, { serverId, standing }, questions)
        if (refusal) return refusal
        const added = after.defaultChannelIds.filter((id) => !before.defaultChannelIds.includes(id))
        if ((await listChannelsAmong(tx, { serverId }, added)).length < added.length) {
          return new Refusal("There is no such channel in this server", 400)
        }

        await updateJoinSettings(tx, serverId, change)
        // Rules are for those who come: nobody stops talking because a server got some.
        if (before.rules === "" && after.rules !== "") await acceptRules(tx, serverId)
        const isAskedAgain = asksAgain === true && after.rules !== ""
        if (isAskedAgain) await forgetAcceptances(tx, serverId)
        const changes = {
          ...changesOf<Record<string, unknown>>(before, change),
          ...(isAskedAgain && { asksAgain: { after: true } }),
        }
        await recordAct(tx, { serverId, actor: viewer, action: "server.join", changes })
        return findJoinSettings(tx, serverId)
      })
    },
  },

  getJoining: {
    resources: ({ inputs }) => [resource.server(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { server } = await requireServer(derived, viewer, inputs.serverId)
      return joiningOf(derived, server.id, viewer.id)
    },
  },

  acceptRules: {
    resources: ({ inputs }) => [resource.server(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { server } = await requireServer(derived, viewer, inputs.serverId)

      await derived.commits.decide((tx) => acceptRules(tx, server.id, viewer.id))
      return null
    },
  },

  answerQuestions: {
    resources: ({ ctx, inputs }) => [
      resource.server(inputs.serverId),
      resource.members(inputs.serverId),
      // The viewer's roles decide which mentions are of them.
      resource.reading(ctx.viewer?.id),
    ],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, answers } = inputs
      await requireServer(derived, viewer, serverId)

      await decideAllowed(derived, { viewer, serverId, action: "read" }, async (changes) => {
        const { tx } = changes
        const { questions } = await findJoinSettings(tx, serverId)
        const chosen = chosenRoles(questions, answers)
        await updateAnswers(tx, { serverId, userId: viewer.id }, answers)
        const roles = (await listRolesOf(tx, serverId)).filter(isSelfServed).map(({ id }) => id)
        const offered = new Set(roles).intersection(rolesIn(questions))
        await watchViewers(changes, { serverId, userId: viewer.id }, async () => {
          for (const roleId of offered) {
            const holding = { serverId, userId: viewer.id, roleId }
            await (chosen.has(roleId) ? insertHolding(tx, holding) : deleteHolding(tx, holding))
          }
        })
        return null
      })
      return joiningOf(derived, serverId, viewer.id)
    },
  },

  lockServer: {
    resources: ({ inputs }) => resourcesOf(inputs.serverId),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, minutes, reason } = inputs
      await requireServer(derived, viewer, serverId, "manageServer")

      const decision = { viewer, serverId, action: "manageServer" } as const
      return decideAllowed(derived, decision, async (changes) => {
        await lockServer(changes, { serverId, minutes, reason, actor: viewer })
        return findJoinSettings(changes.tx, serverId)
      })
    },
  },

  unlockServer: {
    resources: ({ inputs }) => resourcesOf(inputs.serverId),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId } = inputs
      await requireServer(derived, viewer, serverId, "manageServer")

      const decision = { viewer, serverId, action: "manageServer" } as const
      return decideAllowed(derived, decision, async (changes) => {
        const { raidLockedUntil } = await findJoinSettings(changes.tx, serverId)
        if (raidLockedUntil) await unlockServer(changes, serverId, viewer)
        return findJoinSettings(changes.tx, serverId)
      })
    },
  },
}

function resourcesOf(serverId: string): Resource[] {
  return [resource.server(serverId), resource.auditLog(serverId)]
}

async function joiningOf({ db }: Pick<Derived, "db">, serverId: string, userId: string): Promise<Joining> {
  const { rules, questions, defaultChannelIds } = await findJoinSettings(db, serverId)
  const channels = await listChannelsAmong(db, { serverId, viewerId: userId }, defaultChannelIds)
  const acceptedRulesAt = rules === "" ? null : await findAcceptance(db, serverId, userId)
  const hasQuestions = questions.length > 0
  const held = hasQuestions ? await listHeldRoles(db, serverId, userId) : new Set<string>()
  const answered = hasQuestions ? await findAnswers(db, serverId, userId) : new Set<string>()
  return {
    serverId,
    rules,
    acceptedRulesAt,
    channels,
    questions: questionsFor(questions, { held, answered }),
  }
}
