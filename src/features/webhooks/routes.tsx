import { Elysia } from "elysia"
import { OutgoingWebhooksPanel, WebhookChannels, WebhooksPanel } from "../../../views/webhooks.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { asset } from "../../web/assets.ts"
import { goTo, wantsFragment } from "../../web/reply.ts"
import { listChannels } from "../channels/store.ts"
import { serveFile } from "../files/serve.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { requireChannel, requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { avatarFetcher } from "./avatars.ts"
import { findReadableAvatar } from "./avatars-store.ts"
import { findOutgoing, listDisabledPlaces } from "./outgoing-store.ts"
import { noSuchWebhook } from "./require-webhook.ts"
import { findWebhook } from "./store.ts"

type ChannelVisit = Visit & { params: { serverId: string; channelId: string } }

/** What the panel of incoming webhooks shows besides the list. */
interface WebhooksPanelState {
  error?: ProcedureError
  name?: string
  /** The new token of a webhook. */
  created?: { id: string; token: string }
}

interface OutgoingPanelState {
  error?: ProcedureError
  url?: string
  /** The signing secret of a new webhook. */
  secret?: string
}

/** How long a request waits for an avatar that is being fetched; then it gets the bot icon. */
const maxWaitMs = 10_000

/** The webhooks of a channel, for the server's owner, and the avatars of their messages, for every reader. */
export function webhooksRoutes(services: Services) {
  return new Elysia()
    .get("/avatars/:avatarId", (visit) => serveAvatar(services, visit, visit.params.avatarId))
    .get("/servers/:serverId/settings/webhooks", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const access = await requireServer(services, viewer, visit.params.serverId, "manageWebhooks")
      const { db } = services
      const channels = await listChannels(db, access.server.id, viewer.id)
      const disabled = await listDisabledPlaces(db, access.server.id)
      const markup = <WebhookChannels channels={channels} disabled={disabled} />
      return settingsPage(services, visit, {
        ...access,
        ...{ viewer, section: "webhooks", title: "Webhooks", markup },
      })
    })
    .use(incomingPanelRoutes(services))
    .use(outgoingPanelRoutes(services))
}

function incomingPanelRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/channels/:channelId/webhooks", (visit) => webhooksPanel(services, visit))
    .post("/servers/:serverId/channels/:channelId/webhooks", async (visit) => {
      const { channelId } = await requireManaged(services, visit)
      const name = field(visit.body, "name")
      const { success, data, error } = await act(services, visit, "createWebhook", { channelId, name })
      return webhooksPanel(services, visit, success ? { created: data } : { error, name })
    })
    .post("/servers/:serverId/channels/:channelId/webhooks/:webhookId/renew", async (visit) => {
      const webhookId = await requireWebhookIn(services, visit)
      const created = orThrow(await act(services, visit, "renewWebhook", { webhookId }))
      return webhooksPanel(services, visit, { created })
    })
    .post("/servers/:serverId/channels/:channelId/webhooks/:webhookId/delete", async (visit) => {
      const webhookId = await requireWebhookIn(services, visit)
      orThrow(await act(services, visit, "deleteWebhook", { webhookId }))
      if (wantsFragment(visit.request)) return webhooksPanel(services, visit)

      const { serverId, channelId } = visit.params
      return goTo(visit.request, `/servers/${serverId}/channels/${channelId}/webhooks`)
    })
}

function outgoingPanelRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/channels/:channelId/outgoing-webhooks", (visit) =>
      outgoingPanel(services, visit),
    )
    .post("/servers/:serverId/channels/:channelId/outgoing-webhooks", async (visit) => {
      const { channelId } = await requireManaged(services, visit)
      const url = field(visit.body, "url").trim()
      const { success, data, error } = await act(services, visit, "createOutgoingWebhook", { channelId, url })
      return outgoingPanel(services, visit, success ? { secret: data.secret } : { error, url })
    })
    .post("/servers/:serverId/channels/:channelId/outgoing-webhooks/:hookId/retry", (visit) =>
      changeOutgoing(services, visit, "retryOutgoingWebhook"),
    )
    .post("/servers/:serverId/channels/:channelId/outgoing-webhooks/:hookId/delete", (visit) =>
      changeOutgoing(services, visit, "deleteOutgoingWebhook"),
    )
}

