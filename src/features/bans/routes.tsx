import { Elysia } from "elysia"
import { BanMemberPanel, BansPanel } from "../../../views/bans.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, wantsFragment } from "../../web/reply.ts"
import { findUserByName } from "../accounts/store.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { requireMember } from "../members/require-member.ts"
import { actDone } from "../moderation/acts-page.tsx"
import { requireServer } from "../permissions/require.ts"
import { isMember } from "../permissions/store.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { takeBanNames } from "./limits.ts"

type OfMember = Visit & { params: { serverId: string; userId: string } }

/** The panel that lists, creates and lifts bans. */
export function bansRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/bans", (visit) => bans(visit, visit.params.serverId))
    .get("/servers/:serverId/settings/bans", (visit) => bans(visit, visit.params.serverId))
    .post("/servers/:serverId/bans", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { server } = await requireServer(services, viewer, visit.params.serverId, "banMembers")
      const names = ["username", "reason", "expiresInSeconds", "deleteMessageSeconds"] as const
      const values = Object.fromEntries(names.map((name) => [name, field(visit.body, name)])) as Record<
        (typeof names)[number],
        string
      >
      const user = await findUserByName(services.db, values.username.trim())
      const isOutsider = !user || !(await isMember(services.db, server.id, user.id))
      const tooMany = isOutsider ? await takeBanNames(services.limits, viewer.id) : null
      if (tooMany) return bans(visit, server.id, tooMany, values)

      const ban = {
        serverId: server.id,
        userId: user?.id ?? "",
        reason: values.reason || undefined,
        expiresInSeconds: numberIn(values.expiresInSeconds),
        deleteMessageSeconds: numberIn(values.deleteMessageSeconds),
      }
      const { data, error } = user ? await act(services, visit, "banMember", ban) : noneFound
      if (data) return actDone(services, visit, { serverId: server.id, undoId: data.undoId })

      return bans(visit, server.id, error, values)
    })
    .get("/servers/:serverId/members/:userId/ban", (visit) => banPanel(services, visit))
    .post("/servers/:serverId/bans/:userId/lift", async (visit) => {
      const { serverId, userId } = visit.params
      orThrow(await act(services, visit, "unbanMember", { serverId, userId }))
      return wantsFragment(visit.request)
        ? bans(visit, serverId)
        : goTo(visit.request, `/servers/${serverId}/bans`)
    })

  async function bans(
    visit: Visit,
    serverId: string,
    error?: ProcedureError,
    values: Record<string, string> = {},
  ): Promise<Response> {
    const viewer = await requireViewer(services, visit)
    const access = await requireServer(services, viewer, serverId, "banMembers")
    const search = new URL(visit.request.url).searchParams.get("search")?.trim().slice(0, 100) ?? ""
    const listed = orThrow(await act(services, visit, "getBans", { serverId, search }))
    const state = error ? formState(error, values) : {}
    const markup = (
      <BansPanel server={access.server} bans={listed} clock={viewer.clock} state={state} search={search} />
    )
    return settingsPage(services, visit, {
      ...access,
      ...{ viewer, section: "bans", title: "Bans", markup, error },
    })
  }
}

async function banPanel(services: Services, visit: OfMember): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { server } = await requireServer(services, viewer, visit.params.serverId, "banMembers")
  const member = await requireMember(services, server.id, visit.params.userId)
  const markup = <BanMemberPanel server={server} member={member} state={{}} />
  return panel(visit, viewer, { title: "Ban member", markup })
}

const noSuchUser: ProcedureError = {
  code: 404,
  message: "There is no user with this name",
  issues: [{ path: "username", message: "There is no user with this name" }],
}

const noneFound = { data: null, error: noSuchUser }

/** A number of a form's field; `undefined` for an empty one. */
const numberIn = (text: string) => (text === "" ? undefined : Number(text))
