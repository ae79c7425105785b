import { Elysia } from "elysia"
import { TransferPanel } from "../../../views/transfers.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { findUserByName } from "../accounts/store.ts"
import { field, formState } from "../form-fields.ts"
import { can } from "../permissions/can.ts"
import { requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"

type OfServer = Visit & { params: { serverId: string }; body: unknown }

/** The page on which an owner offers a server, and the offered member accepts. */
export function transfersRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/settings/transfer", (visit) => page(services, { ...visit, body: null }))
    .post("/servers/:serverId/transfer", (visit) => offer(services, visit))
    .post("/servers/:serverId/transfer/accept", async (visit) => {
      await requireViewer(services, visit)
      const { serverId } = visit.params
      const { success, error } = await act(services, visit, "acceptServer", { serverId })
      return success ? goTo(visit.request, settingsOf(serverId)) : page(services, visit, error)
    })
    .post("/servers/:serverId/transfer/cancel", async (visit) => {
      await requireViewer(services, visit)
      const { serverId } = visit.params
      const { success, error } = await act(services, visit, "cancelTransfer", { serverId })
      return success ? goTo(visit.request, settingsOf(serverId)) : page(services, visit, error)
    })
}

const settingsOf = (serverId: string) => `/servers/${serverId}/settings/transfer`

async function offer(services: Services, visit: OfServer): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { server } = await requireServer(services, viewer, visit.params.serverId, "transferServer")
  const username = field(visit.body, "username").trim().toLowerCase().replace(/^@/, "")
  const found = await findUserByName(services.db, username)
  const { success, error } = await act(services, visit, "transferServer", {
    ...{ serverId: server.id, userId: found?.id ?? "", name: field(visit.body, "name") },
  })
  return success ? goTo(visit.request, settingsOf(server.id)) : page(services, visit, error)
}

async function page(services: Services, visit: OfServer, error?: ProcedureError): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, visit.params.serverId)
  const { id: serverId } = access.server
  const transfer = orThrow(await act(services, visit, "getTransfer", { serverId }))
  const values = { username: field(visit.body, "username"), name: field(visit.body, "name") }
  const markup = (
    <TransferPanel
      server={access.server}
      transfer={transfer}
      viewer={viewer}
      mayOffer={can(access.standing, "transferServer")}
      state={error ? formState(error, values) : { values }}
    />
  )
  return settingsPage(services, visit, {
    ...access,
    ...{ viewer, section: "transfer", title: "Ownership", markup, error },
  })
}
