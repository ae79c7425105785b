import { Elysia } from "elysia"
import { ChangePasswordPanel, LoginPage, SignUpPage, withNext } from "../../../views/accounts.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html, retryHeaders } from "../../web/reply.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import type { SignInWays } from "../identity-providers/contract.ts"
import { findSignInWays } from "../identity-providers/store.ts"
import type { Instance } from "../instance/contract.ts"
import { findInstance } from "../instance/store.ts"
import { localPath } from "../local-path.ts"
import { carryCode, newCodePath } from "../recovery-codes/shown-once.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer, type Visit, viewerOf } from "../visit.ts"
import { isCommon } from "./password-strength.ts"
import { findPasswordHash } from "./store.ts"

/** Where users are redirected whose account waits for approval. */
const waitingPath = "/waiting"

/** Sign-up, sign-in and sign-out, and changing the password. */
export function accountsRoutes(services: Services) {
  return new Elysia()
    .get("/login", async (visit) => {
      const next = nextOf(visit)
      const viewer = await viewerOf(services, visit)
      if (viewer) return goTo(visit.request, viewer.isWaiting ? waitingPath : next)

      const isReset = new URL(visit.request.url).searchParams.get("password") === "set"
      const notice = isReset ? "Your new password is set. Log in with it." : undefined
      const page = (
        <LoginPage instance={await instance()} ways={await ways()} notice={notice} state={{}} next={next} />
      )
      return html(visit.request, String(page))
    })
    .post("/login", async (visit) => {
      const [username, password] = [field(visit.body, "username"), field(visit.body, "password")]
      const next = localPath(field(visit.body, "next"))
      const { success, data, error, headers } = await act(services, visit, "login", { username, password })
      if (success) return goTo(visit.request, data.isWaiting ? waitingPath : next, headers)
      // The password was right, and a cookie leads to the second step.
      if (error.issues?.some(({ path }) => path === "code"))
        return goTo(visit.request, withNext("/login/code", next), headers)

      const state = formState(error, { username })
      const page = <LoginPage instance={await instance()} ways={await ways()} state={state} next={next} />
      return html(visit.request, String(page), { status: error.code, headers: retryHeaders(error) })
    })
    .get("/signup", async (visit) => {
      const page = (
        <SignUpPage
          instance={await instance()}
          ways={await ways()}
          work={await workFor(visit)}
          state={{}}
          next={nextOf(visit)}
        />
      )
      return html(visit.request, String(page))
    })
    .post("/signup", async (visit) => {
      const [username, password] = [field(visit.body, "username"), field(visit.body, "password")]
      const next = localPath(field(visit.body, "next"))
      const [invitation, application] = [field(visit.body, "invitation"), field(visit.body, "application")]
      const answer = field(visit.body, "answer")
      const work = field(visit.body, "work") || undefined
      const asked = { username, password, invitation, application, answer, work }
      const { success, data, error, headers } = await act(services, visit, "signUp", asked)
      if (success) {
        carryCode(headers, data.recoveryCode ?? "", services.config)
        return goTo(visit.request, newCodePath(data.isWaiting ? waitingPath : next, password), headers)
      }

      const state = {
        ...formState(error, { username, application, answer, password: "" }),
        values: { username, application, answer },
      }
      const page = (
        <SignUpPage
          instance={await instance()}
          ways={await ways()}
          invitation={invitation}
          work={await workFor(visit)}
          state={state}
          next={next}
        />
      )
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
      const changed = `/account?password=changed${isCommon(newPassword) ? "&common" : ""}`
      return success ? goTo(visit.request, changed) : changePassword(visit, error)
    })

  function instance(): Promise<Instance> {
    return findInstance(services.db, services.config)
  }

  /** A challenge of its own for each page, where work takes the place of the question. */
  async function workFor(visit: Visit) {
    return orThrow(await act(services, visit, "getSignUpWork", null)) ?? undefined
  }

  function ways(): Promise<SignInWays> {
    return findSignInWays(services.db)
  }

  async function changePassword(visit: Visit, error?: ProcedureError): Promise<Response> {
    const viewer = await requireViewer(services, visit)
    const state = error ? formState(error, { currentPassword: "", newPassword: "" }) : {}
    const hasPassword = (await findPasswordHash(services.db, viewer.id)) !== undefined
    const markup = <ChangePasswordPanel viewer={viewer} hasPassword={hasPassword} state={state} />
    return panel(visit, viewer, { title: "Change password", markup, error })
  }
}

function nextOf({ request }: Visit): string {
  return localPath(new URL(request.url).searchParams.get("next") ?? "")
}
