import { Elysia } from "elysia"
import { LoginCodePage } from "../../../views/login-code.tsx"
import { NewAuthenticatorPage } from "../../../views/new-authenticator.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html, retryHeaders } from "../../web/reply.ts"
import { readPrivateCookie } from "../accounts/begin-session.ts"
import { field, formState } from "../form-fields.ts"
import { findInstance } from "../instance/store.ts"
import { localPath } from "../local-path.ts"
import type { Services } from "../services.ts"
import { findStep } from "../sign-in-steps.ts"
import { act, orThrow, type Visit } from "../visit.ts"
import { stepCookie } from "./check-code.ts"
import { newCodes, overview, queryField, surroundings } from "./pages.tsx"

const address = "/account/second-factor"

/** The second step of logging in. */
export function loginCodeRoutes(services: Services) {
  return new Elysia()
    .get("/login/code", async (visit) => {
      const next = localPath(queryField(visit, "next"))
      const token = readPrivateCookie(services.config, visit.request, stepCookie.name)
      const isOpen = token !== undefined && (await findStep(services.db, "factor", token)) !== undefined
      return isOpen ? loginCode(visit, next) : goTo(visit.request, "/login")
    })
    .post("/login/code", async (visit) => {
      const next = localPath(field(visit.body, "next"))
      const step = readPrivateCookie(services.config, visit.request, stepCookie.name) ?? ""
      const { success, data, error, headers } = await act(services, visit, "completeLogin", {
        step,
        code: field(visit.body, "code"),
        trustDevice: field(visit.body, "trustDevice") === "yes",
      })
      if (success) return goTo(visit.request, data.isWaiting ? "/waiting" : next, headers)

      return loginCode(visit, next, error)
    })

  async function loginCode(visit: Visit, next: string, error?: ProcedureError): Promise<Response> {
    const instance = await findInstance(services.db, services.config)
    const state = error ? formState(error, { code: "" }) : {}
    const page = <LoginCodePage instance={instance} state={state} next={next} isOver={error?.code === 401} />
    return html(visit.request, String(page), {
      status: error?.code ?? 200,
      headers: retryHeaders(error ?? {}),
    })
  }
}

/** Setting up an authenticator app. */
export function authenticatorRoutes(services: Services) {
  return new Elysia()
    .post(`${address}/authenticator`, async (visit) => {
      const password = field(visit.body, "password")
      const { success, data, error } = await act(services, visit, "beginAuthenticator", { password })
      return success ? newAuthenticator(visit, data.uri) : overview(services, visit, error)
    })
    .post(`${address}/authenticator/confirm`, async (visit) => {
      const code = field(visit.body, "code")
      const { success, data, error } = await act(services, visit, "confirmAuthenticator", { code })
      if (success) return newCodes(services, visit, { codes: data.backupCodes, done: "authenticator" })

      const uri = field(visit.body, "uri")
      const isSame = error.code === 400 && secretIn(uri) !== ""
      return isSame ? newAuthenticator(visit, uri, error) : overview(services, visit, error)
    })
    .post(`${address}/authenticator/remove`, async (visit) => {
      const [password, code] = [field(visit.body, "password"), field(visit.body, "code")]
      const { success, error } = await act(services, visit, "removeAuthenticator", { password, code })
      return success ? goTo(visit.request, `${address}?done=removed`) : overview(services, visit, error)
    })

  /** The secret comes back with the form: a stolen session alone must not reveal it. */
  async function newAuthenticator(visit: Visit, uri: string, error?: ProcedureError): Promise<Response> {
    const around = await surroundings(services, visit)
    const state = error ? formState(error, { code: "" }) : {}
    const page = (
      <NewAuthenticatorPage
        {...around}
        secret={secretIn(uri)}
        uri={uri}
        qrCode={await qrCodeOf(uri)}
        state={state}
      />
    )
    return html(visit.request, String(page), { status: error?.code ?? 200 })
  }
}

/** The second factor, and what belongs to it. */
export function secondFactorRoutes(services: Services) {
  return new Elysia()
    .get(address, (visit) => overview(services, visit))
    .post(`${address}/backup-codes`, async (visit) => {
      const { success, data, error } = await act(services, visit, "renewBackupCodes", null)
      return success
        ? newCodes(services, visit, { codes: data.backupCodes, done: "authenticator" })
        : overview(services, visit, error)
    })
    .post(`${address}/devices/:deviceId/revoke`, async (visit) => {
      orThrow(await act(services, visit, "revokeTrustedDevice", { id: visit.params.deviceId }))
      return goTo(visit.request, `${address}?done=device`)
    })
    .post("/admin/settings/second-factor", async (visit) => {
      const needsSecondFactor = field(visit.body, "needsSecondFactor") === "yes"
      orThrow(await act(services, visit, "setSecondFactorRule", { needsSecondFactor }))
      return goTo(visit.request, "/admin/settings?saved=yes")
    })
}

/** The secret of an `otpauth://` address; empty for any other text. */
function secretIn(uri: string): string {
  return uri.match(/^otpauth:\/\/totp\/[^?]{1,300}\?secret=([A-Z2-7]{16,64})&/)?.[1] ?? ""
}

/** The picture of a text, as SVG. */
async function qrCodeOf(text: string): Promise<string> {
  const { renderSVG } = await import("uqr")
  return renderSVG(text, { border: 2 })
}
