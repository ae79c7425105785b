import { FormPage } from "../../views/form-page.tsx"
import type { ProcedureError } from "../kernel/index.ts"
import { html, retryHeaders, wantsFragment } from "../web/reply.ts"
import type { SignedInViewer, Visit } from "./visit.ts"

interface Panel {
  title: string
  markup: JSX.Element
  /** The failure that it shows. */
  error?: ProcedureError
}

/** A form: alone for htmx, which puts it into the dialog, and as a page of its own for everyone else. */
export function panel({ request }: Visit, viewer: SignedInViewer, { title, markup, error }: Panel): Response {
  const options = { status: error?.code ?? 200, headers: retryHeaders(error ?? {}) }
  if (wantsFragment(request)) return html(request, String(markup), options)

  const page = (
    <FormPage title={title} viewer={viewer} back={wayBack(new URL(request.url).pathname)}>
      {markup as "safe"}
    </FormPage>
  )
  return html(request, String(page), options)
}

const places = [
  { pattern: /^\/messages\/[^/]+/, name: "the message" },
  { pattern: /^\/servers\/[^/]+\/channels\/(?!new$)[^/]+/, name: "the channel" },
  { pattern: /^\/servers\/(?!new$)[^/]+/, name: "the server" },
]

/** Where a form's page was come from: what it is about, as its address says. A dialog is closed instead. */
function wayBack(pathname: string): { href: string; name: string } | undefined {
  for (const { pattern, name } of places) {
    const [href] = pathname.match(pattern) ?? []
    if (href) return { href, name }
  }
  return undefined
}
