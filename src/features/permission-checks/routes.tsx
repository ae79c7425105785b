import { Elysia } from "elysia"
import { PermissionCheckPage } from "../../../views/permission-checks.tsx"
import { ViewAsPage } from "../../../views/view-as.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { findUserByName } from "../accounts/store.ts"
import { formState } from "../form-fields.ts"
import { can } from "../permissions/can.ts"
import { permissionTitle } from "../permissions/permission-texts.ts"
import { requireServer } from "../permissions/require.ts"
import { listRoleNames, listViewableChannels, type SubjectKey } from "../permissions/subjects.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, requireViewer, type Visit } from "../visit.ts"

/** Pages that explain permissions, and that show a server as somebody else sees it. */
export function permissionChecksRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/settings/permissions/check", async (visit) => {
      const opened = await open(services, visit, visit.params.serverId)
      const { subject, channelId, serverId, page, props } = opened
      const at = channelId === "" ? { serverId } : { serverId, channelId }
      const { data, error } = await act(services, visit, "explainPermissions", { ...at, ...subject })
      const state = stateOf(error, opened.values)
      const markup = (
        <PermissionCheckPage {...props} check={data ?? undefined} state={state} titleOf={permissionTitle} />
      )
      return page({ section: "permissions/check", title: "Check permissions", markup, error })
    })
    .get("/servers/:serverId/settings/permissions/view-as", async (visit) => {
      const opened = await open(services, visit, visit.params.serverId, "manageRoles")
      const { subject, channelId, serverId, page, props } = opened
      const seen = await act(services, visit, "viewServerAs", { serverId, ...subject })
      const room =
        channelId === "" || seen.error
          ? null
          : await act(services, visit, "explainPermissions", { channelId, serverId, ...subject })
      const error = seen.error ?? room?.error ?? null
      const state = stateOf(error, opened.values)
      const markup = (
        <ViewAsPage {...props} seen={seen.data ?? undefined} room={room?.data ?? undefined} state={state} />
      )
      return page({ section: "permissions/view-as", title: "View as", markup, error })
    })
}

/** What both pages are about, and what their forms offer. */
async function open(
  services: Services,
  visit: Visit,
  serverId: string,
  action: "read" | "manageRoles" = "read",
) {
  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, serverId, action)
  const query = new URL(visit.request.url).searchParams
  const read = (name: string) => (query.get(name) ?? "").trim()
  const values = { username: read("username"), roleId: read("roleId"), channelId: read("channelId") }
  const subject = await subjectIn(services, { ...values, userId: read("userId") }, viewer.id)
  const mayAskAboutOthers = can(access.standing, "manageRoles")
  return {
    subject,
    values,
    serverId: access.server.id,
    channelId: values.channelId,
    props: {
      server: access.server,
      roles: mayAskAboutOthers ? await listRoleNames(services.db, serverId) : undefined,
      channels: await listViewableChannels(services.db, { serverId, viewerId: viewer.id }),
    },
    page: (shown: { section: string; title: string; markup: JSX.Element; error: ProcedureError | null }) =>
      settingsPage(services, visit, { ...access, viewer, ...shown, error: shown.error ?? undefined }),
  }
}

/** A link names a user, the form a username or a role; the viewer themselves otherwise. */
async function subjectIn(
  services: Services,
  { userId, username, roleId }: { userId: string; username: string; roleId: string },
  viewerId: string,
): Promise<SubjectKey> {
  if (userId !== "") return { userId }
  // A name that nobody has is an id that nobody has: the same answer as for somebody who is no member.
  if (username !== "") return { userId: (await findUserByName(services.db, username))?.id ?? "" }
  return roleId === "" ? { userId: viewerId } : { roleId }
}

function stateOf(error: ProcedureError | null | undefined, values: Record<string, string>) {
  return error ? formState(error, values) : { values }
}
