import { Elysia } from "elysia"
import { NewCodePage, RecoverPage, RecoveryPanel } from "../../../views/recovery-codes.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html, retryHeaders } from "../../web/reply.ts"
import { findPasswordHash } from "../accounts/store.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { localPath } from "../local-path.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { carriedCode, carryCode, dropCode, newCodePath, shownOncePath } from "./shown-once.ts"

/** Recovery codes: showing a new one, making one, and using one. */
export function recoveryCodesRoutes(services: Services) {
  const { config } = services
  return new Elysia()
    .get(shownOncePath, ({ request }) => {
      const { searchParams } = new URL(request.url)
      const next = localPath(searchParams.get("next") ?? "")
      const code = carriedCode(request)
      if (!code) return goTo(request, next)

      const page = <NewCodePage code={code} next={next} isCommon={searchParams.has("common")} />
      return html(request, String(page), { headers: { "cache-control": "no-store" } })
    })
    .post(shownOncePath, ({ request, body }) =>
      goTo(request, localPath(field(body, "next")), dropCode(config)),
    )
    .get("/recover", ({ request }) => html(request, String(<RecoverPage state={{}} />)))
    .post("/recover", async (visit) => {
      const names = ["username", "recoveryCode", "newPassword"] as const
      const [username, recoveryCode, newPassword] = names.map((name) => field(visit.body, name)) as [
        string,
        string,
        string,
      ]
      const typed = { username, recoveryCode, newPassword }
      const { success, data, error, headers } = await act(services, visit, "recoverAccount", typed)
      if (success) {
        carryCode(headers, data.recoveryCode, config)
        return goTo(visit.request, newCodePath("/login?password=set", newPassword), headers)
      }
      const page = <RecoverPage state={formState(error, { ...typed, newPassword: "" })} />
      return html(visit.request, String(page), { status: error.code, headers: retryHeaders(error) })
    })
    .get("/account/recovery-code", (visit) => recovery(services, visit))
    .post("/account/recovery-code", async (visit) => {
      const password = field(visit.body, "password")
      const { data, error } = await act(services, visit, "renewRecoveryCode", { password })
      return recovery(services, visit, { code: data?.recoveryCode, error: error ?? undefined })
    })
}

async function recovery(
  services: Services,
  visit: Visit,
  { code, error }: { code?: string; error?: ProcedureError } = {},
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { createdAt } = orThrow(await act(services, visit, "getRecovery", null))
  const state = error ? formState(error, { password: "" }) : {}
  const hasPassword = (await findPasswordHash(services.db, viewer.id)) !== undefined
  const markup = (
    <RecoveryPanel
      viewer={viewer}
      hasPassword={hasPassword}
      createdAt={createdAt}
      code={code}
      state={state}
    />
  )
  return panel(visit, viewer, { title: "Recovery code", markup, error })
}
