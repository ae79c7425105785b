import { assignRequestId, requestIdHeader } from "../web/request-id.ts"
import type { RouteTable } from "../web/routes.ts"
import type { Logger } from "./log.ts"
import type { Metrics } from "./metrics.ts"

interface ObserveOptions {
  log: Logger
  metrics: Metrics
  production: boolean
  routes: Pick<RouteTable, "traitsOf" | "loggedPath">
  /** Returns the viewer's id if it is in a cache; it must not cost a query. */
  viewerIdOf(headers: Headers): string | undefined
}

interface ObservedRequest {
  request: Request
  requestId: string
  /** On the clock of `performance.now()`. */
  startedAt: number
}

type Handle = (...args: [request: Request, ...rest: unknown[]]) => Response | Promise<Response>

/** Wraps the handler of all requests: assigns each a request id, counts it and logs it. */
export function observeRequests({ log, metrics, production, routes, viewerIdOf }: ObserveOptions) {
  const level = production ? "info" : "debug"
  const isLogged = log.isOn(level)

  return (handle: Handle): Handle =>
    (...args) => {
      const [request] = args
      const startedAt = performance.now()
      const id = assignRequestId(request)
      if (!URL.canParse(request.url)) return answerBadHost(id)
      const response = handle(...args)
      return response instanceof Promise
        ? response.then((settled) => observe({ request, requestId: id, startedAt }, settled))
        : observe({ request, requestId: id, startedAt }, response)
    }

  /** The request's URL is made from its Host header; without a valid one no handler can read the path. */
  function answerBadHost(requestId: string): Response {
    metrics.answered(400)
    const headers = { "content-type": "text/plain; charset=utf-8", [requestIdHeader]: requestId }
    return new Response("The Host header is not valid\n", { status: 400, headers })
  }

  function observe({ request, requestId, startedAt }: ObservedRequest, response: Response): Response {
    // An upgrade to a WebSocket has no response.
    const status = response instanceof Response ? response.status : 101
    metrics.answered(status)
    if (status !== 101) response.headers.set(requestIdHeader, requestId)
    if (!isLogged) return response

    if (routes.traitsOf(request).unlogged) return response

    const ms = Math.round((performance.now() - startedAt) * 10) / 10
    const viewerId = viewerIdOf(request.headers)
    const path = routes.loggedPath(request)
    log[level]("Request", { requestId, method: request.method, path, status, ms, viewerId })
    return response
  }
}
