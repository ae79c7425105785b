import { giveRequestId, requestIdHeader } from "../web/request-id.ts"
import type { Log } from "./log.ts"
import type { Metrics } from "./metrics.ts"

/** Asked for by machines, all the time: a line for each would hide the others. */
const silent = /^\/(static|viewers|health|metrics)(\/|$)/

interface Options {
  log: Log
  metrics: Metrics
  production: boolean
  /** The id of whoever asks, where that costs nothing to know. */
  viewerIdOf(headers: Headers): string | undefined
}

type Handle = (...args: [request: Request, ...rest: unknown[]]) => Response | Promise<Response>

/** Around all requests: gives each an id that its answer carries, counts it, and writes it down. */
export function observeRequests({ log, metrics, production, viewerIdOf }: Options) {
  const level = production ? "info" : "debug"
  const isLogged = log.isOn(level)

  return (handle: Handle): Handle =>
    (...args) => {
      const [request] = args
      const startedAt = performance.now()
      const id = giveRequestId(request)
      if (!URL.canParse(request.url)) return withoutAddress(id)
      const answered = handle(...args)
      if (answered instanceof Promise)
        return answered.then((response) => done(request, id, startedAt, response))
      return done(request, id, startedAt, answered)
    }

  /** Its `Host` is none, so nothing here can tell what it asks for. */
  function withoutAddress(requestId: string): Response {
    metrics.answered(400)
    const headers = { "content-type": "text/plain; charset=utf-8", [requestIdHeader]: requestId }
    return new Response("The Host header is not an address\n", { status: 400, headers })
  }

  function done(request: Request, requestId: string, startedAt: number, response: Response): Response {
    // An upgrade to a WebSocket has no response.
    const status = response instanceof Response ? response.status : 101
    metrics.answered(status)
    if (status !== 101) response.headers.set(requestIdHeader, requestId)
    if (!isLogged) return response

    const { pathname } = new URL(request.url)
    if (silent.test(pathname)) return response

    const ms = Math.round((performance.now() - startedAt) * 10) / 10
    const viewerId = viewerIdOf(request.headers)
    log[level]("Request", {
      requestId,
      method: request.method,
      path: loggedPath(pathname),
      status,
      ms,
      viewerId,
    })
    return response
  }
}

/** Without what opens something for whoever reads it: codes of invites, tokens of webhooks. Query strings were left out before. */
function loggedPath(pathname: string): string {
  return pathname
    .replace(/^(\/+invites\/+)[^/]+/, "$1:code")
    .replace(/^(\/+api\/+webhooks\/+[^/]+\/+)[^/]+/, "$1:token")
}
