import { Elysia } from "elysia"
import {
  EmailAddressPanel,
  ForgotPage,
  RemoveEmailPanel,
  VerifyEmailPage,
} from "../../../views/email-addresses.tsx"
import { LinkGonePage } from "../../../views/instance.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html, retryHeaders } from "../../web/reply.ts"
import { route } from "../../web/routes.ts"
import { findPasswordHash, findUser } from "../accounts/store.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { linkGone } from "../instance/setting-up.ts"
import type { Services } from "../services.ts"
import { findStep } from "../sign-in-steps.ts"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { mailer } from "./mailer.ts"
import { verificationPath } from "./mails.ts"
import { addressIn } from "./store.ts"

/** The token in an address is a secret, so logs redact it. */
const bySecret = route({ redact: ["token"] })
const title = "E-mail address"

/** The viewer's e-mail address, confirming it, and asking for a link when the password is lost. */
export function emailAddressesRoutes(services: Services) {
  return new Elysia()
    .get("/account/email", (visit) => emailAddress(services, visit))
    .post("/account/email", async (visit) => {
      const [address, password] = [field(visit.body, "address"), field(visit.body, "password")]
      const { error } = await act(services, visit, "setEmailAddress", { address, password })
      return emailAddress(services, visit, error ? { error, address } : {})
    })
    .get("/account/email/remove", (visit) => removal(services, visit))
    .post("/account/email/remove", async (visit) => {
      const password = field(visit.body, "password")
      const { success, error } = await act(services, visit, "removeEmailAddress", { password })
      return success ? goTo(visit.request, "/account") : removal(services, visit, error)
    })
    .get(`${verificationPath}/:token`, (visit) => verification(services, visit), bySecret)
    .post(
      `${verificationPath}/:token`,
      async (visit) => {
        const { token } = visit.params
        const { data, error } = await act(services, visit, "verifyEmailAddress", { token })
        if (error) return gone(visit.request, error)

        const page = <VerifyEmailPage token={token} {...data} isDone />
        return html(visit.request, String(page))
      },
      bySecret,
    )
    .get("/forgot", (visit) => forgot(services, visit))
    .post("/forgot", async (visit) => {
      const account = field(visit.body, "account")
      const { success, error } = await act(services, visit, "requestPasswordReset", { account })
      return success ? goTo(visit.request, "/forgot?sent") : forgot(services, visit, { error, account })
    })
}

async function emailAddress(
  services: Services,
  visit: Visit,
  { error, address = "" }: { error?: ProcedureError; address?: string } = {},
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const found = orThrow(await act(services, visit, "getEmailAddress", null))
  const state = error ? formState(error, { address, password: "" }) : {}
  const markup = (
    <EmailAddressPanel
      viewer={viewer}
      hasPassword={await hasPassword(services, viewer)}
      {...found}
      state={state}
    />
  )
  return panel(visit, viewer, { title, markup, error })
}

async function removal(services: Services, visit: Visit, error?: ProcedureError): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const state = error ? formState(error, { password: "" }) : {}
  const markup = (
    <RemoveEmailPanel viewer={viewer} hasPassword={await hasPassword(services, viewer)} state={state} />
  )
  return panel(visit, viewer, { title: "Remove e-mail address", markup, error })
}

async function hasPassword({ db }: Services, { id }: { id: string }): Promise<boolean> {
  return (await findPasswordHash(db, id)) !== undefined
}

async function verification(
  services: Services,
  visit: Visit & { params: { token: string } },
): Promise<Response> {
  const { token } = visit.params
  const step = await findStep(services.db, "email", token)
  const user = step?.userId ? await findUser(services.db, step.userId) : undefined
  if (!step || !user) return gone(visit.request)

  const shown = { token, username: user.username, address: addressIn(step) }
  return html(visit.request, String(<VerifyEmailPage {...shown} />))
}

function gone(request: Request, { message, code }: Pick<ProcedureError, "message" | "code"> = notThere) {
  const page = <LinkGonePage title="Confirm your e-mail address" message={message} />
  return html(request, String(page), { status: code })
}

const notThere = { message: linkGone, code: 404 } as const

function forgot(
  { workers }: Services,
  { request }: Visit,
  { error, account = "" }: { error?: ProcedureError; account?: string } = {},
): Response {
  const isSent = new URL(request.url).searchParams.has("sent")
  const state = error ? formState(error, { account }) : {}
  const { isOffered } = workers.get(mailer)
  const page = <ForgotPage isOffered={isOffered} isSent={isSent && !error} state={state} />
  return html(request, String(page), { status: error?.code ?? 200, headers: retryHeaders(error ?? {}) })
}
