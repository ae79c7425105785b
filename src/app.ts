import { Elysia } from "elysia"
import type { Chat } from "./chat.ts"
import { rememberSeen } from "./cluster/seen-cookie.ts"
import { covenant } from "./covenant.ts"
import { errorResponse, refusalOfThrown } from "./errors.tsx"
import { apiDocsRoutes } from "./features/api/routes.tsx"
import { sectionsOf } from "./features/api/sections.ts"
import { maxUploadBytes } from "./features/files/uploads.ts"
import { features } from "./features/index.ts"
import { callOf, knownViewer } from "./features/visit.ts"
import { Refusal } from "./kernel/index.ts"
import { observeRequests } from "./observability/requests.ts"
import { apiRoutes } from "./web/api.ts"
import { type Assets, registerAssets } from "./web/assets.ts"
import { bodyFault, maxAnsweredBytes } from "./web/body.ts"
import { clientIp } from "./web/call.ts"
import { answerAcrossOrigins } from "./web/cors.ts"
import { fairTurns } from "./web/fair-turns.ts"
import { isFromNoPage, isSameSiteRequest } from "./web/guard.ts"
import { socketLimits } from "./web/live/socket.ts"
import { registerLook } from "./web/look.ts"
import { refuseMetrics } from "./web/metrics-access.ts"
import { RouteTable, route } from "./web/routes.ts"
import { wellKnownRoutes } from "./web/well-known.ts"
import { wireRoutes } from "./web/wire.ts"

const quiet = route({ unlogged: true })

/** The chat's pages and live transports; `listen` it, or hand requests to `handle`. */
export function createApp(chat: Chat, assets: Assets) {
  registerAssets(assets)
  registerLook(() => chat.look.current)
  const { sessions, sidekick, log, config, metrics, readiness, report } = chat

  const routes = new RouteTable()
  const { production } = config
  const viewerIdOf = (headers: Headers) => sessions.known(headers)?.id
  const refusal = async (request: Request, refusalOf: Refusal) =>
    errorResponse(
      { request, traits: routes.traitsOf(request), viewer: await knownViewer(chat, request) },
      refusalOf,
    )
  const observe = observeRequests({ log, metrics, production, routes, viewerIdOf })

  const { node } = chat
  const remember =
    node &&
    rememberSeen({
      bus: node.bus,
      forgetCached: () => node.forgetCached(),
      isSecure: config.secureCookies,
      secret: config.authSecret,
    })

  const takeTurn = fairTurns()
  const uploadBytes = maxUploadBytes(config.maxFileBytes)

  const app = new Elysia({
    // Never Bun's page for developers, which shows the code around an error.
    serve: { maxRequestBodySize: maxAnsweredBytes(uploadBytes), development: false },
    websocket: socketLimits,
  })
    .onStart(({ server }) => chat.broadcaster.attach(server))
    // Inside of what is counted and logged.
    .wrap((handle) => answerAcrossOrigins(handle as never) as never)
    .wrap((handle) => observe((remember ? remember(handle as never) : handle) as never))
    .wrap((handle) => takeTurn(handle as never) as never)
    .onRequest(async ({ request }) => {
      const isOfProgram = () => isFromNoPage(request) && routes.traitsOf(request).forPrograms
      if (!isSameSiteRequest(request, config.publicOrigin) && !isOfProgram()) {
        return refusal(request, new Refusal("This came from another site, so nothing was changed", 403))
      }
      const fault = bodyFault(request, routes, uploadBytes)
      if (fault) return refusal(request, new Refusal(fault.message, fault.status))
    })
    // Taken apart, here as in the busiest routes: for whoever may want all of a request Elysia parses its cookies, and
    // then makes each answer twice.
    .onError(({ request, error, code }) =>
      refusal(request, refusalOfThrown({ request, error, code }, report)),
    )
    .get(
      "/health",
      async () => {
        const reason = await readiness.reason()
        if (reason === null) return Response.json({ status: "ok", ...busHealth(chat) })
        return Response.json({ status: "unavailable", reason }, { status: 503 })
      },
      quiet,
    )
    .get(
      "/metrics",
      ({ request, server }) => {
        const address = server?.requestIP(request)?.address ?? ""
        const refused = refuseMetrics({ request, address, token: config.metricsToken })
        if (refused) return refused
        return new Response(metrics.registry.text(), {
          headers: { "content-type": "text/plain; version=0.0.4" },
        })
      },
      quiet,
    )
    .get(
      "/static/:version/*",
      async ({ params, request }) => {
        const file = assets.serve({ version: params.version, name: params["*"] }, request)
        return file ?? (await refusal(request, new Refusal("There is no such file", 404)))
      },
      quiet,
    )
    .get(
      "/viewers/:file",
      async ({ params, request }) => {
        return (
          chat.viewerStyles.answer(params.file, request) ??
          (await refusal(request, new Refusal("There is no such file", 404)))
        )
      },
      quiet,
    )
    .use(wellKnownRoutes(config))
    .use(apiDocsRoutes(chat, () => sectionsOf(features)))
    .use(
      apiRoutes({
        server: chat.server,
        procedures: covenant.procedures,
        call: (visit) => callOf(chat, visit),
      }),
    )
    .use(
      wireRoutes({
        server: chat.server,
        sidekick,
        service: chat.service ?? undefined,
        programs: chat.programs,
        publicOrigin: config.publicOrigin,
        metrics,
        limitsFrames: config.messageLimit !== null,
        counting: {
          connections: chat.connections,
          addressOf: (visit) => clientIp(callOf(chat, visit)),
        },
        call: (visit) => callOf(chat, visit),
      }),
    )

  for (const feature of Object.values(features)) {
    for (const create of feature.routes ?? []) app.use(create(chat))
  }
  routes.add(app)
  return app
}

/** A node works without the bus, only slower, so that it may not be taken out of service for that. */
function busHealth({ node }: Chat) {
  return node ? { bus: node.bus.isUp ? "up" : "down" } : {}
}
