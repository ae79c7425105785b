import { Elysia } from "elysia"
import { RoleEditor } from "../../../views/role-editor.tsx"
import { DeleteRolePanel, RoleList, roleAddress } from "../../../views/roles.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { findUserByName } from "../accounts/store.ts"
import { field, formState } from "../form-fields.ts"
import { askFirst } from "../permission-checks/ask-first.tsx"
import { noPermissions } from "../permissions/bits.ts"
import { canActOn } from "../permissions/can.ts"
import { requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { savedPart, settingsPage } from "../settings-page.tsx"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { hexOf } from "./colors.ts"
import type { Role } from "./contract.ts"
import { choicesOf, chosenPermissions } from "./permission-choices.ts"
import { requireListedRole } from "./require-role.ts"
import { findRole, listColoredRoles, listCountedRoles, listHolders } from "./store.ts"
import { roleStyles, stylesVersion } from "./styles.ts"

type OfServer = Visit & { params: { serverId: string }; body?: unknown }
type OfRole = Visit & { params: { serverId: string; roleId: string }; body?: unknown }

/** Members that the page of a role lists. */
const maxHolders = 1000

/** The section of roles in a server's settings, and the colors of names. */
export function rolesRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/roles.css", (visit) => styleSheet(services, visit))
    .get("/servers/:serverId/settings/roles", (visit) => showList(services, visit))
    .post("/servers/:serverId/settings/roles", async (visit) => {
      const { serverId } = visit.params
      const name = field(visit.body, "name")
      const { success, data, error } = await act(services, visit, "createRole", { serverId, name })
      if (!success) return showList(services, visit, { error, name })

      return goTo(visit.request, roleAddress({ id: serverId }, data.id))
    })
    .post("/servers/:serverId/settings/roles/move", async (visit) => {
      const { serverId } = visit.params
      const [id, position] = [field(visit.body, "roleId"), Number(field(visit.body, "position"))]
      orThrow(await act(services, visit, "moveRoles", { serverId, positions: [{ id, position }] }))
      return goTo(visit.request, `${roleAddress({ id: serverId })}#role-${id}`)
    })
    .use(roleRoutes(services))
}

function roleRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/settings/roles/:roleId", (visit) => showRole(services, visit))
    .post("/servers/:serverId/settings/roles/:roleId", async (visit) => {
      const values = displayValues(visit.body)
      const color = values.hasColor === "on" ? Number.parseInt(values.color.slice(1), 16) : 0
      const { error } = await act(services, visit, "updateRole", {
        ...{ ...visit.params, name: values.name, color },
        hoist: values.hoist === "on",
        mentionable: values.mentionable === "on",
      })
      return error ? showRole(services, visit, { error, values }) : backTo(visit, "?saved")
    })
    .post("/servers/:serverId/settings/roles/:roleId/permissions", async (visit) => {
      await requireViewer(services, visit)
      const role = await findRole(services.db, visit.params)
      const permissions = String(chosenPermissions(visit.body, BigInt(role?.permissions ?? 0)))
      const { serverId, roleId } = visit.params
      const asking = await askFirst(services, visit, {
        change: { kind: "role", roleId, permissions },
        section: "roles",
        back: roleAddress({ id: serverId }, roleId),
      })
      if (asking) return asking

      const { error } = await act(services, visit, "updateRole", { ...visit.params, permissions })
      return error ? showRole(services, visit, { error }) : backTo(visit, "?saved=permissions#permissions")
    })
    .get("/servers/:serverId/settings/roles/:roleId/delete", async (visit) => {
      const { viewer, access, role } = await requireListed(services, visit)
      const holders = await listHolders(services.db, role.id, maxHolders)
      const markup = <DeleteRolePanel server={access.server} role={role} holders={holders.length} />
      const title = "Delete role"
      return settingsPage(services, visit, { ...access, viewer, section: "roles", title, markup })
    })
    .post("/servers/:serverId/settings/roles/:roleId/delete", async (visit) => {
      orThrow(await act(services, visit, "deleteRole", visit.params))
      return goTo(visit.request, roleAddress({ id: visit.params.serverId }))
    })
    .post("/servers/:serverId/settings/roles/:roleId/members", async (visit) => {
      await requireListed(services, visit)
      const username = field(visit.body, "username")
      const user = await findUserByName(services.db, username.trim())
      // The same answer for a name that nobody has as for one of somebody who is no member.
      const { error } = await act(services, visit, "giveRole", { ...visit.params, userId: user?.id ?? "" })
      return error ? showRole(services, visit, { error, username }) : backTo(visit, "#holders")
    })
    .post("/servers/:serverId/settings/roles/:roleId/members/:userId/remove", async (visit) => {
      orThrow(await act(services, visit, "takeRole", visit.params))
      return backTo(visit, "#holders")
    })
}

