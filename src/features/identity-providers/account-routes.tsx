import { Elysia } from "elysia"
import { ConnectedProviders, GoOnPage, ToProviderPage } from "../../../views/identity-providers.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { goTo, html } from "../../web/reply.ts"
import { interruptedFields } from "../confirmation-needed.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { localPath } from "../local-path.ts"
import type { Services } from "../services.ts"
import { act, orThrow, refusalOf, requireConfirmedViewer, requireViewer, type Visit } from "../visit.ts"
import { beginSignIn } from "./begin-sign-in.ts"
import { connectedPath } from "./coming-back.ts"
import { findConfirmed, stepToken } from "./steps.ts"
import { attempt, stepCall } from "./visits.ts"

/** Connecting the viewer's account to providers. */
export function connectedRoutes(services: Services) {
  return new Elysia()
    .get(connectedPath, (visit) => connectedPage(services, visit))
    .post("/account/providers/:providerId/connect", async (visit) => {
      const viewer = await requireConfirmedViewer(services, visit)
      const call = await stepCall(services, visit)
      const { providerId } = visit.params
      const { data, error } = await attempt(
        beginSignIn(call, providerId, { next: connectedPath, userId: viewer.id }),
      )
      if (error) return connectedPage(services, visit, { error })
      // Our content security policy lets no form lead to another site: a page of ours does.
      return html(visit.request, String(<ToProviderPage url={data.url} name={data.name} />), {
        headers: call.headers,
      })
    })
    .post("/account/confirm/with/:providerId", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const call = await stepCall(services, visit)
      const next = localPath(field(visit.body, "identityNext"))
      const { data, error } = await attempt(
        beginSignIn(call, visit.params.providerId, {
          next,
          userId: viewer.id,
          confirms: interruptedIn(visit.body),
        }),
      )
      if (error) throw refusalOf(error)
      return html(visit.request, String(<ToProviderPage url={data.url} name={data.name} />), {
        headers: call.headers,
      })
    })
    .get("/login/with/:providerId/confirmed", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const found = await findConfirmed(services.db, stepToken(services.config, visit.request), viewer.id)
      if (!found) throw new Refusal("There is nothing left to confirm", 404)

      return html(visit.request, String(<GoOnPage viewer={viewer} {...found} />))
    })
    .post("/account/providers/:providerId/disconnect", async (visit) => {
      await requireViewer(services, visit)
      const id = visit.params.providerId
      const { success, error } = await act(services, visit, "disconnectProvider", { id })
      return success ? goTo(visit.request, connectedPath) : connectedPage(services, visit, { error })
    })
}

/** Longest form that is stored while the user is at a provider, in characters; a longer one is not sent again. */
const maxKeptLength = 65_536

function interruptedIn(body: unknown): { action: string; fields: [string, string][] } {
  const action = field(body, "identityAction")
  const fields = interruptedFields(body)
  const isKept = action !== "" && JSON.stringify(fields).length <= maxKeptLength
  return isKept ? { action: localPath(action), fields } : { action: "", fields: [] }
}

/** The providers, and what one can do about them. */
export async function connectedPage(
  services: Services,
  visit: Visit,
  { error }: { error?: ProcedureError } = {},
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const providers = orThrow(await act(services, visit, "getConnectedProviders", null))
  const connected = new URL(visit.request.url).searchParams.get("connected")
  const markup = (
    <ConnectedProviders
      providers={providers}
      done={error ? undefined : providers.find(({ id }) => id === connected)?.name}
      state={error ? formState(error, {}) : {}}
    />
  )
  return panel(visit, viewer, { title: "Log in with other accounts", markup, error })
}
