import { ConfirmationPanel } from "../views/confirmation.tsx"
import { ErrorPage, ErrorPanel } from "../views/errors.tsx"
import { FormPage } from "../views/form-page.tsx"
import { ConfirmationNeeded } from "./features/confirmation-needed.ts"
import { secondFactorPath } from "./features/permissions/administrators.ts"
import { approvalPath } from "./features/permissions/require.ts"
import type { SignedInViewer } from "./features/visit.ts"
import { Refusal } from "./kernel/index.ts"
import { isApiRequest } from "./web/guard.ts"
import {
  goTo,
  html,
  jsonError,
  retryHeaders,
  wantsEvents,
  wantsFragment,
  wantsJson,
  wantsTail,
} from "./web/reply.ts"
import type { RouteTraits } from "./web/routes.ts"
import { wireError, wirePath } from "./web/wire.ts"

/** Titles of error pages, where a status says more than that it failed. */
const titles: Record<number, string> = {
  401: "Logged out",
  403: "Not allowed",
  404: "Not found",
  410: "Gone",
  413: "Too large",
  429: "Slow down",
  503: "One moment",
}

interface FailedRequest {
  request: Request
  /** Of the requested route. */
  traits: RouteTraits
  viewer?: SignedInViewer
}

/** Answers with a refusal in the form that the client can use. */
export function errorResponse({ request, traits, viewer }: FailedRequest, refusal: Refusal): Response {
  const {
    status,
    message,
    options: { retryAfterSeconds, issues },
  } = refusal
  const headers = retryHeaders({ retryAfterSeconds })
  const { pathname } = new URL(request.url)
  if (pathname === wirePath) return wireError(request, { code: status, message, retryAfterSeconds })

  const tail = wantsTail(request)
  if (wantsJson(request) || isApiRequest(request) || tail === "lines") {
    return jsonError(request, { code: status, message, retryAfterSeconds })
  }
  if (wantsEvents(request) || traits.streams || tail === "text") {
    return new Response(tail ? `${message}\n` : message, {
      status,
      headers: { ...headers, "content-type": "text/plain; charset=utf-8" },
    })
  }
  const title = titles[status] ?? (status < 500 ? "That did not work" : "Something went wrong")
  if (traits.frame || isFromFrame(request)) {
    const page = <ErrorPage viewer={viewer} status={status} title={title} message={message} framed />
    return html(request, String(page), { status, headers, framed: true })
  }
  if (refusal instanceof ConfirmationNeeded) return askForConfirmation(request, refusal, viewer)
  if (issues?.some(({ path }) => path === secondFactorPath))
    return goTo(request, "/account/second-factor?needed=administration")
  if (issues?.some(({ path }) => path === approvalPath)) return goTo(request, "/waiting")
  if (status === 401) return goTo(request, request.method === "GET" ? loginFor(request) : "/login")

  if (!wantsFragment(request)) {
    const page = <ErrorPage viewer={viewer} status={status} title={title} message={message} />
    return html(request, String(page), { status, headers })
  }

  // Into the dialog, if the dialog requested it. In the place of any other part of the page it would be out of place.
  const isForDialog = request.headers.get("hx-target")?.endsWith("#dialog-body")
  if (!isForDialog) headers["hx-reswap"] = "none"
  return html(request, String(<ErrorPanel title={title} message={message} />), { status, headers })
}

/** Answers an interrupted form with the question who sent it. */
function askForConfirmation(
  request: Request,
  { status, ways, interrupted }: ConfirmationNeeded,
  viewer?: SignedInViewer,
): Response {
  const panel = <ConfirmationPanel viewer={viewer} ways={ways} {...interrupted} state={{}} />
  if (wantsFragment(request)) return html(request, String(panel), { status })

  const page = (
    <FormPage title="Confirm your identity" viewer={viewer}>
      {panel as "safe"}
    </FormPage>
  )
  return html(request, String(page), { status })
}

interface Thrown {
  request: Request
  error: unknown
  /** Elysia's code for the error. */
  code: string | number
}

/** The refusal for anything that was thrown. Unexpected errors are reported. */
export function refusalOfThrown(
  { request, error, code }: Thrown,
  report: (error: unknown, where: string, request: Request) => Refusal,
): Refusal {
  if (error instanceof Refusal) return error
  if (code === "NOT_FOUND") return new Refusal("There is nothing at this address", 404)
  if (code === "PARSE" || code === "VALIDATION") return new Refusal(unreadable(request), 400)

  return report(error, "a page", request)
}

function unreadable({ headers }: Request): string {
  const isJson = headers.get("content-type")?.includes("json")
  return isJson ? "The body is not valid JSON" : "This request could not be read"
}

/** Forms of the composer's frame say where they come from: only a page that may be framed can answer there. */
function isFromFrame(request: Request): boolean {
  return new URL(request.url).searchParams.get("from") === "composer"
}

/** Signing in leads back to the page that is open, even if it requested a part of another. */
function loginFor(request: Request): string {
  const { origin } = new URL(request.url)
  const current = request.headers.get("hx-current-url") ?? ""
  const { pathname, search } = new URL(current.startsWith(`${origin}/`) ? current : request.url)
  return pathname === "/" ? "/login" : `/login?next=${encodeURIComponent(pathname + search)}`
}
