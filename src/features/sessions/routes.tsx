import { Elysia } from "elysia"
import { AccountPage } from "../../../views/sessions.tsx"
import { goTo, html } from "../../web/reply.ts"
import { isAdministrator } from "../permissions/administrators.ts"
import { findRecovery } from "../recovery-codes/store.ts"
import { listServers } from "../servers/store.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer } from "../visit.ts"

/** The account page with the list of sessions, and ending sessions. */
export function sessionsRoutes(services: Services) {
  return new Elysia()
    .get("/account", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const sessions = orThrow(await act(services, visit, "getSessions", null))
      const servers = await listServers(services.db, viewer.id)
      const passwordChanged = visit.query.password === "changed"
      const isCommonPassword = "common" in visit.query
      const hasRecoveryCode = (await findRecovery(services.db, viewer.id)) !== undefined
      const isAdmin = await isAdministrator(services.db, viewer.id)
      const props = {
        viewer,
        servers,
        sessions,
        passwordChanged,
        isCommonPassword,
        hasRecoveryCode,
        isAdministrator: isAdmin,
        sendsMail: services.config.mail !== null,
      }
      return html(visit.request, String(<AccountPage {...props} />))
    })
    .post("/account/sessions/:sessionId/revoke", async (visit) => {
      const { sessionId } = visit.params
      orThrow(await act(services, visit, "revokeSession", { sessionId }))
      return goTo(visit.request, "/account")
    })
    .post("/account/sessions/revoke-others", async (visit) => {
      orThrow(await act(services, visit, "revokeOtherSessions", null))
      return goTo(visit.request, "/account")
    })
}
