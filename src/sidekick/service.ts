import { Elysia } from "elysia"
import type { z } from "zod"
import type { SidekickConfig } from "../config.ts"
import { type ChannelFault, InternalSidekick } from "../kernel/index.ts"
import type { Logger } from "../observability/log.ts"
import { hasBearerSecret } from "../web/bearer.ts"
import { fairTurns } from "../web/fair-turns.ts"
import { parseIonObject } from "../web/ion.ts"
import { socketLimits } from "../web/live/socket.ts"
import { refuseMetrics } from "../web/metrics-access.ts"
import type { WireSocket } from "../web/wire-socket.ts"
import { socketRoutes } from "../web/wire-sockets.ts"
import { createSidekickMetrics, type SidekickMetrics } from "./metrics.ts"
import { PostReceiver } from "./post-receiver.ts"
import { Batch, ConnectionPost, MessagePost, maxPostBytes, ResourcesPost } from "./protocol.ts"
import { Upstream } from "./upstream.ts"

/** At most one warning about a wrong secret in this time, in milliseconds: anyone can cause them. */
const warningIntervalMs = 10_000

/** How often a stopping sidekick checks whether the server has taken all messages, in milliseconds. */
const drainPollMs = 10

const stopping: ChannelFault = {
  fault: "sidekick",
  message: "The sidekick is restarting. Try again.",
  code: 503,
}

/**
 * The standalone sidekick: holds the WebSockets of programs and connects them to a server. Call `listen` on `app`;
 * before the process ends, await `drain`.
 */
export function createSidekickService(config: SidekickConfig, log: Logger) {
  const upstream = new Upstream({ ...config.server, openResources: config.openResources, log })
  const sidekick = new InternalSidekick({
    mayListen: ({ resource, contexts }) => upstream.mayListen({ resource, contexts }),
    onUnexpected: (error, where) => log.error(`Unexpected error in ${where}`, { error }),
  })
  const state = { isStopping: false }
  sidekick.setServerCallback(async (...message) =>
    state.isStopping ? stopping : upstream.forward(...message),
  )
  sidekick.setLogCallback(upstream.readLog)
  const metrics = createSidekickMetrics(sidekick, upstream)
  const openSockets = new Set<WireSocket>()
  const receiver = new PostReceiver({ sidekick, openSockets, metrics, log })
  const { publicOrigin, maxSockets } = config

  return {
    app: baseApp(config.secret, metrics, log)
      .get("/health", () => healthOf(state, upstream))
      .get("/metrics", ({ request, server }) => {
        const address = server?.requestIP(request)?.address ?? ""
        const refused = refuseMetrics({ request, address, token: config.metricsToken })
        if (refused) return refused
        return new Response(metrics.registry.text(), {
          headers: { "content-type": "text/plain; version=0.0.4" },
        })
      })
      .use(postRoutes(receiver))
      .use(socketRoutes({ sidekick, publicOrigin, metrics, limitsFrames: true, maxSockets, openSockets })),
    /** Refuses new messages, waits until the server has taken those before or the deadline, and disconnects all clients. */
    async drain(deadline: number): Promise<void> {
      state.isStopping = true
      receiver.stop()
      while (upstream.waiting > 0 && Date.now() < deadline) await Bun.sleep(drainPollMs)
      // Lets the answers to those messages go out before their sockets close.
      await new Promise((resolve) => setImmediate(resolve))
      receiver.disconnectAll()
    },
  }
}

function healthOf({ isStopping }: { isStopping: boolean }, { failure }: Pick<Upstream, "failure">): Response {
  if (isStopping) {
    return Response.json({ status: "unavailable", reason: "It is stopping" }, { status: 503 })
  }
  return Response.json({ status: "ok", server: failure ? "unreachable" : "ok" })
}

/** An app that accepts only POST requests with the secret, and reports errors. GET requests need no secret. */
function baseApp(secret: string, metrics: SidekickMetrics, log: Logger) {
  let warnedAt = 0
  const takeTurn = fairTurns()
  return (
    new Elysia({ serve: { maxRequestBodySize: maxPostBytes }, websocket: socketLimits })
      .wrap((handle) => takeTurn(handle as never) as never)
      // `onRequest` runs before the body is read.
      .onRequest(({ request }) => {
        if (request.method !== "POST" || hasBearerSecret(request, secret)) return
        metrics.wrongSecrets.add()
        if (Date.now() - warnedAt > warningIntervalMs) {
          log.warn("A request came with a wrong secret. See SIDEKICK_SECRET")
          warnedAt = Date.now()
        }
        return new Response("This is not the secret", { status: 401 })
      })
      .onError(({ code, error }) => {
        if (code === "NOT_FOUND") return new Response("Not found", { status: 404 })
        log.error("Unexpected error", { error })
        return new Response("Something went wrong", { status: 500 })
      })
  )
}

/** The routes a server posts to: those of the reference protocol, and `/batch`. */
function postRoutes(receiver: PostReceiver) {
  const accept =
    <Schema extends z.ZodType>(schema: Schema, use: (body: z.output<Schema>) => void) =>
    ({ body }: { body: unknown }): Response => {
      const { data, error } = schema.safeParse(parseIonObject(body))
      if (error) return new Response("The body is malformed", { status: 400 })
      use(data)
      return new Response("OK")
    }
  const asText = { parse: "text" } as const

  return new Elysia()
    .post(
      "/connection",
      accept(ConnectionPost, (body) => receiver.apply({ path: "/connection", body })),
      asText,
    )
    .post(
      "/message",
      accept(MessagePost, (body) => receiver.apply({ path: "/message", body })),
      asText,
    )
    .post(
      "/resources",
      accept(ResourcesPost, (body) => receiver.apply({ path: "/resources", body })),
      asText,
    )
    .post(
      "/batch",
      accept(Batch, (batch) => receiver.receive(batch)),
      asText,
    )
}
