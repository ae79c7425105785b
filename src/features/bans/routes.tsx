import { Elysia } from "elysia"
import { BanMemberPanel, BansPanel } from "../../../views/bans.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, wantsFragment } from "../../web/reply.ts"
import { findUserByName } from "../accounts/store.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { requireMember } from "../members/require-member.ts"
import { requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"

/** The panel that lists, creates and lifts bans. */
export function bansRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/bans", (visit) => bans(visit, visit.params.serverId))
    .get("/servers/:serverId/settings/bans", (visit) => bans(visit, visit.params.serverId))
    .post("/servers/:serverId/bans", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { server } = await requireServer(services, viewer, visit.params.serverId, "banMembers")
      const values = { username: field(visit.body, "username"), reason: field(visit.body, "reason") }
      const user = await findUserByName(services.db, values.username.trim())
      const ban = { serverId: server.id, userId: user?.id ?? "", reason: values.reason }
      const error = user ? (await act(services, visit, "banMember", ban)).error : noSuchUser
      if (error || wantsFragment(visit.request)) return bans(visit, server.id, error ?? undefined, values)

      return goTo(visit.request, `/servers/${server.id}/bans`)
    })
    .get("/servers/:serverId/members/:userId/ban", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { server } = await requireServer(services, viewer, visit.params.serverId, "banMembers")
      const member = await requireMember(services, server.id, visit.params.userId)
      const markup = <BanMemberPanel server={server} member={member} state={{}} />
      return panel(visit, viewer, { title: "Ban member", markup })
    })
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
    const listed = orThrow(await act(services, visit, "getBans", { serverId }))
    const state = error ? formState(error, values) : {}
    const markup = <BansPanel server={access.server} bans={listed} clock={viewer.clock} state={state} />
    return settingsPage(services, visit, {
      ...access,
      ...{ viewer, section: "bans", title: "Bans", markup, error },
    })
  }
}

const noSuchUser: ProcedureError = {
  code: 404,
  message: "There is no user with this name",
  issues: [{ path: "username", message: "There is no user with this name" }],
}
