import { hasBearerToken, isApiRequest } from "./guard.ts"

type Handle = (...args: [request: Request, ...rest: unknown[]]) => Response | Promise<Response>

/** How long a browser remembers that it may ask, in seconds. Chromium's limit is two hours. */
const maxAgeSeconds = 7200
const exposed = "retry-after, x-request-id"

/**
 * Lets pages of other origins use the API with a bearer token, as the Fetch standard describes (CORS). Never with
 * cookies: browsers leave them out, and the API ignores them. Without a token an answer stays unreadable there, so that
 * no page can try passwords through its visitors.
 */
export function answerAcrossOrigins(handle: Handle): Handle {
  return (...args) => {
    const [request] = args
    if (!request.headers.has("origin") || !isApiRequest(request)) return handle(...args)
    if (isPreflight(request)) return answerPreflight(request)
    if (!hasBearerToken(request)) return handle(...args)

    const response = handle(...args)
    return response instanceof Promise ? response.then(readable) : readable(response)
  }
}

function isPreflight({ method, headers }: Request): boolean {
  return method === "OPTIONS" && headers.has("access-control-request-method")
}

/** The browser asks before it sends a token. */
function answerPreflight({ headers }: Request): Response {
  const names = headers.get("access-control-request-headers")?.toLowerCase().split(",") ?? []
  const vary = "origin, access-control-request-method, access-control-request-headers"
  if (!names.some((name) => name.trim() === "authorization"))
    return new Response(null, { status: 204, headers: { vary } })

  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": "authorization, content-type, accept",
      "access-control-max-age": String(maxAgeSeconds),
      vary,
    },
  })
}

function readable(response: Response): Response {
  response.headers.set("access-control-allow-origin", "*")
  response.headers.set("access-control-expose-headers", exposed)
  response.headers.append("vary", "origin")
  return response
}
