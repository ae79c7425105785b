import { FormPage } from "../../views/form-page.tsx"
import type { ProcedureError } from "../kernel/index.ts"
import { html, retryHeaders, wantsFragment } from "../web/reply.ts"
import type { SignedInViewer, Visit } from "./visit.ts"

interface Panel {
  title: string
  markup: JSX.Element
  /** The failure shown in the markup. */
  error?: ProcedureError
}

/** Responds with a form: a fragment for htmx, which shows it in the dialog, otherwise a page. */
export function panel({ request }: Visit, viewer: SignedInViewer, { title, markup, error }: Panel): Response {
  const options = { status: error?.code ?? 200, headers: retryHeaders(error ?? {}) }
  if (wantsFragment(request)) return html(request, String(markup), options)

  const page = (
    <FormPage title={title} viewer={viewer} back={parentOf(new URL(request.url).pathname)}>
      {markup as "safe"}
    </FormPage>
  )
  return html(request, String(page), options)
}

const parents = [
  { pattern: /^\/messages\/[^/]+/, name: "message" },
  { pattern: /^\/servers\/[^/]+\/channels\/(?!new$)[^/]+/, name: "channel" },
  { pattern: /^\/servers\/(?!new$)[^/]+/, name: "server" },
  { pattern: /^\/account(?=\/)/, name: "account" },
]

/** The page that a form's page links back to, derived from its URL. A dialog is closed instead. */
function parentOf(pathname: string): { href: string; name: string } | undefined {
  for (const { pattern, name } of parents) {
    const [href] = pathname.match(pattern) ?? []
    if (href) return { href, name }
  }
  return undefined
}
