import { Elysia } from "elysia"
import { MembersPage, MembersPane, RemoveMemberPanel } from "../../../views/members.tsx"
import { LeaveServerPanel } from "../../../views/servers.tsx"
import type { FormState } from "../../../views/ui.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html, wantsFragment } from "../../web/reply.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { actDone } from "../moderation/acts-page.tsx"
import { canActOn } from "../permissions/can.ts"
import { requireServer } from "../permissions/require.ts"
import type { ServerAccess } from "../permissions/store.ts"
import { listServers } from "../servers/store.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, requireViewer, type SignedInViewer, type Visit } from "../visit.ts"
import { requireMember } from "./require-member.ts"
import { countMembers, listMembers, maxMembersListed, searchRankedMembers } from "./store.ts"

/** The list of a server's members, and leaving it. */
export function membersRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/members", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { server, standing } = await requireServer(services, viewer, visit.params.serverId)
      const query = new URL(visit.request.url).searchParams.get("q")?.trim() ?? ""
      const listed =
        query === ""
          ? await listMembers(services.db, server.id)
          : await searchRankedMembers(services.db, server.id, query, maxMembersListed)
      const members = listed.map((member) => ({
        ...member,
        status: services.presence.of(member.userId),
        mayRemove: canActOn(standing, "kickMembers", member),
      }))
      const props = { server, members, total: await countMembers(services.db, server.id) }
      if (wantsFragment(visit.request)) return html(visit.request, String(<MembersPane {...props} />))

      const servers = await listServers(services.db, viewer.id)
      const page = <MembersPage viewer={viewer} servers={servers} query={query} {...props} />
      return html(visit.request, String(page))
    })
    .get("/servers/:serverId/leave", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const access = await requireServer(services, viewer, visit.params.serverId)
      return leaving(visit, { viewer, ...access }, {})
    })
    .post("/servers/:serverId/leave", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const access = await requireServer(services, viewer, visit.params.serverId)
      const { success, error } = await act(services, visit, "leaveServer", { serverId: access.server.id })
      if (success) return goTo(visit.request, "/")

      return leaving(visit, { viewer, ...access }, formState(error, {}), error)
    })

  function leaving(visit: Visit, access: Access, state: FormState, error?: ProcedureError) {
    const markup = <LeaveServerPanel server={access.server} state={state} />
    return settingsPage(services, visit, {
      ...access,
      ...{ section: "danger", title: "Leave server", markup, error },
    })
  }
}

/** Removing a member. */
export function removalRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/members/:userId/remove", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { server } = await requireServer(services, viewer, visit.params.serverId, "kickMembers")
      const member = await requireMember(services, server.id, visit.params.userId)
      const markup = <RemoveMemberPanel server={server} member={member} state={{}} />
      return panel(visit, viewer, { title: "Remove member", markup })
    })
    .post("/servers/:serverId/members/:userId/remove", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { serverId, userId } = visit.params
      const reason = field(visit.body, "reason")
      const { data, error } = await act(services, visit, "removeMember", {
        ...{ serverId, userId, reason: reason || undefined },
      })
      if (data) return actDone(services, visit, { serverId, undoId: data.undoId })

      const { server } = await requireServer(services, viewer, serverId, "kickMembers")
      const member = await requireMember(services, serverId, userId)
      const markup = (
        <RemoveMemberPanel server={server} member={member} state={formState(error, { reason })} />
      )
      return panel(visit, viewer, { title: "Remove member", markup, error })
    })
}

type Access = ServerAccess & { viewer: SignedInViewer }
