import { Elysia } from "elysia"
import { formOfQuestion, type QuestionForm, QuestionSection } from "../../../views/join-questions.tsx"
import { JoiningSection } from "../../../views/joining-settings.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { listChannels } from "../channels/store.ts"
import { field, fields, formState } from "../form-fields.ts"
import { listRolesOf } from "../permissions/holders.ts"
import { requireServer } from "../permissions/require.ts"
import type { ServerAccess } from "../permissions/store.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { type JoinQuestion, type JoinSettings, maxJoinAnswers } from "./contract.ts"
import { rolesIn, rolesToOffer } from "./questions.ts"
import { isRaidLocked } from "./raid.ts"
import { findJoinSettings, findSystemPlace } from "./store.ts"

const section = "joining"

type OfServer = Visit & { params: { serverId: string }; body?: unknown }
type OfQuestion = Visit & { params: { serverId: string; questionId: string }; body?: unknown }

const addressOf = (serverId: string) => `/servers/${serverId}/settings/${section}`

/** The section “Joining” of a server's settings. */
export function joiningSettingsRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/settings/joining", (visit) => showSettings(services, visit))
    .post("/servers/:serverId/settings/joining", (visit) => saveSettings(services, visit))
    .post("/servers/:serverId/settings/joining/lock", async (visit) => {
      const { serverId } = visit.params
      orThrow(
        await act(services, visit, "lockServer", { serverId, minutes: Number(field(visit.body, "minutes")) }),
      )
      return goTo(visit.request, addressOf(serverId))
    })
    .post("/servers/:serverId/settings/joining/unlock", async (visit) => {
      const { serverId } = visit.params
      orThrow(await act(services, visit, "unlockServer", { serverId }))
      return goTo(visit.request, addressOf(serverId))
    })
    .get("/servers/:serverId/settings/joining/questions/:questionId", (visit) =>
      showQuestion(services, visit),
    )
    .post("/servers/:serverId/settings/joining/questions/:questionId", (visit) =>
      saveQuestion(services, visit),
    )
    .post("/servers/:serverId/settings/joining/questions/:questionId/delete", async (visit) => {
      const { serverId, questionId } = visit.params
      const { settings } = await requireQuestion(services, visit)
      const questions = settings.questions.filter(({ id }) => id !== questionId)
      orThrow(await act(services, visit, "updateJoinSettings", { serverId, questions }))
      return goTo(visit.request, addressOf(serverId))
    })
}

async function showSettings(
  services: Services,
  visit: OfServer,
  error?: ProcedureError,
  submitted?: Record<string, string>,
): Promise<Response> {
  const { db } = services
  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, visit.params.serverId, "manageServer")
  const { server } = access
  const settings = await findJoinSettings(db, server.id)
  const values = submitted ?? valuesOf(settings)
  const place = await findSystemPlace(db, server.id)
  const props = {
    ...{ server, settings, clock: viewer.clock, isLocked: isRaidLocked(settings) },
    hasSystemChannel: Boolean(place?.systemChannelId),
    roles: await roleOptions(services, access, settings),
    channels: await channelOptions(services, server.id, viewer.id),
    state: error ? formState(error, values) : { values },
  }
  return settingsPage(services, visit, {
    ...{ ...access, viewer, section, error, title: "Joining" },
    markup: <JoiningSection {...props} />,
  })
}

const numbers = ["minAccountMinutes", "minMemberMinutes", "raidJoinsPerMinute"] as const
const names = ["rules", "welcome", ...numbers] as const

function valuesOf(settings: JoinSettings): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `${settings[name]}`]))
}

