import { Elysia } from "elysia"
import { AuditLogSection } from "../../../views/audit-log.tsx"
import { json, wantsJson } from "../../web/reply.ts"
import { findUserByName } from "../accounts/store.ts"
import { formState } from "../form-fields.ts"
import { requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { AuditFilter } from "./contract.ts"

type OfServer = Visit & { params: { serverId: string } }

const section = "audit-log"

/** The section “Audit log” of a server's settings; also as JSON. */
export function auditLogRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/settings/audit-log", (visit) =>
      wantsJson(visit.request) ? asJson(visit) : page(visit),
    )
    .get("/servers/:serverId/settings/audit-log.json", (visit) => asJson(visit))

  async function asJson(visit: OfServer): Promise<Response> {
    await requireServer(services, await requireViewer(services, visit), visit.params.serverId, "viewAuditLog")
    const { inputs } = await filterOf(services, visit)
    return json(visit.request, orThrow(await act(services, visit, "getAuditLog", inputs)))
  }

  async function page(visit: OfServer): Promise<Response> {
    const viewer = await requireViewer(services, visit)
    const access = await requireServer(services, viewer, visit.params.serverId, "viewAuditLog")
    const { inputs, values } = await filterOf(services, visit)
    const { data, error } = await act(services, visit, "getAuditLog", inputs)
    const filter = error ? formState(error, values) : { values }
    const listed = data ?? { entries: [], older: null }
    const markup = <AuditLogSection server={access.server} clock={viewer.clock} filter={filter} {...listed} />
    return settingsPage(services, visit, {
      ...access,
      ...{ viewer, section, title: "Audit log", markup, error: error ?? undefined },
    })
  }
}

/** The filter in an address. A person who is not there did nothing, as one who was never in the server. */
async function filterOf({ db }: Services, { request, params }: OfServer) {
  const { searchParams } = new URL(request.url)
  const values = { actor: searchParams.get("actor") ?? "", action: searchParams.get("action") ?? "" }
  const name = values.actor.trim().toLowerCase()
  const person = name ? await findUserByName(db, name) : undefined
  const inputs = {
    serverId: params.serverId,
    // An action that is not there is no filter.
    action: AuditFilter.shape.action.safeParse(values.action || undefined).data,
    actorId: name ? (person?.id ?? "nobody") : undefined,
    before: searchParams.get("before") || undefined,
  }
  return { inputs, values }
}
