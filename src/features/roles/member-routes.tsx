import { Elysia } from "elysia"
import { MemberRoles, MemberRolesList, memberAddress } from "../../../views/member-roles.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { fields } from "../form-fields.ts"
import { requireMember } from "../members/require-member.ts"
import { countMembers, searchRankedMembers } from "../members/store.ts"
import { askFirst } from "../permission-checks/ask-first.tsx"
import { canActOn } from "../permissions/can.ts"
import { requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, requireViewer, type Visit } from "../visit.ts"
import { listRoles } from "./store.ts"

type OfMember = Visit & { params: { serverId: string; userId: string }; body?: unknown }

/** Members that one page lists. */
const maxListed = 100

/** The section of members in a server's settings: their roles. */
export function memberRolesRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/settings/members", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const access = await requireServer(services, viewer, visit.params.serverId, "manageRoles")
      const { server } = access
      const query = new URL(visit.request.url).searchParams.get("q")?.trim() ?? ""
      const markup = (
        <MemberRolesList
          server={server}
          members={await searchRankedMembers(services.db, server.id, query, maxListed)}
          total={await countMembers(services.db, server.id)}
          query={query}
          roles={await listRoles(services.db, server.id)}
        />
      )
      return settingsPage(services, visit, {
        ...access,
        viewer,
        section: "members",
        title: "Members",
        markup,
      })
    })
    .get("/servers/:serverId/settings/members/:userId", (visit) => showMember(services, visit))
    .post("/servers/:serverId/settings/members/:userId/roles", (visit) => saveRoles(services, visit))
}

async function saveRoles(services: Services, visit: OfMember): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { serverId, userId } = visit.params
  await requireServer(services, viewer, serverId, "manageRoles")
  const member = await requireMember(services, serverId, userId)
  const held = new Set(member.roleIds)
  const wanted = new Set(fields(visit.body, "roles"))
  const changed = fields(visit.body, "shown").filter((roleId) => held.has(roleId) !== wanted.has(roleId))
  const asking = await askFirst(services, visit, {
    change: {
      ...{ kind: "memberRoles", userId },
      given: changed.filter((roleId) => wanted.has(roleId)),
      taken: changed.filter((roleId) => held.has(roleId)),
    },
    section: "members",
    back: memberAddress({ id: serverId }, userId),
  })
  if (asking) return asking

  for (const roleId of changed) {
    const name = wanted.has(roleId) ? "giveRole" : "takeRole"
    const { error } = await act(services, visit, name, { serverId, userId, roleId })
    if (error) return showMember(services, visit, error)
  }
  return goTo(visit.request, `${memberAddress({ id: serverId }, userId)}?saved`)
}

async function showMember(services: Services, visit: OfMember, error?: ProcedureError): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, visit.params.serverId, "manageRoles")
  const { server, standing } = access
  const member = await requireMember(services, server.id, visit.params.userId)
  const roles = (await listRoles(services.db, server.id))
    .filter(({ id }) => id !== server.id)
    .map((role) => ({ ...role, mayManage: canActOn(standing, "manageRoles", { rank: role.position }) }))
  const markup = <MemberRoles server={server} member={member} roles={roles} error={error?.message} />
  const title = `Roles of ${member.username}`
  return settingsPage(services, visit, { ...access, viewer, section: "members", title, markup, error })
}
