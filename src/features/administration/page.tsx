import { AdminPage } from "../../../views/administration.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { html, retryHeaders } from "../../web/reply.ts"
import { requireAdministrator } from "../permissions/administrators.ts"
import { listServers } from "../servers/store.ts"
import type { Services } from "../services.ts"
import { requireViewer, type SignedInViewer, type Visit } from "../visit.ts"
import { type AdminSection, adminSections } from "./sections.ts"

interface Content {
  section: AdminSection
  /** Default: that of the section. */
  title?: string
  markup: JSX.Element
  /** The failure shown in the markup. */
  error?: ProcedureError
}

/** Responds with a page of the administration. */
export async function adminPage(
  { db }: Services,
  { request }: Visit,
  viewer: SignedInViewer,
  { section, title, markup, error }: Content,
): Promise<Response> {
  const page = (
    <AdminPage
      viewer={viewer}
      servers={await listServers(db, viewer.id)}
      sections={adminSections}
      current={section}
      title={title ?? adminSections.find(({ name }) => name === section)?.title ?? ""}
    >
      {markup as "safe"}
    </AdminPage>
  )
  return html(request, String(page), { status: error?.code ?? 200, headers: retryHeaders(error ?? {}) })
}

/** The viewer of a page, who is an administrator. Fails: 401, 403. */
export async function requireAdminViewer(services: Services, visit: Visit): Promise<SignedInViewer> {
  const viewer = await requireViewer(services, visit)
  await requireAdministrator(services, viewer)
  return viewer
}

/** An address of this chat, for people to open. */
export function urlOf({ config }: Services, { request }: Visit, path: string): string {
  return `${config.publicOrigin ?? new URL(request.url).origin}${path}`
}

/** A field of the query; empty when it is not there. */
export function asked({ request }: Visit, name: string): string {
  return new URL(request.url).searchParams.get(name) ?? ""
}

/** The address of this page with other fields in its query. */
export function addressWith({ request }: Visit, fields: Record<string, string | null>): string | undefined {
  const { pathname, searchParams } = new URL(request.url)
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) return undefined
    searchParams.set(name, value)
  }
  return `${pathname}?${searchParams}`
}