function backTo({ request, params }: OfRole, place: string): Response {
  return goTo(request, roleAddress({ id: params.serverId }, params.roleId) + place)
}

async function requireListed(services: Services, visit: OfRole) {
  const viewer = await requireViewer(services, visit)
  const { access, role } = await requireListedRole(services.db, viewer, visit.params)
  return { viewer, access, role }
}

async function showList(
  services: Services,
  visit: OfServer,
  { error, name = "" }: { error?: ProcedureError; name?: string } = {},
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, visit.params.serverId, "manageRoles")
  const roles = await listCountedRoles(services.db, access.server.id)
  const mayBe = (position: number) =>
    position > 0 && canActOn(access.standing, "manageRoles", { rank: position })
  const highest = roles[0]?.position ?? 0
  const listed = roles.map((role) => ({
    ...role,
    mayMoveUp: mayBe(role.position) && role.position < highest && mayBe(role.position + 1),
    mayMoveDown: mayBe(role.position) && role.position > 1,
  }))
  const state = error ? formState(error, { name }) : {}
  const markup = <RoleList server={access.server} roles={listed} state={state} />
  return settingsPage(services, visit, { ...access, viewer, section: "roles", title: "Roles", markup, error })
}

interface Refused {
  error?: ProcedureError
  /** What was typed into the form with the name, or the one that adds a member. */
  values?: Record<string, string>
  username?: string
}

async function showRole(services: Services, visit: OfRole, refused: Refused = {}): Promise<Response> {
  const { error, values, username } = refused
  const { viewer, access, role } = await requireListed(services, visit)
  const { server, standing } = access
  const isEveryone = role.id === role.serverId
  const mayManage = canActOn(standing, "manageRoles", { rank: role.position })
  const query = field(visit.body, "q") || (new URL(visit.request.url).searchParams.get("q") ?? "")
  const markup = (
    <RoleEditor
      server={server}
      role={role}
      mayManage={mayManage}
      isEveryone={isEveryone}
      arePermissionsSaved={savedPart(visit.request) === "permissions"}
      permissions={choicesOf({
        allowed: BigInt(role.permissions),
        changeable: mayManage ? standing.permissions : noPermissions,
        query,
      })}
      holders={isEveryone ? [] : await listHolders(services.db, role.id, maxHolders)}
      state={error && values ? formState(error, values) : { values: valuesOf(role) }}
      addState={error && username !== undefined ? formState(error, { username }) : {}}
      error={error && !values && username === undefined ? error.message : undefined}
    />
  )
  return settingsPage(services, visit, {
    ...access,
    viewer,
    section: "roles",
    title: role.name,
    markup,
    error,
  })
}

function valuesOf({ name, color, hoist, mentionable }: Role): Record<string, string> {
  const on = (isOn: boolean) => (isOn ? "on" : "")
  return {
    ...{ name, color: hexOf(color || defaultColor) },
    ...{ hasColor: on(color !== 0), hoist: on(hoist), mentionable: on(mentionable) },
  }
}

/** What the color field shows before one is chosen. */
const defaultColor = 0x2e_8b_57

function displayValues(body: unknown) {
  return {
    name: field(body, "name"),
    color: field(body, "color"),
    hasColor: field(body, "hasColor"),
    hoist: field(body, "hoist"),
    mentionable: field(body, "mentionable"),
  }
}

/** Cached for good at the version of its address, which the lists of members name. */
async function styleSheet(services: Services, visit: OfServer): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { server } = await requireServer(services, viewer, visit.params.serverId)
  const colored = await listColoredRoles(services.db, server.id)
  const isCurrent = new URL(visit.request.url).searchParams.get("v") === stylesVersion(colored)
  return new Response(roleStyles(colored), {
    headers: {
      "content-type": "text/css; charset=utf-8",
      "cache-control": isCurrent ? "private, max-age=31536000, immutable" : "private, no-cache",
      "x-content-type-options": "nosniff",
      vary: "cookie",
    },
  })
}
