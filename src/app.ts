import { Elysia } from "elysia"
import type { Chat } from "./chat.ts"
import { covenant } from "./covenant.ts"
import { errorResponse, refusalOfThrown } from "./errors.tsx"
import { accountsRoutes } from "./features/accounts/routes.tsx"
import { apiDocsRoutes } from "./features/api/routes.tsx"
import { bansRoutes } from "./features/bans/routes.tsx"
import { blocksRoutes } from "./features/blocks/routes.tsx"
import { botsRoutes } from "./features/bots/routes.tsx"
import { channelsRoutes } from "./features/channels/routes.tsx"
import { conversationsRoutes } from "./features/conversations/routes.tsx"
import { emojiRoutes } from "./features/emoji/routes.tsx"
import { filesRoutes } from "./features/files/routes.tsx"
import { maxUploadBytes } from "./features/files/uploads.ts"
import { invitesRoutes } from "./features/invites/routes.tsx"
import { keyboardRoutes } from "./features/keyboard/routes.tsx"
import { membersRoutes } from "./features/members/routes.tsx"
import { mentionsRoutes } from "./features/mentions/routes.tsx"
import { draftPreviewRoutes } from "./features/messages/draft-preview.tsx"
import { Articles } from "./features/messages/fragments.ts"
import { messagesRoutes } from "./features/messages/routes.tsx"
import { pinsRoutes } from "./features/pins/routes.tsx"
import { presenceRoutes } from "./features/presence/routes.ts"
import { previewsRoutes } from "./features/previews/routes.tsx"
import { reactionsRoutes } from "./features/reactions/routes.tsx"
import { ReadingFeeds } from "./features/reading/feeds.ts"
import { readingRoutes } from "./features/reading/routes.ts"
import { repliesRoutes } from "./features/replies/routes.tsx"
import { KeptRooms } from "./features/rooms/kept.tsx"
import { RoomFeeds } from "./features/rooms/live/feeds.ts"
import { liveRoutes } from "./features/rooms/live/routes.tsx"
import { roomsRoutes } from "./features/rooms/routes.tsx"
import { savedRoutes } from "./features/saved/routes.tsx"
import { searchRoutes } from "./features/search/routes.tsx"
import { serversRoutes } from "./features/servers/routes.tsx"
import type { Services } from "./features/services.ts"
import { sessionsRoutes } from "./features/sessions/routes.tsx"
import { settingsRoutes } from "./features/settings/routes.tsx"
import { switcherRoutes } from "./features/switcher/routes.tsx"
import { threadsRoutes } from "./features/threads/routes.tsx"
import { versionsRoutes } from "./features/versions/routes.tsx"
import { callOf, knownReader } from "./features/visit.ts"
import { incomingRoutes } from "./features/webhooks/incoming.ts"
import { webhooksRoutes } from "./features/webhooks/routes.tsx"
import { Refusal } from "./kernel/index.ts"
import { observeRequests } from "./observability/requests.ts"
import { apiRoutes } from "./web/api.ts"
import { type Assets, registerAssets } from "./web/assets.ts"
import { bodyFault, maxAnsweredBytes } from "./web/body.ts"
import { Clocks } from "./web/clocks.ts"
import { isOwnRequest } from "./web/guard.ts"
import { KeptPages } from "./web/kept-pages.ts"
import { socketLimits } from "./web/live/socket.ts"
import { viewerStyles } from "./web/viewer-styles.ts"
import { wireRoutes } from "./web/wire.ts"

/** The chat's pages and live transports; `listen` it, or hand requests to `handle`. */
export function createApp(chat: Chat, assets: Assets) {
  registerAssets(assets)
  const { db, stamp, sidekick, presence, log, config, metrics, readiness, report } = chat
  const articles = new Articles()
  const feeds = new RoomFeeds({
    db,
    stamp,
    sidekick,
    presence,
    articles,
    metrics,
    publish: (topic, data) => void app.server?.publish(topic, data),
    report: (error) => void report(error, "a feed"),
  })
  const reading = new ReadingFeeds({
    db,
    stamp,
    sidekick,
    publish: (topic, data) => void app.server?.publish(topic, data),
    report: (error) => void report(error, "a feed"),
  })
  const pages = new KeptPages(() => `${chat.stamp()} ${presence.changes}`)
  const rooms = new KeptRooms(chat)
  const clocks = new Clocks()
  const services: Services = { ...chat, articles, pages, rooms, clocks, feeds, reading }

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
      if (!isOwnRequest(request, config.publicOrigin)) {
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
    .use(accountsRoutes(services))
    .use(sessionsRoutes(services))
    .use(serversRoutes(services))
    .use(channelsRoutes(services))
    .use(webhooksRoutes(services))
    .use(previewsRoutes(services))
    .use(incomingRoutes(services))
    .use(membersRoutes(services))
    .use(bansRoutes(services))
    .use(botsRoutes(services))
    .use(invitesRoutes(services))
    .use(emojiRoutes(services))
    .use(roomsRoutes(services))
    .use(messagesRoutes(services))
    .use(draftPreviewRoutes(services))
    .use(mentionsRoutes(services))
    .use(repliesRoutes(services))
    .use(versionsRoutes(services))
    .use(filesRoutes(services))
    .use(reactionsRoutes(services))
    .use(keepingRoutes(services))
    .use(liveRoutes(services))
    .use(presenceRoutes(services))
    .use(readingRoutes(services))
    .use(conversationsRoutes(services))
    .use(blocksRoutes(services))
    .use(settingsRoutes(services))
    .use(apiDocsRoutes(services))
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

  // The types of a chain of all of them are more than the compiler follows.
  app.use(switcherRoutes(services))
  app.use(keyboardRoutes(services))
  return app
}

/** Finding again what was said. Apart, since TypeScript follows a chain of routes only so far. */
function keepingRoutes(services: Services): Elysia {
  const routes = new Elysia()
    .use(pinsRoutes(services))
    .use(savedRoutes(services))
    .use(threadsRoutes(services))
    .use(searchRoutes(services))
  return routes as unknown as Elysia
}
