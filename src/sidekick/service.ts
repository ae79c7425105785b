import { Elysia } from "elysia"
import type { z } from "zod"
import type { SidekickConfig } from "../config.ts"
import { type Grant, InternalSidekick, type MessageFrame } from "../kernel/index.ts"
import type { Log } from "../observability/log.ts"
import { bears } from "../web/bearer.ts"
import { socketLimits } from "../web/live/socket.ts"
import type { WireSocket } from "../web/wire-socket.ts"
import { parseObject, socketRoutes } from "../web/wire-sockets.ts"
import { createMetrics } from "./metrics.ts"
import { Batch, Connection, Message, maxPostBytes, type Post, Resources, silenceMs } from "./protocol.ts"
import { Stream } from "./stream.ts"
import { Upstream } from "./upstream.ts"

/** How often it looks whether the server is still there. */
const lookMs = 1000

/** How often it says that somebody came without the secret. */
const warnMs = 10_000

const comeBack = { code: 503, message: "Connect again" }

/** A sidekick of its own: programs' sockets on one side, a server on the other. `listen` its app. */
export function createService(config: SidekickConfig, log: Log) {
  const { secret, server, openResources, publicOrigin, maxSockets } = config
  const upstream = new Upstream({ ...server, openResources, log })
  const sidekick = new InternalSidekick({
    mayListen: ({ resource, contexts }) => upstream.mayListen({ resource, contexts }),
    onUnexpected: (error, where) => log.error(`Unexpected error in ${where}`, { error }),
  })
  sidekick.setServerCallback((...sent) => (isStopping ? stopping() : upstream.forward(...sent)))
  sidekick.setLogCallback(upstream.readLog)
  const metrics = createMetrics(sidekick, upstream)
  const hub = sidekick.getConnectionFromServer()
  const stream = new Stream()
  const open = new Set<WireSocket>()
  let isStopping = false
  let wasSilent = false
  let warnedAt = 0

  const looking = setInterval(() => {
    const isSilent = stream.silentMs > silenceMs
    if (isSilent && !wasSilent) sendAllAway("The server has not been heard of for a while")
    wasSilent = isSilent
  }, lookMs)
  looking.unref()

  /** Whoever is connected may have missed something, or may have lost the right to be. */
  function sendAllAway(why: string): void {
    log.warn(`${why}, so all clients have to connect again`, { sockets: open.size })
    metrics.resets.add()
    sidekick.evict({}, comeBack)
    for (const socket of open) socket.restart()
  }

  function take(batch: Batch): void {
    const verdict = stream.take(batch)
    if (verdict === "reset") sendAllAway("Something the server said did not arrive")
    if (verdict === "ignore") return

    for (const post of batch.posts) obey(post)
  }

  function obey({ path, body }: Post): void {
    metrics.posts.add()
    // Each of these has happened when it returns. What else a server gives along is for the sidekick to know.
    if (path === "/connection") void hub.addConnection(body as unknown as Grant)
    else if (path === "/message") void hub.postMessage(body as unknown as MessageFrame)
    else if (path === "/resources") void hub.update(body.resources)
    else sidekick.evict(body.which, body.reason)
  }

  const told =
    <Schema extends z.ZodType>(schema: Schema, hear: (said: z.output<Schema>) => void) =>
    ({ body }: { body: unknown }): Response => {
      const { data, error } = schema.safeParse(parseObject(body))
      if (error) return new Response("The body is malformed", { status: 400 })
      hear(data)
      return new Response("OK")
    }

  const app = new Elysia({ serve: { maxRequestBodySize: maxPostBytes }, websocket: socketLimits })
    // Before a byte of the body is read.
    .onRequest(({ request }) => {
      if (request.method !== "POST" || bears(request, secret)) return
      metrics.wrongSecrets.add()
      // Anyone can make it say so: not more often than is of use.
      if (Date.now() - warnedAt > warnMs) log.warn("Somebody came without the secret: SIDEKICK_SECRET")
      warnedAt = Date.now()
      return new Response("This is not the secret", { status: 401 })
    })
    .onError(({ code, error }) => {
      if (code === "NOT_FOUND") return new Response("There is nothing here", { status: 404 })
      log.error("Unexpected error", { error })
      return new Response("Something went wrong", { status: 500 })
    })
    .get("/health", () => {
      if (isStopping)
        return Response.json({ status: "unavailable", reason: "It is stopping" }, { status: 503 })
      return Response.json({ status: "ok", server: upstream.failure ? "unreachable" : "ok" })
    })
    .get("/metrics", () => {
      const headers = { "content-type": "text/plain; version=0.0.4" }
      return new Response(metrics.registry.text(), { headers })
    })
    .post(
      "/connection",
      told(Connection, (body) => obey({ path: "/connection", body })),
      { parse: "text" },
    )
    .post(
      "/message",
      told(Message, (body) => obey({ path: "/message", body })),
      { parse: "text" },
    )
    .post(
      "/resources",
      told(Resources, (body) => obey({ path: "/resources", body })),
      { parse: "text" },
    )
    .post("/batch", told(Batch, take), { parse: "text" })
    .use(socketRoutes({ sidekick, publicOrigin, metrics, limitsFrames: true, maxSockets, open }))

  return {
    app,
    /** Takes nothing more from clients, waits for what was handed over, and sends everybody away to come back. */
    async drain(deadline: number): Promise<void> {
      isStopping = true
      clearInterval(looking)
      while (upstream.waiting > 0 && Date.now() < deadline) await Bun.sleep(10)
      // Whoever sent what was just taken is told so first.
      await new Promise((resolve) => setImmediate(resolve))
      sidekick.evict({}, comeBack)
      for (const socket of open) socket.restart()
    },
  }
}

async function stopping() {
  return { fault: "sidekick", message: "The sidekick restarts. Try again.", code: 503 } as const
}
