import { Elysia } from "elysia"
import { JoiningPanel, Questions } from "../../../views/joining.tsx"
import { FormPanel } from "../../../views/ui.tsx"
import { goTo } from "../../web/reply.ts"
import { field, fields } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { joiningSettingsRoutes } from "./settings-routes.tsx"

type OfServer = Visit & { params: { serverId: string }; body?: unknown }

/** What new members see, choosing roles later, and the section “Joining” of a server's settings. */
export function joiningRoutes(services: Services) {
  return new Elysia()
    .use(joiningSettingsRoutes(services))
    .get("/servers/:serverId/joining", (visit) => joiningPage(services, visit))
    .post("/servers/:serverId/rules/accept", async (visit) => {
      const { serverId } = visit.params
      orThrow(await act(services, visit, "acceptRules", { serverId }))
      return goTo(visit.request, `/servers/${serverId}/joining`)
    })
    .post("/servers/:serverId/questions", (visit) => answer(services, visit))
    .get("/servers/:serverId/settings/my-roles", (visit) => rolesForMe(services, visit))
}

async function joiningPage(services: Services, visit: OfServer, error?: string): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { server } = await requireServer(services, viewer, visit.params.serverId)
  const joining = orThrow(await act(services, visit, "getJoining", { serverId: server.id }))
  const title = `Welcome to ${server.name}`
  const markup = (
    <FormPanel title={title}>
      <JoiningPanel server={server} joining={joining} clock={viewer.clock} error={error} />
    </FormPanel>
  )
  return panel(visit, viewer, { title, markup, error: error ? { code: 400, message: error } : undefined })
}

async function answer(services: Services, visit: OfServer): Promise<Response> {
  const { serverId } = visit.params
  const { questions } = orThrow(await act(services, visit, "getJoining", { serverId }))
  const answers = Object.fromEntries(questions.map(({ id }) => [id, fields(visit.body, id)]))
  const { error } = await act(services, visit, "answerQuestions", { serverId, answers })
  if (error) return joiningPage(services, visit, error.message)

  const isFromSettings = field(visit.body, "from") === "settings"
  const next = isFromSettings ? "settings/my-roles?saved" : "joining"
  return goTo(visit.request, `/servers/${serverId}/${next}`)
}

async function rolesForMe(services: Services, visit: OfServer): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, visit.params.serverId)
  const { server } = access
  const joining = orThrow(await act(services, visit, "getJoining", { serverId: server.id }))
  const markup =
    joining.questions.length > 0 ? (
      <Questions server={server} joining={joining} clock={viewer.clock} from="settings" />
    ) : (
      <p class="empty">This server has no roles to choose</p>
    )
  return settingsPage(services, visit, {
    ...{ ...access, viewer, section: "my-roles", title: "My roles" },
    markup,
  })
}
