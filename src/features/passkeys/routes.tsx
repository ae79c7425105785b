import { Elysia } from "elysia"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { goTo, json } from "../../web/reply.ts"
import { readPrivateCookie } from "../accounts/begin-session.ts"
import { field } from "../form-fields.ts"
import { localPath } from "../local-path.ts"
import { stepCookie } from "../second-factor/check-code.ts"
import { newCodes, overview } from "../second-factor/pages.tsx"
import type { Services } from "../services.ts"
import { act, orThrow, refusalOf, requireViewer } from "../visit.ts"

const page = "/account/second-factor"

/** Logging in with a passkey: `static/passkeys.js` asks the browser, and sends its answer with a form. */
export function passkeyLoginRoutes(services: Services) {
  return new Elysia()
    .post("/login/passkey/options", async (visit) => {
      const loginStep = readPrivateCookie(services.config, visit.request, stepCookie.name) ?? null
      return json(visit.request, orThrow(await act(services, visit, "beginPasskeyLogin", { loginStep })))
    })
    .post("/login/passkey", async (visit) => {
      const next = localPath(field(visit.body, "to"))
      const [step, response] = [field(visit.body, "step"), field(visit.body, "response")]
      const { success, data, error, headers } = await act(services, visit, "loginWithPasskey", {
        step,
        response,
      })
      if (success) return goTo(visit.request, data.isWaiting ? "/waiting" : next, headers)
      if (error.code !== 401) throw refusalOf(error)

      // A 401 would lead to the form to log in without a word.
      throw new Refusal(error.message, 400)
    })
}

/** A person's passkeys. */
export function passkeysRoutes(services: Services) {
  return new Elysia()
    .post(`${page}/passkeys/options`, async (visit) => {
      await requireViewer(services, visit)
      return json(visit.request, orThrow(await act(services, visit, "beginPasskey", null)))
    })
    .post(`${page}/passkeys`, async (visit) => {
      const [step, response] = [field(visit.body, "step"), field(visit.body, "response")]
      const name = field(visit.body, "name")
      if (response === "") return overview(services, visit, needsScript)
      const { success, data, error } = await act(services, visit, "addPasskey", { step, name, response })
      return success
        ? newCodes(services, visit, { codes: data.backupCodes, done: "passkey" })
        : overview(services, visit, error)
    })
    .post(`${page}/passkeys/:passkeyId/rename`, async (visit) => {
      const { passkeyId: id } = visit.params
      const { success, error } = await act(services, visit, "renamePasskey", {
        id,
        name: field(visit.body, "name"),
      })
      if (success) return goTo(visit.request, `${page}?done=passkey-renamed`)
      if (error.code !== 400) throw refusalOf(error)

      return overview(services, visit, error)
    })
    .post(`${page}/passkeys/:passkeyId/remove`, async (visit) => {
      orThrow(await act(services, visit, "removePasskey", { id: visit.params.passkeyId }))
      return goTo(visit.request, `${page}?done=passkey-removed`)
    })
}

const needsScript: ProcedureError = {
  code: 400,
  message: "Adding a passkey needs JavaScript, and a browser that supports passkeys",
}
