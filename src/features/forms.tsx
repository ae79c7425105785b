import { FormPage, type FormState } from "../../views/ui.tsx"
import type { ProcedureError } from "../kernel/index.ts"
import { html, retryHeaders, wantsFragment } from "../web/reply.ts"
import type { Reader, Visit } from "./visit.ts"

/** A field of a submitted form; empty when it was not sent, sent twice or is a file. */
export function field(body: unknown, name: string): string {
  const value =
    typeof body === "object" && body !== null ? (body as Record<string, unknown>)[name] : undefined
  return typeof value === "string" ? value : ""
}

/** A field that may be sent several times; what is no text is left out. */
export function fields(body: unknown, name: string): string[] {
  const value =
    typeof body === "object" && body !== null ? (body as Record<string, unknown>)[name] : undefined
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((one) => typeof one === "string" && one !== "") as string[]
}

/** What a form shows after a failure: what was typed, and what was wrong with it, at the field where it was. */
export function formState(error: ProcedureError, values: Record<string, string>): FormState {
  if (!error.issues) return { values, error: error.message }

  const here = error.issues.filter(({ path }) => path in values)
  const errors = Object.fromEntries(here.map(({ path, message }) => [path, message]))
  const elsewhere = error.issues.find(({ path }) => !(path in values))
  return { values, errors, error: elsewhere?.message }
}

interface Panel {
  title: string
  markup: JSX.Element
  /** The failure that it shows. */
  error?: ProcedureError
}

/** A form: alone for htmx, which puts it into the dialog, and as a page of its own for everyone else. */
export function panel({ request }: Visit, viewer: Reader, { title, markup, error }: Panel): Response {
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
