import { Elysia } from "elysia"
import { SignUpPage } from "../../../views/accounts.tsx"
import { LinkGonePage, ResetPasswordPage, SetUpPage, WaitingPage } from "../../../views/instance.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html, retryHeaders } from "../../web/reply.ts"
import { route } from "../../web/routes.ts"
import { field, formState } from "../form-fields.ts"
import { findSignInWays } from "../identity-providers/store.ts"
import { carryCode, newCodePath } from "../recovery-codes/shown-once.ts"
import type { Services } from "../services.ts"
import { act, type Visit, viewerOf } from "../visit.ts"
import { invitationNeeded, signUpsClosed } from "./admission.ts"
import type { Instance } from "./contract.ts"
import { isInvitation } from "./invitations.ts"
import { findLink } from "./one-time-links.ts"
import { linkGone, maySetUp } from "./setting-up.ts"
import { findInstance } from "./store.ts"

/** Tokens and codes in addresses are secrets, so logs redact them. */
const bySecret = route({ redact: ["token", "code"] })

/** The pages of one-time addresses and invitations, and of those who wait for an approval. */
export function instanceRoutes(services: Services) {
  const { db, config } = services
  return new Elysia()
    .get("/setup/:token", (visit) => setUp(services, visit, visit.params.token), bySecret)
    .post(
      "/setup/:token",
      async (visit) => {
        const { token } = visit.params
        const values = valuesOf(visit.body, ["username", "name", "registration", "serverCreation"])
        const isNew = (await viewerOf(services, visit)) === null
        const account = { username: values.username, password: field(visit.body, "password") }
        const { success, data, error, headers } = await act(services, visit, "setUpInstance", {
          token,
          name: values.name ?? "",
          registration: values.registration as Instance["registration"],
          serverCreation: values.serverCreation as Instance["serverCreation"],
          ...(isNew ? account : {}),
        })
        if (!success) return setUp(services, visit, token, error, values)
        if (!data.grant?.recoveryCode) return goTo(visit.request, "/admin", headers)

        carryCode(headers, data.grant.recoveryCode, config)
        return goTo(visit.request, newCodePath("/admin", account.password), headers)
      },
      bySecret,
    )
    .get("/reset/:token", (visit) => resetPassword(services, visit, visit.params.token), bySecret)
    .post(
      "/reset/:token",
      async (visit) => {
        const { token } = visit.params
        const newPassword = field(visit.body, "newPassword")
        const { success, error } = await act(services, visit, "resetPassword", { token, newPassword })
        return success
          ? goTo(visit.request, "/login?password=set")
          : resetPassword(services, visit, token, error)
      },
      bySecret,
    )
    .get("/join/:code", (visit) => join(services, visit, visit.params.code), bySecret)
    .get("/waiting", async (visit) => {
      const viewer = await services.sessions.find(visit.request.headers)
      if (!viewer) return goTo(visit.request, "/login")
      if (!viewer.isWaiting) return goTo(visit.request, "/")

      const instance = await findInstance(db, config)
      return html(visit.request, String(<WaitingPage username={viewer.username} instance={instance} />))
    })
}

async function setUp(
  services: Services,
  visit: Visit,
  token: string,
  error?: ProcedureError,
  values?: Record<string, string>,
): Promise<Response> {
  const { db, config } = services
  if (!(await maySetUp(db, token))) return gone(visit.request, "Set up this chat", linkGone)

  const viewer = await viewerOf(services, visit)
  const { name, registration, serverCreation, isSetUp } = await findInstance(db, config)
  // What is not chosen yet should not leave the door open.
  const isClosed = !isSetUp && registration === "closed"
  const chosen = { name, registration: isClosed ? "invite" : registration, serverCreation }
  const typed = { ...chosen, username: "", password: "", ...values }
  const state = error ? formState(error, typed) : { values: chosen }
  const page = <SetUpPage token={token} username={viewer?.username} state={{ ...state, values: typed }} />
  return html(visit.request, String(page), { status: error?.code ?? 200 })
}

async function resetPassword(
  services: Services,
  visit: Visit,
  token: string,
  error?: ProcedureError,
): Promise<Response> {
  const link = await findLink(services.db, token, "password", new Date())
  if (!link) return gone(visit.request, "New password", linkGone)

  const state = error ? formState(error, { newPassword: "" }) : {}
  const page = <ResetPasswordPage token={token} state={state} />
  return html(visit.request, String(page), {
    status: error?.code ?? 200,
    headers: retryHeaders(error ?? {}),
  })
}

/** The page of an invitation is the form to sign up. */
async function join(services: Services, visit: Visit, code: string): Promise<Response> {
  const { db, config } = services
  const instance = await findInstance(db, config)
  const isUsable = await isInvitation(db, code, new Date())
  if (!isUsable && instance.registration !== "open")
    return gone(visit.request, "Invitation", invitationNeeded)
  if (instance.registration === "closed") return gone(visit.request, "Invitation", signUpsClosed)
  if (await viewerOf(services, visit))
    return isUsable ? goTo(visit.request, "/") : gone(visit.request, "Invitation", invitationNeeded)

  const page = (
    <SignUpPage instance={instance} ways={await findSignInWays(db)} invitation={code} state={{}} next="/" />
  )
  return html(visit.request, String(page))
}

function gone(request: Request, title: string, message: string): Response {
  return html(request, String(<LinkGonePage title={title} message={message} />), { status: 404 })
}

function valuesOf(body: unknown, names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, field(body, name)]))
}
