import { Elysia } from "elysia"
import { SearchFound, SearchPage } from "../../../views/search.tsx"
import { html, retryHeaders, wantsFragment } from "../../web/reply.ts"
import { findPlaces } from "../rooms/store.ts"
import type { Services } from "../services.ts"
import { act, requireViewer, type Visit } from "../visit.ts"
import { inOperator } from "./resolve.ts"
import { listPlaces } from "./store.ts"

/** Looking for messages. The address is the search: it can be kept, sent and gone back to. */
export function searchRoutes(services: Services) {
  return new Elysia().get("/search", (visit) => search(services, visit))
}

async function search(services: Services, visit: Visit): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { searchParams } = new URL(visit.request.url)
  const before = searchParams.get("before") || undefined
  const { zone } = viewer.clock
  const query = searchParams.get("q") ?? ""
  const result = query.trim()
    ? await act(services, visit, "searchMessages", { query, before, zone })
    : undefined
  const answer = {
    query,
    error: result?.error?.message,
    found: result?.data ?? undefined,
    isContinued: before !== undefined,
  }
  const options = { status: result?.error?.code ?? 200, headers: retryHeaders(result?.error ?? {}) }
  if (wantsFragment(visit.request)) return html(visit.request, String(<SearchFound {...answer} />), options)

  const places = await findPlaces(services.db, viewer.id)
  const typed = query || scopeOf(services, viewer.id, searchParams.get("in"))
  return html(
    visit.request,
    String(<SearchPage viewer={viewer} {...places} {...answer} typed={typed} />),
    options,
  )
}

/** What a search in that channel begins with: whoever comes from a room looks there first. */
function scopeOf({ db }: Services, viewerId: string, channelId: string | null): string {
  if (!channelId) return ""

  const places = listPlaces(db, viewerId)
  const place = places.find((one) => one.channelId === channelId)
  return place ? `${inOperator(place, places)} ` : ""
}
