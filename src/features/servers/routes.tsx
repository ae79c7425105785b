import { Elysia } from "elysia"
import {
  DeleteServerPanel,
  EmptyServerPage,
  HomePage,
  NewServerPanel,
  ServerSettingsPanel,
} from "../../../views/servers.tsx"
import { goTo, html, wantsFragment } from "../../web/reply.ts"
import { listChannels } from "../channels/store.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { can } from "../permissions/can.ts"
import { requireServer } from "../permissions/require.ts"
import type { Standing } from "../permissions/standing.ts"
import { findPlaces } from "../rooms/store.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer } from "../visit.ts"
import { listServers } from "./store.ts"

/** The home page, a server's entry page, and its settings. */
export function serversRoutes(services: Services) {
  return new Elysia()
    .get("/", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const places = await findPlaces(services.db, viewer.id)
      return html(visit.request, String(<HomePage viewer={viewer} {...places} state={{}} />))
    })
    .get("/servers/new", async (visit) => {
      const viewer = await requireViewer(services, visit)
      return panel(visit, viewer, { title: "Create server", markup: <NewServerPanel state={{}} /> })
    })
    .post("/servers", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const name = field(visit.body, "name")
      const { success, data, error } = await act(services, visit, "createServer", { name })
      if (!success) {
        const state = formState(error, { name })
        if (wantsFragment(visit.request)) {
          return panel(visit, viewer, {
            title: "Create server",
            markup: <NewServerPanel state={state} />,
            error,
          })
        }
        const servers = await listServers(services.db, viewer.id)
        const page = <HomePage viewer={viewer} servers={servers} state={state} />
        return html(visit.request, String(page), { status: error.code })
      }

      // A server without channels is a dead end, so the page (not the contract) creates the first channel.
      const channel = orThrow(
        await act(services, visit, "createChannel", { serverId: data.id, name: "general" }),
      )
      return goTo(visit.request, `/servers/${data.id}/channels/${channel.id}`)
    })
    .get("/servers/:serverId", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { server, standing } = await requireServer(services, viewer, visit.params.serverId)
      const [first] = await listChannels(services.db, server.id)
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
      const { server, standing } = await requireServer(services, viewer, visit.params.serverId)
      const markup = (
        <ServerSettingsPanel
          server={server}
          may={settingsFor(standing)}
          state={{ values: { name: server.name } }}
        />
      )
      return panel(visit, viewer, { title: "Server settings", markup })
    })
    .post("/servers/:serverId", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { serverId } = visit.params
      const name = field(visit.body, "name")
      const { success, error } = await act(services, visit, "renameServer", { serverId, name })
      if (success) return goTo(visit.request, `/servers/${serverId}`)

      const { server, standing } = await requireServer(services, viewer, serverId)
      const markup = (
        <ServerSettingsPanel server={server} may={settingsFor(standing)} state={formState(error, { name })} />
      )
      return panel(visit, viewer, { title: "Server settings", markup, error })
    })
    .get("/servers/:serverId/delete", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { server } = await requireServer(services, viewer, visit.params.serverId, "deleteServer")

      return panel(visit, viewer, {
        title: "Delete server",
        markup: <DeleteServerPanel server={server} state={{}} />,
      })
    })
    .post("/servers/:serverId/delete", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { server } = await requireServer(services, viewer, visit.params.serverId)
      const name = field(visit.body, "name")
      const refused =
        name.trim() === server.name
          ? (await act(services, visit, "deleteServer", { serverId: server.id })).error
          : { code: 400, message: "Type the server's name exactly", issues: undefined }
      if (!refused) return goTo(visit.request, "/")

      const markup = <DeleteServerPanel server={server} state={formState(refused, { name })} />
      return panel(visit, viewer, { title: "Delete server", markup, error: refused })
    })
}

/** The settings of a server that the viewer may use. */
function settingsFor(standing: Standing) {
  return {
    manageServer: can(standing, "manageServer"),
    banMembers: can(standing, "banMembers"),
    deleteServer: can(standing, "deleteServer"),
  }
}
