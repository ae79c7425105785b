import { Elysia } from "elysia"
import { FeedsPage } from "../../../views/feeds.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { clientIp } from "../../web/call.ts"
import { networkOf } from "../../web/network-of.ts"
import { goTo, html, retryHeaders } from "../../web/reply.ts"
import { route } from "../../web/routes.ts"
import { field, formState } from "../form-fields.ts"
import { listSearchableChannels } from "../search/store.ts"
import { listServers } from "../servers/store.ts"
import type { Services } from "../services.ts"
import { tokenHash } from "../token-hash.ts"
import { act, callOf, orThrow, requireViewer, type Visit } from "../visit.ts"
import { feedLimit } from "./limits.ts"
import { readFeed } from "./read-feed.ts"
import { findOpenFeed, updateFeedUse } from "./store.ts"

/** The token in an address is a secret, so logs redact it. */
const bySecret = route({ redact: ["token"], streams: true })

/** How exactly the last fetch is stored: each commit invalidates all cached pages. */
const useMs = 3_600_000

/** Feeds for programs, and the viewer's page of them. */
export function feedsRoutes(services: Services) {
  return new Elysia()
    .get("/feeds/:token", (visit) => answer(services, visit, visit.params.token), bySecret)
    .get("/account/feeds", (visit) => page(services, visit))
    .post("/account/feeds", async (visit) => {
      const values = { channelId: field(visit.body, "channelId"), query: field(visit.body, "query") }
      const { channelId, query } = values
      const input = { channelId: channelId || undefined, query: query.trim() || undefined }
      const { data, error } = await act(services, visit, "createFeed", input)
      if (error) return page(services, visit, { error, values })

      return page(services, visit, { address: `${originOf(services, visit)}/feeds/${data.token}` })
    })
    .post("/account/feeds/:feedId/delete", async (visit) => {
      await requireViewer(services, visit)
      orThrow(await act(services, visit, "deleteFeed", { feedId: visit.params.feedId }))
      return goTo(visit.request, "/account/feeds?removed")
    })
}

function originOf({ config }: Services, { request }: Visit): string {
  return config.publicOrigin ?? new URL(request.url).origin
}

interface Result {
  error?: ProcedureError
  values?: Record<string, string>
  /** Of a feed that was just made: it is shown this once. */
  address?: string
}

async function page(services: Services, visit: Visit, result: Result = {}): Promise<Response> {
  const { error, address } = result
  const viewer = await requireViewer(services, visit)
  const { searchParams } = new URL(visit.request.url)
  const asked = { channelId: searchParams.get("channel") ?? "", query: searchParams.get("q") ?? "" }
  const values = result.values ?? (address ? {} : asked)
  const props = {
    ...{ viewer, address, isDeleted: searchParams.has("removed") },
    state: error ? formState(error, values) : { values },
    feeds: orThrow(await act(services, visit, "getFeeds", null)),
    servers: await listServers(services.db, viewer.id),
    channels: await listSearchableChannels(services.db, viewer.id),
  }
  const markup = String(<FeedsPage {...props} />)
  return html(visit.request, markup, { status: error?.code, headers: retryHeaders(error ?? {}) })
}

/** Answers a program, with 304 where it has the feed already. Fails: 404, 410, 429. */
async function answer(services: Services, visit: Visit, token: string): Promise<Response> {
  const { request } = visit
  const now = new Date()
  const feed = await findOpenFeed(services.db, tokenHash(token), now)
  const limited = feed ? `feed ${feed.id}` : `from ${networkOf(clientIp(callOf(services, visit)))}`
  const retryAfterSeconds = await services.limits.get(feedLimit).take(limited)
  if (retryAfterSeconds > 0) throw new Refusal("Too many requests. Wait a moment", 429, { retryAfterSeconds })
  if (!feed) throw new Refusal("There is no such feed", 404)

  const origin = originOf(services, visit)
  const { xml, updatedAt } = await readFeed(services, feed, { origin, selfUrl: `${origin}/feeds/${token}` })
  const before = new Date(now.getTime() - useMs)
  if (!feed.lastUsedAt || feed.lastUsedAt < before)
    await services.commits.note("nothing", (tx) => updateFeedUse(tx, feed.id, { at: now, before }))
  return atomResponse(request, xml, updatedAt)
}

function atomResponse(request: Request, xml: string, updatedAt: Date): Response {
  const etag = `"${new Bun.CryptoHasher("sha256").update(xml).digest("hex").slice(0, 32)}"`
  const headers = {
    "content-type": "application/atom+xml; charset=utf-8",
    // It is for one person, and their rights may end any time.
    "cache-control": "private, no-cache",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
    etag,
    "last-modified": updatedAt.toUTCString(),
  }
  if (isKnown(request, etag, updatedAt)) return new Response(null, { status: 304, headers })

  return new Response(xml, { headers })
}

/** Source: RFC 9110, 13.2.2: the time counts only without a tag. It has whole seconds. */
function isKnown({ headers }: Request, etag: string, updatedAt: Date): boolean {
  const tags = headers.get("if-none-match")
  if (tags !== null) return tags === "*" || tags.includes(etag)

  const since = Date.parse(headers.get("if-modified-since") ?? "")
  return since >= Math.floor(updatedAt.getTime() / 1000) * 1000
}
