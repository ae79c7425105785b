import { Elysia } from "elysia"
import type { Message } from "../messages/contract.ts"
import { announceAll, deleteMessage, editMessage, sendMessage } from "../messages/parts.ts"
import { findMessage } from "../messages/store.ts"
import type { Site } from "../site.ts"
import {
  discordFault,
  discordMessage,
  discordWebhook,
  limited,
  readPost,
  unknownMessage,
  unknownWebhook,
  wrongToken,
} from "./discord.ts"
import { deleteWebhook, findWebhook, type OpenWebhook } from "./store.ts"
import { isTokenOf } from "./tokens.ts"

interface Visit {
  request: Request
  params: { webhookId: string; token: string }
}
type OfMessage = Visit & { params: { messageId: string } }

/** What programs send is read where it is known what shape it should have. */
const unparsed = { parse: "none" } as const

/**
 * Channels' webhooks as programs use them: the addresses, shapes and failures of Discord's, so that what posts there
 * posts here (Discord API docs, "Webhook Resource"). Who holds the address may do this, and nothing else.
 */
export function incomingRoutes(site: Site) {
  const { db, commits, parts, webhookLimit } = site

  return new Elysia()
    .get("/api/webhooks/:webhookId/:token", (visit) =>
      opened(visit, (webhook) => Response.json(discordWebhook(webhook, visit.params.token))),
    )
    .delete("/api/webhooks/:webhookId/:token", (visit) =>
      opened(visit, async ({ id }) => {
        await commits.run(() => deleteWebhook(db, id))
        return new Response(null, { status: 204 })
      }),
    )
    .post(
      "/api/webhooks/:webhookId/:token",
      (visit) => opened(visit, (webhook) => counted(webhook, () => post(visit, webhook))),
      unparsed,
    )
    .get("/api/webhooks/:webhookId/:token/messages/:messageId", (visit) =>
      ofMessage(visit, (message, webhook) => Response.json(discordMessage(message, webhook))),
    )
    .patch(
      "/api/webhooks/:webhookId/:token/messages/:messageId",
      (visit) => ofMessage(visit, ({ id }, webhook) => counted(webhook, () => edit(visit, id, webhook))),
      unparsed,
    )
    .delete("/api/webhooks/:webhookId/:token/messages/:messageId", (visit) =>
      ofMessage(visit, async ({ id }) => {
        const change = await commits.run(() => deleteMessage(db, parts, id))
        await announceAll(site, change?.news ?? [])
        return new Response(null, { status: 204 })
      }),
    )

  async function post({ request, params }: Visit, webhook: OpenWebhook): Promise<Response> {
    const given = await readPost(request)
    if ("status" in given) return discordFault(given)

    const [id, content] = [crypto.randomUUID(), given.content]
    const { serverId, channelId, userId, username } = webhook
    const draft = { id, serverId, channelId, userId, username, content, createdAt: new Date() }
    const bot = { name: given.username ?? webhook.name }
    const change = await commits.run(() => {
      // The address may have been changed, or the channel deleted, while this was on its way.
      const hash = findWebhook(db, webhook.id)?.hash
      return hash && isTokenOf(hash, params.token)
        ? sendMessage(db, parts, { ...draft, bot }, { id, content })
        : undefined
    })
    if (!change) return discordFault(unknownWebhook)

    site.metrics.messages.add()
    await site.announce(change.message)
    const waits = new URL(request.url).searchParams.get("wait") === "true"
    return waits
      ? Response.json(discordMessage(change.message, webhook))
      : new Response(null, { status: 204 })
  }

  async function edit({ request }: Visit, id: string, webhook: OpenWebhook): Promise<Response> {
    const given = await readPost(request)
    if ("status" in given) return discordFault(given)

    const change = await commits.run(() => editMessage(db, parts, id, given.content))
    if (!change) return discordFault(unknownMessage)

    await announceAll(site, change.news)
    return Response.json(discordMessage(change.message, webhook))
  }

  type Answer = Response | Promise<Response>

  async function opened({ params }: Visit, answer: (webhook: OpenWebhook) => Answer): Promise<Response> {
    const webhook = findWebhook(db, params.webhookId)
    if (!webhook) return discordFault(unknownWebhook)

    return isTokenOf(webhook.hash, params.token) ? answer(webhook) : discordFault(wrongToken)
  }

  /** One that the webhook itself wrote, and that is still there. */
  function ofMessage(visit: OfMessage, answer: (message: Message, webhook: OpenWebhook) => Answer) {
    return opened(visit, async (webhook) => {
      const message = await findMessage(db, visit.params.messageId)
      const isOwn = message?.userId === webhook.userId && !message.deletedAt
      return isOwn ? answer(message, webhook) : discordFault(unknownMessage)
    })
  }

  async function counted({ id }: OpenWebhook, answer: () => Answer): Promise<Response> {
    const waitSeconds = webhookLimit.take(id)
    const headers = webhookLimit.headers("webhooks", id)
    const response = waitSeconds > 0 ? limited(waitSeconds) : await answer()
    for (const [name, value] of headers) response.headers.set(name, value)
    return response
  }
}
