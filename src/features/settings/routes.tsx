import { Elysia } from "elysia"
import { SettingsPage } from "../../../views/settings.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html } from "../../web/reply.ts"
import { field, formState } from "../form-fields.ts"
import { findPlaces } from "../rooms/store.ts"
import type { Services } from "../services.ts"
import { act, requireViewer, type Visit } from "../visit.ts"
import { defaultSettings } from "./contract.ts"

type Choices = Record<string, string>

/** The settings page. */
export function settingsRoutes(services: Services) {
  return new Elysia()
    .get("/settings", (visit) => page(visit))
    .post("/settings", async (visit) => {
      const names = Object.keys(defaultSettings)
      const entries = names.map((name) => [name, field(visit.body, name)]).filter(([, value]) => value !== "")
      const choices: Choices = Object.fromEntries(entries)
      // The contract validates the values.
      const { success, error } = await act(services, visit, "updateSettings", choices as object)
      return success ? goTo(visit.request, "/settings?saved") : page(visit, choices, error)
    })

  async function page(visit: Visit, choices: Choices = {}, error?: ProcedureError): Promise<Response> {
    const viewer = await requireViewer(services, visit)
    const values = { ...(viewer.settings ?? defaultSettings), ...choices }
    const isSaved = new URL(visit.request.url).searchParams.has("saved")
    const props = { viewer, ...(await findPlaces(services.db, viewer.id)), now: new Date(), isSaved }
    const markup = <SettingsPage {...props} state={error ? formState(error, values) : { values }} />
    return html(visit.request, String(markup), { status: error?.code })
  }
}
