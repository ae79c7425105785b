import { Elysia } from "elysia"
import { ConnectedProviders, ToProviderPage } from "../../../views/identity-providers.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html } from "../../web/reply.ts"
import { formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import type { Services } from "../services.ts"
import { act, orThrow, requireConfirmedViewer, requireViewer, type Visit } from "../visit.ts"
import { beginSignIn } from "./begin-sign-in.ts"
import { connectedPath } from "./coming-back.ts"
import { attempt, stepCall } from "./visits.ts"

/** Connecting one's account to providers. */
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
    .post("/account/providers/:providerId/disconnect", async (visit) => {
      await requireViewer(services, visit)
      const id = visit.params.providerId
      const { success, error } = await act(services, visit, "disconnectProvider", { id })
      return success ? goTo(visit.request, connectedPath) : connectedPage(services, visit, { error })
    })
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
