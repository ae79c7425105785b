import { Elysia } from "elysia"
import { DeleteAccountPanel } from "../../../views/account-deletion.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { findPasswordHash } from "../accounts/store.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { listServersOwned } from "../servers/store.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { LeftMessages } from "./contract.ts"
import { listSharedServers } from "./store.ts"

/** The page on which a person leaves, or changes their mind. */
export function accountDeletionsRoutes(services: Services) {
  return new Elysia()
    .get("/account/delete", (visit) => page(services, { ...visit, body: null }))
    .post("/account/delete", async (visit) => {
      const { body } = visit
      const isNow = field(body, "when") === "now"
      const { success, error, headers } = await act(services, visit, "scheduleAccountDeletion", {
        password: field(body, "password") || undefined,
        messages: LeftMessages.catch("keep").parse(field(body, "messages")),
        ...(isNow && { days: 0 }),
      })
      if (!success) return page(services, visit, error)
      return isNow ? goTo(visit.request, "/signup", headers) : goTo(visit.request, "/account/delete")
    })
    .post("/account/delete/cancel", async (visit) => {
      orThrow(await act(services, visit, "cancelAccountDeletion", null))
      return goTo(visit.request, "/account")
    })
}

async function page(
  services: Services,
  visit: Visit & { body: unknown },
  error?: ProcedureError,
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const shared = await listSharedServers(services.db, viewer.id)
  const owned = await listServersOwned(services.db, viewer.id)
  const deletion = orThrow(await act(services, visit, "getAccountDeletion", null))
  const messages = field(visit.body, "messages") || (deletion?.messages ?? "")
  const values = { messages, when: field(visit.body, "when"), password: "" }
  const markup = (
    <DeleteAccountPanel
      viewer={viewer}
      deletion={deletion}
      hasPassword={(await findPasswordHash(services.db, viewer.id)) !== undefined}
      shared={shared}
      alone={owned.filter(({ id }) => !shared.some((server) => server.id === id))}
      state={error ? formState(error, values) : { values }}
    />
  )
  return panel(visit, viewer, { title: "Delete account", markup, error })
}
