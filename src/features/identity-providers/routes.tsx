import { Elysia } from "elysia"
import { LoginPage } from "../../../views/accounts.tsx"
import { NewAccountPage } from "../../../views/identity-providers.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html, retryHeaders } from "../../web/reply.ts"
import { field, formState } from "../form-fields.ts"
import { findInstance } from "../instance/store.ts"
import { localPath } from "../local-path.ts"
import type { Services } from "../services.ts"
import type { Visit } from "../visit.ts"
import { connectedPage } from "./account-routes.tsx"
import { beginSignIn } from "./begin-sign-in.ts"
import { comeBack } from "./coming-back.ts"
import { createProviderAccount, requireAdmissionOf, requireIdentified } from "./new-account.ts"
import { findProvider, findSignInWays } from "./store.ts"
import { suggestUsername } from "./usernames.ts"
import { attempt, type StepCall, stepCall } from "./visits.ts"

type OfProvider = Visit & { params: { providerId: string } }

/** To a provider and back, and choosing a username. Plain links and forms. */
export function signInRoutes(services: Services) {
  return new Elysia()
    .get("/login/with/:providerId", async (visit) => {
      const call = await stepCall(services, visit)
      const query = new URL(visit.request.url).searchParams
      const next = localPath(query.get("next") ?? "")
      const isThere = (await findProvider(services.db, visit.params.providerId)) !== undefined
      if (call.ctx.viewer && isThere) return goTo(visit.request, next)

      const invitation = query.get("invitation") ?? ""
      const { data, error } = await attempt(beginSignIn(call, visit.params.providerId, { next, invitation }))
      return error ? refused(services, visit, error) : goTo(visit.request, data.url, call.headers)
    })
    .get("/login/with/:providerId/callback", async (visit) => {
      const call = await stepCall(services, visit)
      const { search } = new URL(visit.request.url)
      const { data, error } = await attempt(comeBack(call, visit.params.providerId, search))
      if (!error) return goTo(visit.request, data, call.headers)
      // Who is signed in was connecting their account.
      return call.ctx.viewer && !call.ctx.viewer.isWaiting
        ? connectedPage(services, visit, { error })
        : refused(services, visit, error)
    })
    .get("/login/with/:providerId/account", async (visit) => {
      return choosing(services, visit, await stepCall(services, visit))
    })
    .post("/login/with/:providerId/account", async (visit) => {
      const call = await stepCall(services, visit)
      const typed = { username: field(visit.body, "username"), application: field(visit.body, "application") }
      const { data, error } = await attempt(createProviderAccount(call, visit.params.providerId, typed))
      return error
        ? choosing(services, visit, call, { error, typed })
        : goTo(visit.request, data, call.headers)
    })
}

interface Failed {
  error: ProcedureError
  typed: Record<string, string>
}

/** The page on which someone chooses a username whom a provider has identified. */
async function choosing(
  services: Services,
  visit: OfProvider,
  call: StepCall,
  failed?: Failed,
): Promise<Response> {
  const found = await attempt(requireIdentified(call, visit.params.providerId))
  if (found.error) return refused(services, visit, found.error)

  const { step, provider } = found.data
  const asked = { ...step, application: "comes later" }
  const admission = await attempt(requireAdmissionOf(services, provider, asked))
  if (admission.error) return refused(services, visit, admission.error)

  const values = { username: await suggestUsername(services.db, step.identity), application: "" }
  const state = failed ? formState(failed.error, failed.typed) : { values }
  const page = (
    <NewAccountPage
      provider={provider}
      needsApplication={admission.data.waiting !== undefined}
      state={state}
    />
  )
  return html(visit.request, String(page), {
    status: failed?.error.code ?? 200,
    headers: retryHeaders(failed?.error ?? {}),
  })
}

/** The page to log in on, with what went wrong. */
async function refused(services: Services, { request }: Visit, error: ProcedureError): Promise<Response> {
  const { db, config } = services
  const [instance, ways] = [await findInstance(db, config), await findSignInWays(db)]
  const page = <LoginPage instance={instance} ways={ways} state={{ error: error.message }} next="/" />
  return html(request, String(page), { status: error.code, headers: retryHeaders(error) })
}
