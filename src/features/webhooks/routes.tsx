import { Elysia } from "elysia"
import { OutgoingWebhooksPanel, WebhooksPanel } from "../../../views/webhooks.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { asset } from "../../web/assets.ts"
import { goTo, wantsFragment } from "../../web/reply.ts"
import { serveFile } from "../files/serve.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { requireChannel } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { avatarFetcher } from "./avatars.ts"
import { findAvatarSeenBy } from "./avatars-store.ts"
import { findOutgoing } from "./outgoing-store.ts"
import { noSuchWebhook } from "./require-webhook.ts"
import { findWebhook } from "./store.ts"

type InRoom = Visit & { params: { serverId: string; channelId: string } }

interface Shown {
  error?: ProcedureError
  name?: string
  /** A webhook's new secret. */
  secret?: { id: string; token: string }
}

/** Longer does nobody wait for a picture: then that of any program is seen. */
const maxWaitMs = 10_000

/** The webhooks of a channel, for the server's owner, and who they write as, for everyone there. */
export function webhooksRoutes(services: Services) {
  return new Elysia()
    .get("/avatars/:avatarId", (visit) => avatar(visit, visit.params.avatarId))
    .get("/servers/:serverId/channels/:channelId/webhooks", (visit) => webhooks(visit))
    .post("/servers/:serverId/channels/:channelId/webhooks", async (visit) => {
      const { channelId } = await requireManaged(visit)
      const name = field(visit.body, "name")
      const { success, data, error } = await act(services, visit, "createWebhook", { channelId, name })
      return webhooks(visit, success ? { secret: data } : { error, name })
    })
    .post("/servers/:serverId/channels/:channelId/webhooks/:webhookId/renew", async (visit) => {
      const webhookId = await requireWebhookIn(visit)
      return webhooks(visit, { secret: orThrow(await act(services, visit, "renewWebhook", { webhookId })) })
    })
    .post("/servers/:serverId/channels/:channelId/webhooks/:webhookId/delete", async (visit) => {
      const webhookId = await requireWebhookIn(visit)
      orThrow(await act(services, visit, "deleteWebhook", { webhookId }))
      if (wantsFragment(visit.request)) return webhooks(visit)

      const { serverId, channelId } = visit.params
      return goTo(visit.request, `/servers/${serverId}/channels/${channelId}/webhooks`)
    })
    .get("/servers/:serverId/channels/:channelId/outgoing-webhooks", (visit) => outgoing(visit))
    .post("/servers/:serverId/channels/:channelId/outgoing-webhooks", async (visit) => {
      const { channelId } = await requireManaged(visit)
      const url = field(visit.body, "url").trim()
      const { success, data, error } = await act(services, visit, "createOutgoingWebhook", { channelId, url })
      return outgoing(visit, success ? { secret: data.secret } : { error, url })
    })
    .post("/servers/:serverId/channels/:channelId/outgoing-webhooks/:hookId/retry", (visit) =>
      changeOutgoing(visit, "retryOutgoingWebhook"),
    )
    .post("/servers/:serverId/channels/:channelId/outgoing-webhooks/:hookId/delete", (visit) =>
      changeOutgoing(visit, "deleteOutgoingWebhook"),
    )

  async function avatar(visit: Visit, id: string): Promise<Response> {
    const viewer = await requireViewer(services, visit)
    const find = () => findAvatarSeenBy(services.db, viewer.id, id)
    const asked = find()
    if (asked && !asked.imageKey)
      await Promise.race([services.workers.get(avatarFetcher).fetched(id), Bun.sleep(maxWaitMs)])
    // Looked for again: it may have come, and the right to see it gone.
    const found = asked && find()
    if (!found) throw new Refusal("There is no such picture", 404)

    const stored = found.imageKey ? await services.storage.get(found.imageKey) : undefined
    if (!stored) return goTo(visit.request, asset("icons/bot.svg"), { "cache-control": "no-store" })

    return serveFile(visit.request, { stored, type: "image/webp", name: "avatar.webp", etag: `"${id}"` })
  }

  async function webhooks(visit: InRoom, { error, name = "", secret }: Shown = {}): Promise<Response> {
    const { viewer, channel, channelId } = await requireManaged(visit)
    const listed = orThrow(await act(services, visit, "getWebhooks", { channelId }))
    const origin = services.config.publicOrigin ?? new URL(visit.request.url).origin
    const address = secret && `${origin}/api/webhooks/${secret.id}/${secret.token}`
    const state = error ? formState(error, { name }) : {}
    const markup = (
      <WebhooksPanel
        channel={channel}
        webhooks={listed}
        clock={viewer.clock}
        address={address}
        state={state}
      />
    )
    const response = panel(visit, viewer, { title: "Webhooks", markup, error })
    if (secret) response.headers.set("cache-control", "no-store")
    return response
  }

  async function outgoing(
    visit: InRoom,
    { error, url = "", secret }: { error?: ProcedureError; url?: string; secret?: string } = {},
  ): Promise<Response> {
    const { viewer, channel, channelId } = await requireManaged(visit)
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
    visit: InRoom & { params: { hookId: string } },
    name: "retryOutgoingWebhook" | "deleteOutgoingWebhook",
  ): Promise<Response> {
    const { channelId } = await requireManaged(visit)
    const { hookId: webhookId } = visit.params
    if (findOutgoing(services.db, webhookId)?.channelId !== channelId) throw new Refusal(noSuchWebhook, 404)

    orThrow(await act(services, visit, name, { webhookId }))
    if (wantsFragment(visit.request)) return outgoing(visit)

    return goTo(visit.request, `/servers/${visit.params.serverId}/channels/${channelId}/outgoing-webhooks`)
  }

  /** Fails: 401, 404, 403 (not the server's owner). */
  async function requireManaged(visit: InRoom) {
    const viewer = await requireViewer(services, visit)
    const { channel } = await requireChannel(services, viewer, visit.params, "manageWebhooks")

    return { viewer, channel, channelId: channel.id }
  }

  /** One of that very channel: whoever owns another must not reach it from there. */
  async function requireWebhookIn(visit: InRoom & { params: { webhookId: string } }): Promise<string> {
    const { channelId } = await requireManaged(visit)
    const webhook = findWebhook(services.db, visit.params.webhookId)
    if (webhook?.channelId !== channelId) throw new Refusal(noSuchWebhook, 404)

    return webhook.id
  }
}
