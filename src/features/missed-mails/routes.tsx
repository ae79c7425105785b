import { Elysia } from "elysia"
import { MissedMailsPanel, UnsubscribePage } from "../../../views/missed-mails.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { clientIp } from "../../web/call.ts"
import { networkOf } from "../../web/network-of.ts"
import { html } from "../../web/reply.ts"
import { route } from "../../web/routes.ts"
import { feedLimit } from "../feeds/limits.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import type { Services } from "../services.ts"
import { tokenHash } from "../token-hash.ts"
import { act, callOf, orThrow, requireViewer, type Visit } from "../visit.ts"
import { endMails, findMailSettings } from "./store.ts"
import { unsubscribePath, userIdIn } from "./unsubscribing.ts"

/** The token in an address is a secret, so logs redact it. Mail programs post to it, which come from no page of ours. */
const bySecret = route({ redact: ["token"], forPrograms: true })

type BySecret = Visit & { params: { token: string } }

/** Turning the mails on and off, also by the link in one. */
export function missedMailsRoutes(services: Services) {
  return new Elysia()
    .get("/account/mails", (visit) => choice(services, visit))
    .post("/account/mails", async (visit) => {
      const mails = field(visit.body, "mails") === "missed" ? "missed" : "never"
      const { error } = await act(services, visit, "setMissedMails", { mails })
      return choice(services, visit, { error, isSaved: !error })
    })
    .get(
      `${unsubscribePath}/:token`,
      async (visit) => {
        const { token } = visit.params
        await takeGuess(services, visit)
        const settings = await findMailSettings(services.db, userIdIn(token))
        if (settings?.unsubscribeHash !== tokenHash(token)) throw gone()

        return html(
          visit.request,
          String(<UnsubscribePage token={token} isDone={settings.mails === "never"} />),
        )
      },
      bySecret,
    )
    .post(
      `${unsubscribePath}/:token`,
      async (visit) => {
        const { token } = visit.params
        await takeGuess(services, visit)
        const isEnded = await services.commits.decide((tx) => endMails(tx, userIdIn(token), tokenHash(token)))
        if (!isEnded) throw gone()

        return html(visit.request, String(<UnsubscribePage token={token} isDone />))
      },
      bySecret,
    )
}

const gone = () => new Refusal("This link no longer works. These e-mails are turned off", 404)

/** Limits guesses of addresses. Fails: 429. */
async function takeGuess(services: Services, visit: BySecret): Promise<void> {
  const from = `unsubscribing from ${networkOf(clientIp(callOf(services, visit)))}`
  const retryAfterSeconds = await services.limits.get(feedLimit).take(from)
  if (retryAfterSeconds > 0) throw new Refusal("Too many attempts. Wait a moment", 429, { retryAfterSeconds })
}

async function choice(
  services: Services,
  visit: Visit,
  { error, isSaved = false }: { error?: ProcedureError | null; isSaved?: boolean } = {},
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const settings = orThrow(await act(services, visit, "getMissedMails", null))
  const state = error ? formState(error, {}) : {}
  const markup = <MissedMailsPanel {...settings} state={state} isSaved={isSaved} />
  return panel(visit, viewer, { title: "E-mail for what you missed", markup, error: error ?? undefined })
}
