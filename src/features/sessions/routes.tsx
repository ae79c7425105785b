import { Elysia } from "elysia"
import { AccountPage } from "../../../views/account.tsx"
import { goTo, html } from "../../web/reply.ts"
import { listServers } from "../servers/store.ts"
import { act, requireViewer, type Site, shown } from "../site.ts"

/** One's account: where one is signed in, and ending that. */
export function sessionsRoutes(site: Site) {
  return new Elysia()
    .get("/account", async (visit) => {
      const viewer = await requireViewer(site, visit)
      const sessions = shown(await act(site, visit, "getSessions", null))
      const servers = await listServers(site.db, viewer.id)
      const passwordChanged = visit.query.password === "changed"
      const props = { viewer, servers, sessions, passwordChanged }
      return html(visit.request, String(<AccountPage {...props} />))
    })
    .post("/account/sessions/:sessionId/revoke", async (visit) => {
      const { sessionId } = visit.params
      shown(await act(site, visit, "revokeSession", { sessionId }))
      return goTo(visit.request, "/account")
    })
    .post("/account/sessions/revoke-others", async (visit) => {
      shown(await act(site, visit, "revokeOtherSessions", null))
      return goTo(visit.request, "/account")
    })
}
