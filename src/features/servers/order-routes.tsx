import { Elysia } from "elysia"
import { ServerOrderPage } from "../../../views/server-order.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html, wantsFragment } from "../../web/reply.ts"
import { field } from "../form-fields.ts"
import { findPlaces } from "../rooms/store.ts"
import type { Services } from "../services.ts"
import { act, requireViewer, type Visit } from "../visit.ts"

/** The order of the viewer's servers. */
export function orderRoutes(services: Services) {
  return new Elysia()
    .get("/account/servers", (visit) => page(services, visit))
    .post("/account/servers", (visit) => reorder(services, visit))
}

async function page(services: Services, visit: Visit, error?: ProcedureError): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const places = await findPlaces(services.db, viewer.id)
  const markup = <ServerOrderPage viewer={viewer} {...places} error={error?.message} />
  return html(visit.request, String(markup), { status: error?.code })
}

/** One step by a button, or a whole order by dragging, which a page shows already. */
async function reorder(services: Services, visit: Visit & { body?: unknown }): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { servers } = await findPlaces(services.db, viewer.id)
  const [, direction, id = ""] = field(visit.body, "move").split(" ")
  const stored = servers.map((server) => server.id)
  const isMove = stored.includes(id)
  const serverIds = isMove
    ? moved(stored, id, direction === "up" ? -1 : 1)
    : field(visit.body, "order").split(",").filter(Boolean)
  const { success, error } = await act(services, visit, "orderServers", { serverIds })
  if (!success) return page(services, visit, error)
  if (wantsFragment(visit.request)) return new Response(null, { status: 204 })

  return goTo(visit.request, `/account/servers${isMove ? `#server-${id}` : ""}`)
}

/** The list with one of its ids a step further; at an end it stays. */
function moved(ids: string[], id: string, step: 1 | -1): string[] {
  const others = ids.filter((other) => other !== id)
  return others.toSpliced(Math.max(0, ids.indexOf(id) + step), 0, id)
}
