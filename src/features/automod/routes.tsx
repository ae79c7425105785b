import { Elysia } from "elysia"
import { AutomodSection, kindName, type RuleForm, RuleSection } from "../../../views/automod.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { listRolesOf } from "../permissions/holders.ts"
import { requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, orThrow, refusalOf, requireViewer, type Visit } from "../visit.ts"
import { formOf, kindOf, refusedForm, ruleOf } from "./forms.ts"
import { findAutomodRule, listAutomodRules, listChannelsToChoose } from "./store.ts"

const section = "automod"

type OfServer = Visit & { params: { serverId: string }; body?: unknown }
type OfRule = Visit & { params: { serverId: string; ruleId: string }; body?: unknown }

/** The section “Automod” of a server's settings: its rules, one rule, and testing a text. */
export function automodRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/settings/automod", (visit) => showRules(services, visit))
    .get("/servers/:serverId/settings/automod/new", (visit) => {
      const kind = kindOf(new URL(visit.request.url).searchParams.get("kind") ?? "")
      return showRule(services, visit, { form: formOf(kind) })
    })
    .post("/servers/:serverId/settings/automod", (visit) => create(services, visit))
    .get("/servers/:serverId/settings/automod/:ruleId", async (visit) => {
      const rule = await requireRuleOf(services, visit)
      return showRule(services, visit, { ruleId: rule.id, form: formOf(rule.trigger.kind, rule) })
    })
    .post("/servers/:serverId/settings/automod/:ruleId", (visit) => update(services, visit))
    .post("/servers/:serverId/settings/automod/:ruleId/delete", async (visit) => {
      const rule = await requireRuleOf(services, visit)
      orThrow(await act(services, visit, "deleteAutomodRule", { ruleId: rule.id }))
      return goTo(visit.request, addressOf(rule.serverId))
    })
}

const addressOf = (serverId: string) => `/servers/${serverId}/settings/${section}`

async function showRules(services: Services, visit: OfServer): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, visit.params.serverId, "manageServer")
  const { server } = access
  const rules = await listAutomodRules(services.db, server.id)
  const text = new URL(visit.request.url).searchParams.get("text")
  const result =
    text === null ? undefined : await act(services, visit, "testAutomodRule", { serverId: server.id, text })
  const tested = result && { text: text ?? "", hits: result.data ?? [], error: result.error?.message }
  return settingsPage(services, visit, {
    ...access,
    viewer,
    section,
    title: "Automod",
    markup: <AutomodSection server={server} rules={rules} tested={tested} />,
  })
}

async function create(services: Services, visit: OfServer): Promise<Response> {
  const { serverId } = visit.params
  await requireServer(services, await requireViewer(services, visit), serverId, "manageServer")
  const kind = kindOf(String((visit.body as { kind?: unknown } | undefined)?.kind))
  const rule = ruleOf(visit.body, kind)
  const { error } = await act(services, visit, "createAutomodRule", { serverId, ...rule })
  if (!error) return goTo(visit.request, `${addressOf(serverId)}?saved`)

  return showRule(services, visit, { form: refusedForm(visit.body, kind, error), error })
}

async function update(services: Services, visit: OfRule): Promise<Response> {
  const rule = await requireRuleOf(services, visit)
  const { kind } = rule.trigger
  const given = { ruleId: rule.id, ...ruleOf(visit.body, kind) }
  const { error } = await act(services, visit, "updateAutomodRule", given)
  if (!error) return goTo(visit.request, `${addressOf(rule.serverId)}?saved`)
  if (error.code === 404) throw refusalOf(error)

  return showRule(services, visit, { ruleId: rule.id, form: refusedForm(visit.body, kind, error), error })
}

interface ShownRule {
  ruleId?: string
  form: RuleForm
  error?: ProcedureError
}

async function showRule(
  services: Services,
  visit: OfServer,
  { ruleId, form, error }: ShownRule,
): Promise<Response> {
  const { db } = services
  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, visit.params.serverId, "manageServer")
  const { server } = access
  const roles = (await listRolesOf(db, server.id)).filter(({ id }) => id !== server.id)
  const channels = await listChannelsToChoose(db, server.id, viewer.id)
  const props = {
    ...{ server, ruleId, form },
    roles: roles.map(({ id, name }) => ({ value: id, label: name })),
    channels: channels.map(({ id, name }) => ({ value: id, label: `#${name}` })),
  }
  return settingsPage(services, visit, {
    ...access,
    viewer,
    section,
    title: `${ruleId === undefined ? "New rule" : "Rule"}: ${kindName(form.kind)}`,
    markup: <RuleSection {...props} />,
    error,
  })
}

/** The rule of an address, for a viewer who may manage its server. Fails: 403, 404. */
async function requireRuleOf(services: Services, visit: OfRule) {
  const { serverId, ruleId } = visit.params
  await requireServer(services, await requireViewer(services, visit), serverId, "manageServer")
  const rule = await findAutomodRule(services.db, ruleId)
  if (rule?.serverId !== serverId) throw new Refusal("There is no such rule", 404)

  return rule
}
