import { Elysia } from "elysia"
import { UsernamePanel } from "../../../views/usernames.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { findPasswordHash } from "../accounts/store.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import type { Services } from "../services.ts"
import { act, requireViewer, type Visit } from "../visit.ts"

/** Changing the viewer's username. */
export function usernamesRoutes(services: Services) {
  return new Elysia()
    .get("/account/username", (visit) => form(services, visit))
    .post("/account/username", async (visit) => {
      // Here the field `username` is the name so far, for password managers.
      const [username, password] = [field(visit.body, "newUsername"), field(visit.body, "password")]
      const { success, error } = await act(services, visit, "changeUsername", { username, password })
      return success ? goTo(visit.request, "/account") : form(services, visit, error, username)
    })
}

async function form(
  services: Services,
  visit: Visit,
  error?: ProcedureError,
  newUsername = "",
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  // The procedure calls the field of the form by another name.
  const issues = error?.issues?.map(({ path, message }) => ({
    path: path === "username" ? "newUsername" : path,
    message,
  }))
  const state = error ? formState({ ...error, issues }, { newUsername, password: "" }) : {}
  const hasPassword = (await findPasswordHash(services.db, viewer.id)) !== undefined
  const markup = <UsernamePanel viewer={viewer} hasPassword={hasPassword} state={state} />
  return panel(visit, viewer, { title: "Change username", markup, error })
}
