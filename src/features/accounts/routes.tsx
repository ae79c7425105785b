import { Elysia } from "elysia"
import { ChangePasswordPanel, DeleteAccountPanel, LoginPage, SignUpPage } from "../../../views/accounts.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html, retryHeaders } from "../../web/reply.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { listServersOwned } from "../servers/store.ts"
import type { Services } from "../services.ts"
import { act, requireViewer, type Visit, viewerOf } from "../visit.ts"

/** Sign-up, sign-in and sign-out, changing the password and deleting the account. */
export function accountsRoutes(services: Services) {
  return new Elysia()
    .get("/login", async (visit) => {
      const next = nextOf(visit)
      if (await viewerOf(services, visit)) return goTo(visit.request, next)

      return html(visit.request, String(<LoginPage state={{}} next={next} />))
    })
    .post("/login", async (visit) => {
      const [username, password] = [field(visit.body, "username"), field(visit.body, "password")]
      const next = safeNext(field(visit.body, "next"))
      const { success, error, headers } = await act(services, visit, "login", { username, password })
      if (success) return goTo(visit.request, next, headers)

      const page = <LoginPage state={formState(error, { username })} next={next} />
      return html(visit.request, String(page), { status: error.code, headers: retryHeaders(error) })
    })
    .get("/signup", (visit) => html(visit.request, String(<SignUpPage state={{}} next={nextOf(visit)} />)))
    .post("/signup", async (visit) => {
      const [username, password] = [field(visit.body, "username"), field(visit.body, "password")]
      const next = safeNext(field(visit.body, "next"))
      const { success, error, headers } = await act(services, visit, "signUp", { username, password })
      if (success) return goTo(visit.request, next, headers)

      const { issues, ...rest } = error
      const state = formState({ ...rest, issues }, { username, password: "" })
      const page = <SignUpPage state={{ ...state, values: { username } }} next={next} />
      return html(visit.request, String(page), { status: error.code, headers: retryHeaders(error) })
    })
    .post("/logout", async (visit) => {
      const { headers } = await act(services, visit, "logout", null)
      return goTo(visit.request, "/login", headers)
    })
    .get("/account/password", (visit) => changePassword(visit))
    .post("/account/password", async (visit) => {
      const [currentPassword, newPassword] = [
        field(visit.body, "currentPassword"),
        field(visit.body, "newPassword"),
      ]
      const { success, error } = await act(services, visit, "changePassword", {
        currentPassword,
        newPassword,
      })
      return success ? goTo(visit.request, "/account?password=changed") : changePassword(visit, error)
    })
    .get("/account/delete", (visit) => deleteAccount(visit))
    .post("/account/delete", async (visit) => {
      const password = field(visit.body, "password")
      const { success, error, headers } = await act(services, visit, "deleteAccount", { password })
      return success ? goTo(visit.request, "/signup", headers) : deleteAccount(visit, error)
    })

  async function changePassword(visit: Visit, error?: ProcedureError): Promise<Response> {
    const viewer = await requireViewer(services, visit)
    const state = error ? formState(error, { currentPassword: "", newPassword: "" }) : {}
    const markup = <ChangePasswordPanel viewer={viewer} state={state} />
    return panel(visit, viewer, { title: "Change password", markup, error })
  }

  async function deleteAccount(visit: Visit, error?: ProcedureError): Promise<Response> {
    const viewer = await requireViewer(services, visit)
    const owned = await listServersOwned(services.db, viewer.id)
    const state = error ? formState(error, { password: "" }) : {}
    const markup = <DeleteAccountPanel viewer={viewer} owned={owned} state={state} />
    return panel(visit, viewer, { title: "Delete account", markup, error })
  }
}

function nextOf({ request }: Visit): string {
  return safeNext(new URL(request.url).searchParams.get("next") ?? "")
}

/** Allows only local paths: `//evil.example` and `/\evil.example` would redirect to another host. */
function safeNext(next: string): string {
  return /^\/(?![/\\])[^\\\s]*$/.test(next) ? next : "/"
}