async function saveSettings(services: Services, visit: OfServer): Promise<Response> {
  const { serverId } = visit.params
  const values = Object.fromEntries(names.map((name) => [name, field(visit.body, name)]))
  const { error } = await act(services, visit, "updateJoinSettings", {
    serverId,
    rules: values.rules,
    welcome: values.welcome,
    defaultChannelIds: fields(visit.body, "defaultChannelIds"),
    asksAgain: field(visit.body, "asksAgain") === "" ? undefined : true,
    ...Object.fromEntries(numbers.map((name) => [name, Number(values[name])])),
  })
  if (error) return showSettings(services, visit, error, values)

  return goTo(visit.request, `${addressOf(serverId)}?saved`)
}

/** The roles that the viewer may let answers give, and those that they give already. */
async function roleOptions(
  { db }: Services,
  { server, standing }: ServerAccess,
  { questions }: JoinSettings,
) {
  const roles = await listRolesOf(db, server.id)
  const offered = new Set(rolesToOffer(roles, standing).map(({ id }) => id)).union(rolesIn(questions))
  return roles.filter(({ id }) => offered.has(id)).map(({ id, name }) => ({ value: id, label: name }))
}

async function channelOptions({ db }: Services, serverId: string, viewerId: string) {
  return (await listChannels(db, serverId, viewerId)).map(({ id, name }) => ({
    value: id,
    label: `#${name}`,
  }))
}

/** The question of an address; none for a new one. Fails: 403, 404. */
async function requireQuestion(services: Services, visit: OfQuestion) {
  const { serverId, questionId } = visit.params
  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, serverId, "manageServer")
  const settings = await findJoinSettings(services.db, serverId)
  const question = settings.questions.find(({ id }) => id === questionId)
  if (!question && questionId !== "new") throw new Refusal("There is no such question", 404)

  return { viewer, access, settings, question }
}

async function showQuestion(
  services: Services,
  visit: OfQuestion,
  error?: ProcedureError,
  submitted?: QuestionForm,
): Promise<Response> {
  const { viewer, access, settings, question } = await requireQuestion(services, visit)
  const { server } = access
  const props = {
    ...{ server, questionId: question?.id, form: submitted ?? formOfQuestion(question) },
    roles: await roleOptions(services, access, settings),
    state: error ? stateOf(error) : {},
  }
  return settingsPage(services, visit, {
    ...{ ...access, viewer, section, error, title: question ? "Question" : "New question" },
    markup: <QuestionSection {...props} />,
  })
}

/** The contract names a question by its place; here is only one. */
function stateOf(error: ProcedureError) {
  const issues = error.issues?.map(({ path, message }) => ({
    path: path.endsWith(".title") ? "title" : "answers",
    message,
  }))
  return formState({ ...error, issues }, { title: "", answers: "" })
}

async function saveQuestion(services: Services, visit: OfQuestion): Promise<Response> {
  const { serverId } = visit.params
  const { settings, question } = await requireQuestion(services, visit)
  const form = formFrom(visit.body)
  const saved = questionOf(form, question?.id ?? crypto.randomUUID())
  const questions = question
    ? settings.questions.map((each) => (each.id === question.id ? saved : each))
    : [...settings.questions, saved]
  const { error } = await act(services, visit, "updateJoinSettings", { serverId, questions })
  if (error) return showQuestion(services, visit, error, form)

  return goTo(visit.request, `${addressOf(serverId)}?saved`)
}

function formFrom(body: unknown): QuestionForm {
  const answers = Array.from({ length: maxJoinAnswers }, (_, index) => ({
    id: field(body, `answer${index}Id`),
    label: field(body, `answer${index}`),
    roleId: field(body, `answer${index}Role`),
  }))
  return {
    title: field(body, "title"),
    isMultiple: field(body, "isMultiple") !== "",
    answers: answers.filter(({ label }) => label.trim() !== ""),
  }
}

function questionOf({ title, isMultiple, answers }: QuestionForm, id: string): JoinQuestion {
  return {
    ...{ id, title, isMultiple },
    answers: answers.map((answer) => ({
      id: answer.id || crypto.randomUUID(),
      label: answer.label,
      roleId: answer.roleId || null,
    })),
  }
}
