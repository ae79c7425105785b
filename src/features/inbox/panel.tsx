import { InboxShell, type InboxTab } from "../../../views/inbox.tsx"
import { FormPanel } from "../../../views/ui.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { html, retryHeaders, wantsFragment } from "../../web/reply.ts"
import { findPlaces } from "../rooms/store.ts"
import type { Services } from "../services.ts"
import type { SignedInViewer, Visit } from "../visit.ts"

interface InboxPanel {
  viewer: SignedInViewer
  title: string
  /** The list that it is, or belongs to. */
  tab: InboxTab
  /** Without a heading. */
  content: JSX.Element
  /** The failure shown in the content. */
  error?: ProcedureError
}

/** Answers with a list beside the inbox or a form of one: for htmx, a panel for the dialog; otherwise a page with all lists. */
export async function inboxPanel(
  services: Services,
  { request }: Visit,
  { viewer, title, tab, content, error }: InboxPanel,
): Promise<Response> {
  const options = { status: error?.code ?? 200, headers: retryHeaders(error ?? {}) }
  if (wantsFragment(request)) {
    const markup = <FormPanel title={title}>{content as "safe"}</FormPanel>
    return html(request, String(markup), options)
  }

  const places = await findPlaces(services.db, viewer.id)
  const page = (
    <InboxShell title={title} tab={tab} viewer={viewer} {...places}>
      <div class="panel">{content as "safe"}</div>
    </InboxShell>
  )
  return html(request, String(page), options)
}
