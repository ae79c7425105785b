import { Elysia } from "elysia"
import { goTo, wantsFragment } from "../../web/reply.ts"
import { field } from "../form-fields.ts"
import { requireChannel } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { sidebarFragment } from "./fragments.tsx"
import { readSidebar } from "./page.tsx"

type OfCategory = Visit & { params: { serverId: string; categoryId: string }; body: unknown }

/** Collapsing and expanding categories beside a room. */
export function categoryRoutes(services: Services) {
  return new Elysia()
    .post("/servers/:serverId/categories/:categoryId/collapse", (visit) =>
      change(services, visit, "collapseCategory"),
    )
    .post("/servers/:serverId/categories/:categoryId/expand", (visit) =>
      change(services, visit, "expandCategory"),
    )
}

/** Goes back to the room; a page with JavaScript gets its lists. */
async function change(
  services: Services,
  visit: OfCategory,
  name: "collapseCategory" | "expandCategory",
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { serverId, categoryId } = visit.params
  orThrow(await act(services, visit, name, { categoryId }))

  const channelId = field(visit.body, "channelId")
  if (channelId === "") return goTo(visit.request, `/servers/${serverId}`)

  const access = await requireChannel(services, viewer, { channelId, serverId })
  if (!wantsFragment(visit.request)) return goTo(visit.request, `/servers/${serverId}/channels/${channelId}`)
  return sidebarFragment(visit.request, await readSidebar(services, { viewer, ...access }))
}
