import { Elysia } from "elysia"
import { ConfirmationPanel } from "../../../views/confirmation.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, json } from "../../web/reply.ts"
import { type Interrupted, interruptedFields } from "../confirmation-needed.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { localPath } from "../local-path.ts"
import type { Services } from "../services.ts"
import { act, findConfirmationWays, orThrow, requireViewer, type Visit } from "../visit.ts"

/** Confirming who one is before something dangerous. */
export function confirmationRoutes(services: Services) {
  return new Elysia()
    .get("/account/confirm", async (visit) => {
      const next = localPath(new URL(visit.request.url).searchParams.get("next") ?? "")
      return ask(visit, { interrupted: { action: "", fields: [] }, next })
    })
    .post("/account/confirm/passkey/options", async (visit) => {
      await requireViewer(services, visit)
      return json(visit.request, orThrow(await act(services, visit, "beginPasskeyConfirmation", null)))
    })
    .post("/account/confirm", async (visit) => {
      const next = localPath(field(visit.body, "identityNext"))
      const action = field(visit.body, "identityAction")
      const interrupted = { action: action && localPath(action), fields: interruptedFields(visit.body) }
      const { success, error } = await confirm(visit)
      if (!success) return ask(visit, { interrupted, next, error })
      if (!interrupted.action) return goTo(visit.request, next)

      // 307: browsers send the same form again, to where it was meant to go.
      return new Response(null, { status: 307, headers: { location: interrupted.action } })
    })

  function confirm(visit: Visit & { body?: unknown }) {
    const response = field(visit.body, "identityResponse")
    if (response !== "")
      return act(services, visit, "confirmByPasskey", { step: field(visit.body, "identityStep"), response })
    return act(services, visit, "confirmIdentity", {
      password: field(visit.body, "identityPassword"),
      code: field(visit.body, "identityCode"),
    })
  }

  async function ask(
    visit: Visit,
    { interrupted, next, error }: { interrupted: Interrupted; next: string; error?: ProcedureError },
  ): Promise<Response> {
    const viewer = await requireViewer(services, visit)
    const markup = (
      <ConfirmationPanel
        viewer={viewer}
        ways={await findConfirmationWays(services.db, viewer.id)}
        {...interrupted}
        next={next}
        state={error ? stateOf(error) : {}}
      />
    )
    return panel(visit, viewer, { title: "Confirm your identity", markup, error })
  }
}

/** The fields of this form are named apart from those of the form that it carries. */
function stateOf(error: ProcedureError) {
  const names: Record<string, string> = { password: "identityPassword", code: "identityCode" }
  const issues = error.issues?.map(({ path, message }) => ({ path: names[path] ?? path, message }))
  return formState({ ...error, issues }, { identityPassword: "", identityCode: "" })
}
