import { ServerSettingsPage } from "../../views/server-settings.tsx"
import { FormPanel } from "../../views/ui.tsx"
import type { ProcedureError } from "../kernel/index.ts"
import { html, retryHeaders, wantsFragment } from "../web/reply.ts"
import type { ServerAccess } from "./permissions/store.ts"
import { listServers } from "./servers/store.ts"
import type { Services } from "./services.ts"
import type { SignedInViewer, Visit } from "./visit.ts"

/** The server as `requireServer` returns it, and what is shown of its settings. */
interface SectionPage extends ServerAccess {
  viewer: SignedInViewer
  /** The name of a `SettingsSection`. */
  section: string
  /** The heading of the page or panel, and the title of the document. */
  title: string
  /** Without a heading. */
  markup: JSX.Element
  /** The failure shown in the markup. */
  error?: ProcedureError
}

/** The part of a page whose form was saved, and which says so; "" for the top of the page. */
export const savedPart = ({ url }: Request) => new URL(url).searchParams.get("saved")

/** Responds with a section of a server's settings: a page with their navigation; for htmx, a panel for the dialog. */
export async function settingsPage(
  { db, settingsSections }: Services,
  { request }: Visit,
  { viewer, server, standing, section, title, markup, error }: SectionPage,
): Promise<Response> {
  const options = { status: error?.code ?? 200, headers: retryHeaders(error ?? {}) }
  if (wantsFragment(request)) {
    return html(request, String(<FormPanel title={title}>{markup as "safe"}</FormPanel>), options)
  }

  const page = (
    <ServerSettingsPage
      viewer={viewer}
      servers={await listServers(db, viewer.id)}
      server={server}
      sections={settingsSections.filter(({ mayOpen }) => mayOpen(standing))}
      current={section}
      title={title}
      isSaved={savedPart(request) === ""}
    >
      {markup as "safe"}
    </ServerSettingsPage>
  )
  return html(request, String(page), options)
}