async function serveAvatar(services: Services, visit: Visit, id: string): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const find = () => findReadableAvatar(services.db, viewer.id, id)
  const requested = await find()
  if (requested && !requested.imageKey) {
    const fetched = services.workers.get(avatarFetcher).ensureFetched(id)
    await Promise.race([fetched, Bun.sleep(maxWaitMs)])
  }
  // Read again after waiting: the picture may have been stored, and the permission revoked.
  const avatar = requested && (await find())
  if (!avatar) throw new Refusal("There is no such picture", 404)

  const stored = avatar.imageKey ? await services.storage.get(avatar.imageKey) : undefined
  if (!stored) return goTo(visit.request, asset("icons/bot.svg"), { "cache-control": "no-store" })

  return serveFile(visit.request, { stored, type: "image/webp", name: "avatar.webp", etag: `"${id}"` })
}

async function webhooksPanel(
  services: Services,
  visit: ChannelVisit,
  { error, name = "", created }: WebhooksPanelState = {},
): Promise<Response> {
  const { viewer, channel, channelId } = await requireManaged(services, visit)
  const webhooks = orThrow(await act(services, visit, "getWebhooks", { channelId }))
  const origin = services.config.publicOrigin ?? new URL(visit.request.url).origin
  const url = created && `${origin}/api/webhooks/${created.id}/${created.token}`
  const state = error ? formState(error, { name }) : {}
  const markup = (
    <WebhooksPanel channel={channel} webhooks={webhooks} clock={viewer.clock} address={url} state={state} />
  )
  const response = panel(visit, viewer, { title: "Webhooks", markup, error })
  if (created) response.headers.set("cache-control", "no-store")
  return response
}

async function outgoingPanel(
  services: Services,
  visit: ChannelVisit,
  { error, url = "", secret }: OutgoingPanelState = {},
): Promise<Response> {
  const { viewer, channel, channelId } = await requireManaged(services, visit)
  const hooks = orThrow(await act(services, visit, "getOutgoingWebhooks", { channelId }))
  const state = error ? formState(error, { url }) : {}
  const markup = (
    <OutgoingWebhooksPanel
      channel={channel}
      hooks={hooks}
      clock={viewer.clock}
      secret={secret}
      state={state}
    />
  )
  const response = panel(visit, viewer, { title: "Outgoing webhooks", markup, error })
  if (secret) response.headers.set("cache-control", "no-store")
  return response
}

async function changeOutgoing(
  services: Services,
  visit: ChannelVisit & { params: { hookId: string } },
  name: "retryOutgoingWebhook" | "deleteOutgoingWebhook",
): Promise<Response> {
  const { channelId } = await requireManaged(services, visit)
  const { hookId: webhookId } = visit.params
  if ((await findOutgoing(services.db, webhookId))?.channelId !== channelId)
    throw new Refusal(noSuchWebhook, 404)

  orThrow(await act(services, visit, name, { webhookId }))
  if (wantsFragment(visit.request)) return outgoingPanel(services, visit)

  return goTo(visit.request, `/servers/${visit.params.serverId}/channels/${channelId}/outgoing-webhooks`)
}

/** Fails: 401, 404, 403 (not the server's owner). */
async function requireManaged(services: Services, visit: ChannelVisit) {
  const viewer = await requireViewer(services, visit)
  const { channel } = await requireChannel(services, viewer, visit.params, "manageWebhooks")

  return { viewer, channel, channelId: channel.id }
}

/** Returns the webhook's id. A webhook of another channel is not found, even if the viewer manages that channel. */
async function requireWebhookIn(
  services: Services,
  visit: ChannelVisit & { params: { webhookId: string } },
): Promise<string> {
  const { channelId } = await requireManaged(services, visit)
  const webhook = await findWebhook(services.db, visit.params.webhookId)
  if (webhook?.channelId !== channelId) throw new Refusal(noSuchWebhook, 404)

  return webhook.id
}
