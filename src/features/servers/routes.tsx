import { Elysia } from "elysia"
import { channelIdeas, HomePage, NewServerPanel } from "../../../views/home.tsx"
import { usualSeconds } from "../../../views/invites.tsx"
import { DeleteServerPanel, EmptyServerPage, ServerSettingsPanel } from "../../../views/servers.tsx"
import type { FormState } from "../../../views/ui.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { goTo, html, wantsFragment } from "../../web/reply.ts"
import { listChannels } from "../channels/store.ts"
import { field, fields, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { can } from "../permissions/can.ts"
import { requireServer } from "../permissions/require.ts"
import type { ServerAccess } from "../permissions/store.ts"
import { noSuchServer } from "../permissions/wording.ts"
import { findPlaces } from "../rooms/store.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, orThrow, requireViewer, type SignedInViewer, type Visit } from "../visit.ts"
import { imageRoutes } from "./image-routes.ts"
import { orderRoutes } from "./order-routes.tsx"
import { findServer, findSystemChannelId, listServers } from "./store.ts"

/** The home page, a server's entry page, and its settings. */
export function serversRoutes(services: Services) {
  return new Elysia()
    .use(imageRoutes(services))
    .use(orderRoutes(services))
    .get("/", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const places = await findPlaces(services.db, viewer.id)
      return html(visit.request, String(<HomePage viewer={viewer} {...places} />))
    })
    .get("/servers/new", async (visit) => {
      const viewer = await requireViewer(services, visit)
      return panel(visit, viewer, { title: "Create server", markup: <NewServerPanel state={{}} /> })
    })
    .post("/servers", (visit) => createWithChannels(services, visit))
    .get("/servers/:serverId", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { server, standing } = await requireServer(services, viewer, visit.params.serverId)
      const [first] = await listChannels(services.db, server.id, viewer.id)
      if (first) return goTo(visit.request, `/servers/${server.id}/channels/${first.id}`)

      const servers = await listServers(services.db, viewer.id)
      const page = (
        <EmptyServerPage
          viewer={viewer}
          servers={servers}
          server={server}
          mayManageChannels={can(standing, "manageChannels")}
          state={{}}
        />
      )
      return html(visit.request, String(page))
    })
    .get("/servers/:serverId/settings", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const access = await requireServer(services, viewer, visit.params.serverId)
      return overview(visit, { viewer, ...access })
    })
    .post("/servers/:serverId", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { serverId } = visit.params
      const [name, description] = [field(visit.body, "name"), field(visit.body, "description")]
      const systemChannelId = field(visit.body, "systemChannelId")
      const changed = await act(services, visit, "updateServer", { serverId, name, description })
      const channel = { serverId, channelId: systemChannelId || null }
      const isGiven = typeof visit.body === "object" && visit.body !== null && "systemChannelId" in visit.body
      const { success, error } =
        changed.success && isGiven ? await act(services, visit, "setSystemChannel", channel) : changed
      if (success) return goTo(visit.request, `/servers/${serverId}/settings?saved`)

      const access = await requireServer(services, viewer, serverId)
      return overview(
        visit,
        { viewer, ...access },
        formState(error, { name, description, systemChannelId }),
        error,
      )
    })
    .get("/servers/:serverId/delete", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const access = await requireServer(services, viewer, visit.params.serverId, "deleteServer")
      return deletion(visit, { viewer, ...access }, {})
    })
    .post("/servers/:serverId/delete", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const access = await requireServer(services, viewer, visit.params.serverId)
      const { server } = access
      const name = field(visit.body, "name")
      const refused =
        name.trim() === server.name
          ? (await act(services, visit, "deleteServer", { serverId: server.id })).error
          : { code: 400, message: "Type the server's name exactly", issues: undefined }
      if (!refused) return goTo(visit.request, "/")

      return deletion(visit, { viewer, ...access }, formState(refused, { name }), refused)
    })
    .get("/servers/:serverId/settings/danger", async (visit) => {
      const { serverId } = visit.params
      const { standing } = await requireServer(services, await requireViewer(services, visit), serverId)
      const what = can(standing, "deleteServer") ? "delete" : "leave"
      return goTo(visit.request, `/servers/${serverId}/${what}`)
    })

  async function overview(visit: Visit, access: Access, kept?: FormState, error?: ProcedureError) {
    const server = await findServer(services.db, access.server.id)
    if (!server) throw new Refusal(noSuchServer, 404)

    const mayManage = can(access.standing, "manageServer")
    const { name, description } = server
    const systemChannelId = (await findSystemChannelId(services.db, server.id)) ?? ""
    const state = kept ?? { values: { name, description, systemChannelId } }
    const channels = await listChannels(services.db, server.id, access.viewer.id)
    const panelProps = { server, channels, mayManage, state }
    const markup = <ServerSettingsPanel {...panelProps} />
    return settingsPage(services, visit, {
      ...access,
      ...{ section: "overview", title: "Server settings", markup, error },
    })
  }

  function deletion(visit: Visit, access: Access, state: FormState, error?: ProcedureError) {
    const markup = <DeleteServerPanel server={access.server} state={state} />
    return settingsPage(services, visit, {
      ...access,
      ...{ section: "danger", title: "Delete server", markup, error },
    })
  }
}

/**
 * Creates a server with channels and an invite. The page does so, and not the contract: for a person, a server without
 * channels is a dead end.
 */
async function createWithChannels(services: Services, visit: Visit & { body?: unknown }): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const name = field(visit.body, "name")
  const chosen = fields(visit.body, "channels")
  const { success, data, error } = await act(services, visit, "createServer", { name })
  if (!success) {
    const state = formState(error, { name, channels: chosen.join() })
    if (wantsFragment(visit.request)) {
      const markup = <NewServerPanel state={state} />
      return panel(visit, viewer, { title: "Create server", markup, error })
    }
    const places = await findPlaces(services.db, viewer.id)
    return html(visit.request, String(<HomePage viewer={viewer} {...places} state={state} />), {
      status: error.code,
    })
  }

  const serverId = data.id
  const first = orThrow(await act(services, visit, "createChannel", { serverId, name: "general" }))
  for (const { name } of channelIdeas) {
    if (chosen.includes(name)) orThrow(await act(services, visit, "createChannel", { serverId, name }))
  }
  await act(services, visit, "createInvite", { serverId, expiresInSeconds: Number(usualSeconds) })
  return goTo(visit.request, `/servers/${serverId}/channels/${first.id}`)
}

type Access = ServerAccess & { viewer: SignedInViewer }
