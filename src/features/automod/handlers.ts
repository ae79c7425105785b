import type { Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { changesOf, recordAct } from "../audit-log/store.ts"
import { decideAllowed } from "../decide-allowed.ts"
import { listRolesOf } from "../permissions/holders.ts"
import { requireServer } from "../permissions/require.ts"
import { type Resource, resource } from "../permissions/resources.ts"
import type { Derived, Procedures } from "../services.ts"
import { hitsOf } from "./check.ts"
import { type AutomodRule, type automodContract, maxRulesOf } from "./contract.ts"
import { compileTrigger } from "./rules.ts"
import {
  countChannelsAmong,
  deleteAutomodRule,
  findAutomodRule,
  insertAutomodRule,
  listAutomodRules,
  updateAutomodRule,
} from "./store.ts"

export const automodHandlers: Procedures<typeof automodContract> = {
  getAutomodRules: {
    resources: ({ inputs }) => [resource.automod(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const { server } = await requireServer(derived, derived.requireAuth(), inputs.serverId, "manageServer")
      return listAutomodRules(derived.db, server.id)
    },
  },

  createAutomodRule: {
    resources: ({ inputs }) => resourcesOf(inputs.serverId),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { server } = await requireServer(derived, viewer, inputs.serverId, "manageServer")
      const rule: AutomodRule = { ...inputs, id: crypto.randomUUID(), createdAt: new Date() }

      const decision = { viewer, serverId: server.id, action: "manageServer" } as const
      return decideAllowed(derived, decision, async ({ tx }) => {
        const refusal = (await tooMany(tx, rule)) ?? (await foreign(tx, rule))
        if (refusal) return refusal

        await insertAutomodRule(tx, rule)
        await recordAct(tx, {
          serverId: server.id,
          actor: viewer,
          action: "automod.create",
          target: { id: rule.id, name: rule.name },
          changes: changesOf<Record<string, unknown>>({}, recorded(rule)),
        })
        return rule
      })
    },
  },

  updateAutomodRule: {
    resources: ({ outputs }) => resourcesOf(outputs.serverId),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { ruleId, ...given } = inputs
      const { serverId } = await requireRule(derived, ruleId)

      const decision = { viewer, serverId, action: "manageServer" } as const
      return decideAllowed(derived, decision, async ({ tx }) => {
        const before = await findAutomodRule(tx, ruleId)
        if (!before) return noSuchRule()
        if (given.trigger && given.trigger.kind !== before.trigger.kind) {
          return new Refusal("A rule keeps the kind of its trigger. Create another rule", 400)
        }
        const rule: AutomodRule = { ...before, ...withoutUndefined(given) }
        const refusal = await foreign(tx, rule)
        if (refusal) return refusal

        await updateAutomodRule(tx, rule)
        await recordAct(tx, {
          serverId,
          actor: viewer,
          action: "automod.update",
          target: { id: rule.id, name: rule.name },
          changes: changesOf<Record<string, unknown>>(recorded(before), recorded(rule)),
        })
        return rule
      })
    },
  },

  deleteAutomodRule: {
    resources: ({ outputs }) => resourcesOf(outputs.serverId),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const rule = await requireRule(derived, inputs.ruleId)
      const { serverId } = rule

      return decideAllowed(derived, { viewer, serverId, action: "manageServer" }, async ({ tx }) => {
        if (!(await deleteAutomodRule(tx, rule.id))) return noSuchRule()
        await recordAct(tx, {
          serverId,
          actor: viewer,
          action: "automod.delete",
          target: { id: rule.id, name: rule.name },
        })
        return rule
      })
    },
  },

  testAutomodRule: {
    async procedure({ inputs, derived }) {
      const { db } = derived
      const { serverId, text, trigger } = inputs
      await requireServer(derived, derived.requireAuth(), serverId, "manageServer")

      const rules = trigger ? [draftOf(serverId, trigger)] : await listAutomodRules(db, serverId)
      const compiled = rules.map((rule) => ({ rule, findIn: compileTrigger(rule.trigger) }))
      return hitsOf(derived, compiled, { serverId, text })
    },
  },
}

function resourcesOf(serverId: string): Resource[] {
  return [resource.automod(serverId), resource.auditLog(serverId)]
}

function noSuchRule(): Refusal {
  return new Refusal("There is no such rule", 404)
}

/** Finds a rule for a viewer who may manage its server. Others get the same 404 as for a rule that is not there. */
async function requireRule(derived: Derived, ruleId: string): Promise<AutomodRule> {
  const viewer = derived.requireAuth()
  const rule = await findAutomodRule(derived.db, ruleId)
  if (!rule) throw noSuchRule()

  await requireServer(derived, viewer, rule.serverId, "manageServer").catch((error) => {
    throw error instanceof Refusal ? noSuchRule() : error
  })
  return rule
}

async function tooMany(tx: Tx, { serverId, trigger: { kind } }: AutomodRule): Promise<Refusal | undefined> {
  const rules = await listAutomodRules(tx, serverId)
  const max = maxRulesOf[kind]
  if (rules.filter(({ trigger }) => trigger.kind === kind).length < max) return undefined

  const many = max === 1 ? "one rule" : `${max} rules`
  return new Refusal(`A server has at most ${many} of this kind. Change or delete one`, 400)
}

/** Refuses roles and channels of other servers. */
async function foreign(tx: Tx, rule: AutomodRule): Promise<Refusal | undefined> {
  const { serverId, actions, exemptChannelIds, exemptRoleIds } = rule
  const alerted = actions.flatMap((action) => (action.kind === "alert" ? [action.channelId] : []))
  const channelIds = [...new Set([...exemptChannelIds, ...alerted])]
  if ((await countChannelsAmong(tx, serverId, channelIds)) < channelIds.length) {
    return new Refusal("There is no such channel in this server", 400)
  }
  const roles = exemptRoleIds.length > 0 ? await listRolesOf(tx, serverId) : []
  // Everyone has the role of the server's id: exempting it would switch the rule off.
  const known = new Set(roles.map(({ id }) => id).filter((id) => id !== serverId))
  return exemptRoleIds.every((id) => known.has(id))
    ? undefined
    : new Refusal("There is no such role in this server", 400)
}

/** The fields of a rule that the audit log shows. Of long lists it keeps the length. */
function recorded(rule: AutomodRule): Record<string, unknown> {
  const { name, trigger, actions, exemptRoleIds, exemptChannelIds, isEnabled } = rule
  const told = trigger.kind === "words" ? { kind: trigger.kind, words: trigger.words.length } : trigger
  return { name, trigger: told, actions, exemptRoleIds, exemptChannelIds, isEnabled }
}

function withoutUndefined<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}

function draftOf(serverId: string, trigger: AutomodRule["trigger"]): AutomodRule {
  return {
    ...{ id: "draft", serverId, name: "Draft", trigger, actions: [] },
    ...{ exemptRoleIds: [], exemptChannelIds: [], isEnabled: true, createdAt: new Date() },
  }
}
