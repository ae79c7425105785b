import { Elysia } from "elysia"
import { SearchFound, SearchPage, SearchPane } from "../../../views/search.tsx"
import { html, retryHeaders, wantsFragment } from "../../web/reply.ts"
import { findPlaces } from "../rooms/store.ts"
import type { Services } from "../services.ts"
import { act, requireViewer, type Visit } from "../visit.ts"
import { inOperator } from "./resolve.ts"
import { listSearchableChannels } from "./store.ts"

/** The search page. Its URL holds the search, so that it can be bookmarked and shared. */
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
  if (wantsFragment(visit.request) && searchParams.has("beside")) {
    const typed = query || (await scopeOf(services, viewer.id, searchParams.get("in")))
    return html(visit.request, String(<SearchPane {...answer} typed={typed} clock={viewer.clock} />), options)
  }
  if (wantsFragment(visit.request))
    return html(visit.request, String(<SearchFound {...answer} clock={viewer.clock} />), options)

  const places = await findPlaces(services.db, viewer.id)
  const typed = query || (await scopeOf(services, viewer.id, searchParams.get("in")))
  return html(
    visit.request,
    String(<SearchPage viewer={viewer} {...places} {...answer} typed={typed} />),
    options,
  )
}

/** The filter that a search started from a room begins with. */
async function scopeOf({ db }: Services, viewerId: string, channelId: string | null): Promise<string> {
  if (!channelId) return ""

  const channels = await listSearchableChannels(db, viewerId)
  const channel = channels.find((candidate) => candidate.channelId === channelId)
  return channel ? `${inOperator(channel, channels)} ` : ""
}
