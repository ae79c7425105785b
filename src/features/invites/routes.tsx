import { Elysia } from "elysia"
import { InviteGonePage, InvitePage, InvitesPanel } from "../../../views/invites.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html } from "../../web/reply.ts"
import { field, formState, panel } from "../forms.tsx"
import { requireServer } from "../servers/page.ts"
import { act, requireViewer, type Site, shown, unshown, type Visit, viewerOf } from "../site.ts"
import { findInvite, listInvites } from "./store.ts"

/** Inviting people to a server, and coming in by an invite. */
export function invitesRoutes(site: Site) {
  return new Elysia()
    .get("/servers/:serverId/invites", (visit) => invites(visit, visit.params.serverId))
    .post("/servers/:serverId/invites", async (visit) => {
      const { serverId } = visit.params
      const values = {
        expiresInSeconds: field(visit.body, "expiresInSeconds"),
        maxUses: field(visit.body, "maxUses"),
      }
      const { error } = await act(site, visit, "createInvite", {
        serverId,
        expiresInSeconds: toNumber(values.expiresInSeconds),
        maxUses: toNumber(values.maxUses),
      })
      return invites(visit, serverId, error ?? undefined, values)
    })
    .get("/invites/:code", async (visit) => {
      const viewer = await viewerOf(site, visit)
      const { success, data } = await act(site, visit, "getInvite", { code: visit.params.code })
      if (!success)
        return html(visit.request, String(<InviteGonePage viewer={viewer ?? undefined} />), { status: 404 })

      return html(visit.request, String(<InvitePage viewer={viewer ?? undefined} preview={data} />))
    })
    .post("/invites/:code", async (visit) => {
      const viewer = await viewerOf(site, visit)
      const { code } = visit.params
      if (!viewer) return goTo(visit.request, `/login?next=/invites/${encodeURIComponent(code)}`)

      const { success, data, error } = await act(site, visit, "joinServer", { code })
      if (success) return goTo(visit.request, `/servers/${data.id}`)
      if (error.code !== 404) throw unshown(error)

      return html(visit.request, String(<InviteGonePage viewer={viewer} />), { status: 404 })
    })
    .post("/invites/:code/revoke", async (visit) => {
      await requireViewer(site, visit)
      const { code } = visit.params
      const invite = await findInvite(site.db, code)
      shown(await act(site, visit, "revokeInvite", { code }))

      return invites(visit, invite?.serverId ?? "")
    })

  async function invites(
    visit: Visit,
    serverId: string,
    error?: ProcedureError,
    values: Record<string, string> = {},
  ): Promise<Response> {
    const viewer = await requireViewer(site, visit)
    const { server, isOwner } = await requireServer(site, viewer, serverId)
    const markup = (
      <InvitesPanel
        server={server}
        invites={await listInvites(site.db, serverId, new Date())}
        origin={site.config.publicOrigin ?? new URL(visit.request.url).origin}
        viewerId={viewer.id}
        isOwner={isOwner}
        state={error ? formState(error, values) : {}}
      />
    )
    return panel(visit, viewer, { title: "Invite people", markup, error })
  }
}

/** An empty field means no limit; what is no number is left for the contract to refuse. */
function toNumber(text: string): number | null {
  return text.trim() === "" ? null : Number(text)
}
