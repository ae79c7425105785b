import { Elysia } from "elysia"
import { BotPage, BotsPage, DeleteBotPanel, ServerBotsPanel } from "../../../views/bots.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { goTo, html, retryHeaders, wantsFragment } from "../../web/reply.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { requireServer } from "../permissions/require.ts"
import { listServers } from "../servers/store.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { noSuchBot } from "./wording.ts"

/** The viewer's bots, their tokens and their servers. */
export function botsRoutes(services: Services) {
  return new Elysia()
    .get("/account/bots", (visit) => botsPage(visit))
    .post("/account/bots", async (visit) => {
      const username = field(visit.body, "username")
      const { success, data, error } = await act(services, visit, "createBot", { username })
      return success ? goTo(visit.request, `/account/bots/${data.id}`) : botsPage(visit, error, username)
    })
    .get("/account/bots/:botId", (visit) => botPage(visit, visit.params.botId))
    .post("/account/bots/:botId/tokens", async (visit) => {
      const { botId } = visit.params
      const { success, data, error } = await act(services, visit, "createBotToken", { botId })
      return botPage(visit, botId, success ? { token: data.token } : { error })
    })
    .post("/account/bots/:botId/tokens/:tokenId/revoke", async (visit) => {
      const { botId, tokenId } = visit.params
      orThrow(await act(services, visit, "revokeBotToken", { tokenId }))
      return goTo(visit.request, `/account/bots/${botId}`)
    })
    .get("/account/bots/:botId/delete", (visit) => deletionPanel(visit, visit.params.botId))
    .post("/account/bots/:botId/delete", async (visit) => {
      const { botId } = visit.params
      const { success, error } = await act(services, visit, "deleteBot", { botId })
      return success ? goTo(visit.request, "/account/bots") : deletionPanel(visit, botId, error)
    })
    .get("/servers/:serverId/bots", (visit) => serverBotsPanel(visit, visit.params.serverId))
    .get("/servers/:serverId/settings/bots", (visit) => serverBotsPanel(visit, visit.params.serverId))
    .post("/servers/:serverId/bots", async (visit) => {
      const { serverId } = visit.params
      const { error } = await act(services, visit, "addBot", { serverId, botId: field(visit.body, "botId") })
      if (error || wantsFragment(visit.request)) return serverBotsPanel(visit, serverId, error ?? undefined)

      return goTo(visit.request, `/servers/${serverId}/bots`)
    })

  async function botsPage(visit: Visit, error?: ProcedureError, username = ""): Promise<Response> {
    const viewer = await requireViewer(services, visit)
    const listed = orThrow(await act(services, visit, "getBots", null))
    const servers = await listServers(services.db, viewer.id)
    const state = error ? formState(error, { username }) : {}
    const page = <BotsPage viewer={viewer} servers={servers} bots={listed} state={state} />
    return html(visit.request, String(page), { status: error?.code, headers: retryHeaders(error ?? {}) })
  }

  async function botPage(
    visit: Visit,
    botId: string,
    { token, error }: { token?: string; error?: ProcedureError } = {},
  ): Promise<Response> {
    const viewer = await requireViewer(services, visit)
    const bot = await requireBot(visit, botId)
    const servers = await listServers(services.db, viewer.id)
    const state = error ? formState(error, {}) : {}
    const page = <BotPage viewer={viewer} servers={servers} bot={bot} token={token} state={state} />
    return html(visit.request, String(page), {
      status: error?.code,
      headers: { "cache-control": "no-store" },
    })
  }

  async function deletionPanel(visit: Visit, botId: string, error?: ProcedureError): Promise<Response> {
    const viewer = await requireViewer(services, visit)
    const bot = await requireBot(visit, botId)
    const markup = <DeleteBotPanel bot={bot} state={error ? formState(error, {}) : {}} />
    return panel(visit, viewer, { title: "Delete bot", markup, error })
  }

  async function serverBotsPanel(visit: Visit, serverId: string, error?: ProcedureError): Promise<Response> {
    const viewer = await requireViewer(services, visit)
    const access = await requireServer(services, viewer, serverId, "manageServer")
    const { server } = access
    const own = orThrow(await act(services, visit, "getBots", null))
    const listed = own.map(({ id, username, servers }) => ({
      id,
      username,
      isMember: servers.some(({ id }) => id === server.id),
    }))
    const markup = <ServerBotsPanel server={server} bots={listed} state={error ? formState(error, {}) : {}} />
    return settingsPage(services, visit, {
      ...access,
      ...{ viewer, section: "bots", title: "Bots", markup, error },
    })
  }

  /** One of the viewer's bots. Fails: 401, 404. */
  async function requireBot(visit: Visit, botId: string) {
    const found = orThrow(await act(services, visit, "getBots", null)).find(({ id }) => id === botId)
    if (!found) throw new Refusal(noSuchBot, 404)

    return found
  }
}
