import { Elysia } from "elysia"
import { Destinations, SwitcherPanel } from "../../../views/switcher.tsx"
import { html, wantsFragment } from "../../web/reply.ts"
import { panel } from "../forms.tsx"
import type { Services } from "../services.ts"
import { requireViewer } from "../visit.ts"
import { findDestinations } from "./destinations.ts"

/** Going somewhere by a part of its name: a page with a form, or for the dialog the list that follows what is typed. */
export function switcherRoutes(services: Services) {
  return new Elysia().get("/switch", async (visit) => {
    const viewer = await requireViewer(services, visit)
    const { request } = visit
    const { searchParams } = new URL(request.url)
    const query = searchParams.get("q") ?? ""
    const recent = (searchParams.get("recent") ?? "").split(",").slice(0, 10)
    const here = searchParams.get("here") ?? undefined
    const found = await findDestinations(services.db, viewer.id, { query, recent, here })
    if (wantsFragment(request))
      return html(request, String(<Destinations query={query} found={found} chosen />))

    return panel(visit, viewer, { title: "Go to", markup: <SwitcherPanel query={query} found={found} /> })
  })
}
