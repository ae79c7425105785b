import { Elysia } from "elysia"
import { DataExportsPage, ExportList, ServerExportSection } from "../../../views/data-exports.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { goTo, html, retryHeaders, wantsFragment } from "../../web/reply.ts"
import { serveFile } from "../files/serve.ts"
import { formState } from "../form-fields.ts"
import { requireServer } from "../permissions/require.ts"
import { listServers } from "../servers/store.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { findExport } from "./store.ts"

type OfServer = Visit & { params: { serverId: string } }

/** The page of the viewer's archives, downloading one, and the section “Export” of a server's settings. */
export function dataExportsRoutes(services: Services) {
  return new Elysia()
    .get("/account/data", (visit) => page(services, visit))
    .post("/account/data", async (visit) => {
      const { success, error } = await act(services, visit, "requestDataExport", null)
      return success ? goTo(visit.request, "/account/data") : page(services, visit, error)
    })
    .get("/account/data/:exportId/download", (visit) => download(services, visit))
    .get("/servers/:serverId/settings/export", (visit) => section(services, visit))
    .post("/servers/:serverId/export", async (visit) => {
      await requireViewer(services, visit)
      const { serverId } = visit.params
      const { success, error } = await act(services, visit, "requestServerExport", { serverId })
      return success ? goTo(visit.request, "/account/data") : section(services, visit, error)
    })
}

async function page(services: Services, visit: Visit, error?: ProcedureError): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const exports = orThrow(await act(services, visit, "listDataExports", null))
  const list = { exports, clock: viewer.clock }
  if (wantsFragment(visit.request) && !error) return html(visit.request, String(<ExportList {...list} />))

  const servers = await listServers(services.db, viewer.id)
  const state = error ? formState(error, {}) : {}
  const markup = <DataExportsPage {...{ viewer, servers, state, ...list }} />
  return html(visit.request, String(markup), { status: error?.code, headers: retryHeaders(error ?? {}) })
}

async function section(services: Services, visit: OfServer, error?: ProcedureError): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, visit.params.serverId, "exportServer")
  const state = error ? formState(error, {}) : {}
  const markup = <ServerExportSection serverId={access.server.id} state={state} />
  return settingsPage(services, visit, {
    ...access,
    ...{ viewer, section: "export", title: "Export", markup, error },
  })
}

const noSuchArchive = "There is no such archive. It may have been deleted: archives can be fetched for a day"

/** Sends an archive to the person who asked for it; that of a server only while they own it. */
async function download(
  services: Services,
  visit: Visit & { params: { exportId: string } },
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { exportId } = visit.params
  const found = await findExport(services.db, viewer.id, exportId)
  const isThere = found?.key && found.expiresAt && found.expiresAt > new Date()
  const stored = isThere ? await services.storage.get(found.key ?? "") : undefined
  if (!found || !stored) throw new Refusal(noSuchArchive, 404)

  if (found.serverId !== null) await requireServer(services, viewer, found.serverId, "exportServer")
  const day = found.createdAt.toISOString().slice(0, 10)
  const name = `${found.serverId === null ? "my-data" : "server"}-${day}.zip`
  return serveFile(visit.request, { stored, name, etag: `"${found.id}"` })
}
