import { Elysia } from "elysia"
import type { Chat } from "./chat.ts"
import { covenant } from "./covenant.ts"
import { errorResponse, refusalOfThrown } from "./errors.tsx"
import { apiDocsRoutes } from "./features/api/routes.tsx"
import { sectionsOf } from "./features/api/sections.ts"
import { maxUploadBytes } from "./features/files/uploads.ts"
import { features } from "./features/index.ts"
import { MessageCache } from "./features/messages/message-cache.ts"
import { ReadingFeeds } from "./features/reading/feeds.ts"
import { RoomFeeds } from "./features/rooms/live/feeds.ts"
import { RoomCache } from "./features/rooms/room-cache.tsx"
import type { Services } from "./features/services.ts"
import { callOf, knownReader } from "./features/visit.ts"
import { Refusal } from "./kernel/index.ts"
import { observeRequests } from "./observability/requests.ts"
import { apiRoutes } from "./web/api.ts"
import { type Assets, registerAssets } from "./web/assets.ts"
import { bodyFault, maxAnsweredBytes } from "./web/body.ts"
import { Clocks } from "./web/clocks.ts"
import { isSameSiteRequest } from "./web/guard.ts"
import { socketLimits } from "./web/live/socket.ts"
import { PageCache } from "./web/page-cache.ts"
import { viewerStyles } from "./web/viewer-styles.ts"
import { wireRoutes } from "./web/wire.ts"

/** The chat's pages and live transports; `listen` it, or hand requests to `handle`. */
export function createApp(chat: Chat, assets: Assets) {
  registerAssets(assets)
  const { db, dataVersions, sidekick, presence, log, config, metrics, readiness, report } = chat
  const messageCache = new MessageCache()
  const roomCache = new RoomCache(chat)
  const feeds = new RoomFeeds({
    db,
    roomCache,
    sidekick,
    presence,
    messageCache,
    metrics,
    publish: (topic, data) => void app.server?.publish(topic, data),
    report: (error) => void report(error, "a feed"),
  })
  const reading = new ReadingFeeds({
    db,
    dataVersions,
    sidekick,
    publish: (topic, data) => void app.server?.publish(topic, data),
    report: (error) => void report(error, "a feed"),
  })
  const pageCache = new PageCache(() => `${dataVersions.all} ${presence.changes}`)
  const clocks = new Clocks()
  const services: Services = { ...chat, messageCache, pageCache, roomCache, clocks, feeds, reading }

  const { production } = config
  const viewerIdOf = (headers: Headers) => chat.sessions.known(headers)?.id
  const refusal = (request: Request, refusalOf: Refusal) =>
    errorResponse(request, refusalOf, knownReader(services, request))
  const observe = observeRequests({ log, metrics, production, viewerIdOf })

  const uploadBytes = maxUploadBytes(config.maxFileBytes)

  const app = new Elysia({
    // Never Bun's page for developers, which shows the code around an error.
    serve: { maxRequestBodySize: maxAnsweredBytes(uploadBytes), development: false },
    websocket: socketLimits,
  })
    .wrap((handle) => observe(handle as never))
    .onRequest(({ request }) => {
      if (!isSameSiteRequest(request, config.publicOrigin)) {
        return refusal(request, new Refusal("This came from another site, so nothing was changed", 403))
      }
      const fault = bodyFault(request, uploadBytes)
      if (fault) return refusal(request, new Refusal(fault.message, fault.status))
    })
    // Taken apart, here as in the busiest routes: for whoever may want all of a request Elysia parses its cookies, and
    // then makes each answer twice.
    .onError(({ request, error, code }) =>
      refusal(request, refusalOfThrown({ request, error, code }, report)),
    )
    .get("/health", () => {
      const reason = readiness.reason()
      if (reason === null) return Response.json({ status: "ok" })
      return Response.json({ status: "unavailable", reason }, { status: 503 })
    })
    .get("/metrics", () => {
      return new Response(metrics.registry.text(), {
        headers: { "content-type": "text/plain; version=0.0.4" },
      })
    })
    .get("/static/:version/*", ({ params, request }) => {
      const file = assets.serve({ version: params.version, name: params["*"] }, request)
      return file ?? refusal(request, new Refusal("There is no such file", 404))
    })
    .get("/viewers/:file", ({ params, request }) => {
      return viewerStyles(params.file) ?? refusal(request, new Refusal("There is no such file", 404))
    })
    .use(apiDocsRoutes(services, sectionsOf(features)))
    .use(
      apiRoutes({
        server: chat.server,
        procedures: covenant.procedures,
        call: (visit) => callOf(services, visit),
      }),
    )
    .use(
      wireRoutes({
        server: chat.server,
        sidekick,
        service: chat.service ?? undefined,
        publicOrigin: config.publicOrigin,
        metrics,
        limitsFrames: config.messageLimit !== null,
        call: (visit) => callOf(services, visit),
      }),
    )

  for (const { routes = [] } of Object.values(features)) {
    for (const create of routes) app.use(create(services))
  }
  return app
}
