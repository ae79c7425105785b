import { Elysia } from "elysia"
import {
  EndTimeoutPanel,
  ModeratePanel,
  NicknamePanel,
  PurgePanel,
  TimeoutPanel,
} from "../../../views/moderation.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { Refusal } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { findUser } from "../accounts/store.ts"
import { listChannels } from "../channels/store.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { findMember } from "../members/store.ts"
import { can, canActOn } from "../permissions/can.ts"
import { requireMessage, requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, type OfMessage, requireViewer, type SignedInViewer, type Visit } from "../visit.ts"
import { actDone } from "./acts-page.tsx"
import { findNickname } from "./nicknames.ts"
import { findTimeout } from "./timeouts.ts"

type OfMember = Visit & { params: { serverId: string; userId: string }; body?: unknown }

const member = "/servers/:serverId/members/:userId"

/** What moderators can do to a person: a menu, and a form for each act. */
export function memberFormsRoutes(services: Services) {
  const form = (name: FormName) => async (visit: OfMember) => {
    const about = await aboutMember(services, visit)
    return panel(visit, about.viewer, {
      title: titles[name],
      markup: await formOf(services, about, name, {}),
    })
  }
  return new Elysia()
    .get(`${member}/moderate`, (visit) => showMenu(services, visit, visit.params))
    .get("/messages/:messageId/moderate", (visit) => fromMessage(services, visit))
    .get(`${member}/timeout`, form("timeout"))
    .get(`${member}/timeout/end`, form("timeoutEnd"))
    .get(`${member}/nickname`, form("nickname"))
    .get(`${member}/purge`, form("purge"))
}

/** Does what these forms ask for. */
export function memberActsRoutes(services: Services) {
  return new Elysia()
    .post(`${member}/timeout`, async (visit) => {
      const { values, reason } = submitted(visit, "seconds")
      const inputs = { ...visit.params, seconds: Number(values.seconds), reason }
      const { data, error } = await act(services, visit, "timeOutMember", inputs)
      return data
        ? actDone(services, visit, { ...visit.params, ...data })
        : refused(visit, "timeout", error, values)
    })
    .post(`${member}/timeout/end`, async (visit) => {
      const { values, reason } = submitted(visit)
      const { data, error } = await act(services, visit, "endTimeout", { ...visit.params, reason })
      return data
        ? actDone(services, visit, { ...visit.params, ...data })
        : refused(visit, "timeoutEnd", error, values)
    })
    .post(`${member}/nickname`, async (visit) => {
      const { values } = submitted(visit, "nickname")
      const { error } = await act(services, visit, "setNickname", {
        ...visit.params,
        nickname: values.nickname ?? "",
      })
      return error
        ? refused(visit, "nickname", error, values)
        : goTo(visit.request, `/servers/${visit.params.serverId}/members`)
    })
    .post(`${member}/purge`, async (visit) => {
      const { values, reason } = submitted(visit, "limit", "seconds", "channelId")
      const limit = values.limit === "all" ? undefined : Number(values.limit)
      const seconds = values.seconds ? Number(values.seconds) : undefined
      const all = limit === undefined ? (true as const) : undefined
      const where = { channelId: values.channelId || undefined, limit, seconds, all }
      const { data, error } = await act(services, visit, "purgeMessages", {
        ...visit.params,
        ...where,
        reason,
      })
      return data
        ? actDone(services, visit, { ...visit.params, ...data })
        : refused(visit, "purge", error, values)
    })

  async function refused(
    visit: OfMember,
    name: FormName,
    error: ProcedureError,
    values: Record<string, string>,
  ): Promise<Response> {
    const about = await aboutMember(services, visit)
    const markup = await formOf(services, about, name, formState(error, values))
    return panel(visit, about.viewer, { title: titles[name], markup, error })
  }
}

/** What each form needs of `may`. */
const needs = { timeout: "timeOut", timeoutEnd: "timeOut", nickname: "name", purge: "purge" } as const

type FormName = "timeout" | "timeoutEnd" | "nickname" | "purge"

const titles: Record<FormName, string> = {
  timeout: "Time out",
  timeoutEnd: "End timeout",
  nickname: "Nickname",
  purge: "Delete messages",
}

/** The fields of a form with a reason; an empty reason is none. */
function submitted({ body }: { body?: unknown }, ...names: string[]) {
  const values = Object.fromEntries([...names, "reason"].map((name) => [name, field(body, name)]))
  return { values, reason: values.reason || undefined } as { values: Record<string, string>; reason?: string }
}

type About = Awaited<ReturnType<typeof aboutMember>>

/** The person of an address, who need not be a member, with the viewer's standing. Fails: 403, 404. */
async function aboutMember(
  services: Services,
  visit: Visit & { params: { serverId: string; userId: string } },
) {
  const { db } = services
  const viewer: SignedInViewer = await requireViewer(services, visit)
  const { serverId, userId } = visit.params
  const access = await requireServer(services, viewer, serverId)
  const found = (await findMember(db, serverId, userId)) ?? undefined
  const person = found ?? (await findUser(db, userId))
  if (!person) throw new Refusal("There is no such user", 404)

  const { server, standing } = access
  const on = (action: Parameters<typeof canActOn>[1]) =>
    found !== undefined && canActOn(standing, action, found)
  const isSelf = userId === viewer.id
  const may = {
    kick: !isSelf && on("kickMembers"),
    ban: !isSelf && (found ? on("banMembers") : can(standing, "banMembers")),
    timeOut: !isSelf && on("timeOutMembers"),
    purge: can(standing, "manageMessages"),
    name: isSelf ? can(standing, "changeNickname") : on("manageNicknames"),
  }
  if (!Object.values(may).some(Boolean)) throw new Refusal("You may not moderate this person", 403)

  const mayGiveRoles = found !== undefined && can(standing, "manageRoles")
  return { viewer, server, may, mayGiveRoles, member: { userId, username: person.username } }
}

async function formOf(
  services: Services,
  about: About,
  name: FormName,
  state: Parameters<typeof TimeoutPanel>[0]["state"],
) {
  const { db } = services
  const { server, member, may } = about
  if (!may[needs[name]]) throw new Refusal("You may not do this to this person", 403)

  const props = { server, member, state }
  if (name === "timeout") return <TimeoutPanel {...props} />
  if (name === "timeoutEnd") return <EndTimeoutPanel {...props} />
  if (name === "nickname") {
    const nickname = (await findNickname(db, server.id, member.userId)) ?? ""
    return <NicknamePanel {...props} state={{ ...state, values: { nickname, ...state.values } }} />
  }
  const channels = await listChannels(db, server.id, about.viewer.id)
  const options = channels.map(({ id, name }) => ({ value: id, label: `#${name}` }))
  return <PurgePanel {...props} channels={options} />
}

async function showMenu(
  services: Services,
  visit: Visit,
  params: { serverId: string; userId: string },
  messageId?: string,
): Promise<Response> {
  const { viewer, server, may, mayGiveRoles, member } = await aboutMember(services, { ...visit, params })
  const isTimedOut = (await findTimeout(services.db, server.id, member.userId)) !== null
  const markup = <ModeratePanel {...{ server, member, may, mayGiveRoles, isTimedOut, messageId }} />
  return panel(visit, viewer, { title: "Moderate", markup })
}

async function fromMessage(services: Services, visit: OfMessage): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { message, standing } = await requireMessage(services, viewer, visit.params.messageId)
  const messageId = can(standing, "delete") && !message.deletedAt ? message.id : undefined
  return showMenu(services, visit, { serverId: message.serverId, userId: message.userId }, messageId)
}
