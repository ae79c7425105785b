import { Elysia } from "elysia"
import { Refusal } from "../../kernel/index.ts"
import { route } from "../../web/routes.ts"
import type { ChangeSet } from "../change-set.ts"
import { isMultipart, receiveForm } from "../files/forms.ts"
import { mentionsHooks } from "../mentions/hooks.ts"
import type { Message } from "../messages/contract.ts"
import { sendEdit, sendMessage } from "../messages/send.ts"
import { findMessage } from "../messages/store.ts"
import { deleteMessage } from "../messages/write.ts"
import type { Services } from "../services.ts"
import { findParentChannel } from "../threads/store.ts"
import type { Visit } from "../visit.ts"
import { avatarFetcher } from "./avatars.ts"
import { WebhookName } from "./contract.ts"
import {
  type DiscordFault,
  discordFault,
  discordMessage,
  discordWebhook,
  invalidForm,
  limited,
  unknownChannel,
  unknownMessage,
  unknownWebhook,
  wrongToken,
} from "./discord.ts"
import { fromGithub } from "./github.ts"
import { webhookLimit } from "./limits.ts"
import { fromFields, postOf, readBody, type WebhookPost } from "./payload.ts"
import { noSuchWebhook } from "./require-webhook.ts"
import { fromSlack } from "./slack.ts"
import { deleteWebhook, findWebhook, type OpenWebhook, updateWebhookName } from "./store.ts"
import { isTokenOf } from "./tokens.ts"

type Addressed = Visit & { params: { webhookId: string; token: string } }
type OfMessage = Addressed & { params: { messageId: string } }
type Answer = Response | Promise<Response>
type Posted = WebhookPost & { channelId: string; files: string[] }

/** A webhook's URL holds its secret. */
const secret = { redact: ["token"] } as const

/** Programs describe events in more bytes than people write. Their bodies are parsed where the shape is known. */
const events = { ...secret, maxBodyBytes: 1024 * 1024 }
const takesEvents = { parse: "none", ...route(events) } as const
const takesMessages = { parse: "none", ...route({ ...events, upload: true }) } as const

/** Where Discord has them: with the version of its API that its libraries ask for, and without. */
const addresses = ["/api/webhooks/:webhookId/:token", "/api/v10/webhooks/:webhookId/:token"] as const

/**
 * Channels' webhooks as programs use them: the addresses, shapes and failures of Discord's, so that what posts there
 * posts here (Discord API docs, "Webhook Resource"). Who holds the address may do this, and nothing else.
 */
export function incomingRoutes(services: Services) {
  const { db, commits, publisher, messageHooks } = services
  const limit = services.limits.get(webhookLimit)
  const avatars = services.workers.get(avatarFetcher)
  const app = new Elysia()
  for (const address of addresses) app.use(routesAt(address))
  return app

  function routesAt(address: (typeof addresses)[number]) {
    return new Elysia()
      .get(
        address,
        (visit) => opened(visit, (webhook) => Response.json(discordWebhook(webhook, visit.params.token))),
        route(secret),
      )
      .patch(address, (visit) => opened(visit, (webhook) => rename(visit, webhook)), takesEvents)
      .delete(
        address,
        (visit) =>
          opened(visit, async ({ id }) => {
            await commits.run(() => deleteWebhook(db, id))
            return new Response(null, { status: 204 })
          }),
        route(secret),
      )
      .post(address, (visit) => posted(visit, (given) => given), takesMessages)
      .post(`${address}/slack`, (visit) => posted(visit, fromSlack, () => new Response("ok")), takesEvents)
      .post(
        `${address}/github`,
        (visit) =>
          posted(visit, (given) => fromGithub(visit.request.headers.get("x-github-event") ?? "", given)),
        takesEvents,
      )
      .get(
        `${address}/messages/:messageId`,
        (visit) => ofMessage(visit, (message, webhook) => Response.json(told(visit, message, webhook))),
        route(secret),
      )
      .patch(
        `${address}/messages/:messageId`,
        (visit) => ofMessage(visit, ({ id }, webhook) => counted(webhook, () => edit(visit, id, webhook))),
        takesEvents,
      )
      .delete(
        `${address}/messages/:messageId`,
        (visit) =>
          ofMessage(visit, async ({ id }) => {
            await publisher.publish((changes) => deleteMessage(changes, messageHooks, id))
            return new Response(null, { status: 204 })
          }),
        route(secret),
      )
  }

  /** Posts what `translate` makes of the body; of `null` nothing is to be said. */
  function posted(
    visit: Addressed,
    translate: (given: unknown) => unknown,
    done = () => new Response(null, { status: 204 }),
  ): Promise<Response> {
    return opened(visit, (webhook) =>
      counted(webhook, async () => {
        const { searchParams } = new URL(visit.request.url)
        const channelId = searchParams.get("thread_id") ?? webhook.channelId
        const isThere =
          channelId === webhook.channelId || findParentChannel(db, channelId) === webhook.channelId
        if (!isThere) return discordFault(unknownChannel)

        const received = await receive(visit, { userId: webhook.userId, channelId })
        if ("status" in received) return discordFault(received)
        const given = translate(received.given)
        if (given === null) return done()
        const post = postOf(given, received.files.length > 0)
        if ("status" in post) return discordFault(post)

        const posted = { ...post, channelId, files: received.files }
        const message = await send(visit, webhook, posted).catch(refusalOnly)
        if (message instanceof Refusal) return discordFault(discordFaultOf(message))
        return searchParams.get("wait") === "true" ? Response.json(told(visit, message, webhook)) : done()
      }),
    )
  }

  /** Refuses with 404 when the webhook's URL was renewed, or its channel deleted, while this was on its way. */
  function send(
    { params }: Addressed,
    { id: webhookId, serverId, userId, username: account, channelId: home, name }: OpenWebhook,
    { content, username = name, avatarUrl, isQuiet, channelId, files }: Posted,
  ): Promise<Message> {
    const bot = (changes: ChangeSet) => {
      const hash = findWebhook(changes.tx, webhookId)?.hash
      if (!hash || !isTokenOf(hash, params.token)) throw new Refusal(noSuchWebhook, 404)

      const picture = avatarUrl && avatars.addressOf(changes, home, avatarUrl)
      return { name: username, ...(picture && { avatarUrl: picture }) }
    }
    return sendMessage(services, {
      room: { serverId, channelId },
      author: { userId, username: account, bot },
      input: { content, files },
      hasOwnLimit: true,
      hooks: hooksFor(isQuiet),
    })
  }

  async function edit(visit: OfMessage, id: string, webhook: OpenWebhook): Promise<Response> {
    const post = postOf(await readBody(visit.request))
    if ("status" in post) return discordFault(post)

    const { content, isQuiet } = post
    const message = await sendEdit(services, { id, content, hooks: hooksFor(isQuiet) }).catch(refusalOnly)
    if (message instanceof Refusal) return discordFault(unknownMessage)
    return Response.json(told(visit, message, webhook))
  }

  async function rename({ request, params }: Addressed, webhook: OpenWebhook): Promise<Response> {
    const { name } = ((await readBody(request)) ?? {}) as { name?: unknown }
    const parsed = WebhookName.safeParse(name ?? webhook.name)
    if (!parsed.success) {
      const message = parsed.error.issues[0]?.message ?? ""
      return discordFault(invalidForm({ name: { _errors: [{ code: "BASE_TYPE_BAD_LENGTH", message }] } }))
    }
    await commits.run(() => updateWebhookName(db, webhook.id, parsed.data))
    return Response.json(discordWebhook({ ...webhook, name: parsed.data }, params.token))
  }

  function hooksFor(isQuiet: boolean) {
    return isQuiet ? messageHooks.filter((hooks) => hooks !== mentionsHooks) : messageHooks
  }

  /** A body, and the ids of the files that came with it. */
  async function receive(
    visit: Addressed,
    { userId, channelId }: { userId: string; channelId: string },
  ): Promise<{ given: unknown; files: string[] } | DiscordFault> {
    if (!isMultipart(visit.request)) return { given: await readBody(visit.request), files: [] }

    try {
      const sender = { userId, room: async () => ({ id: channelId }), takesFrom: () => true }
      const { fields, uploaded, refusals } = await receiveForm(services, visit, sender)
      const [refusal] = refusals
      if (refusal) return { status: refusal.status, code: 0, message: refusal.message }
      return { given: fromFields(fields), files: uploaded.map(({ id }) => id) }
    } catch (error) {
      return discordFaultOf(refusalOnly(error))
    }
  }

  function told({ request }: Visit, message: Message, webhook: OpenWebhook) {
    return discordMessage(message, webhook, services.config.publicOrigin ?? new URL(request.url).origin)
  }

  async function opened({ params }: Addressed, answer: (webhook: OpenWebhook) => Answer): Promise<Response> {
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
    const waitSeconds = limit.take(id)
    const headers = limit.headers("webhooks", id)
    const response = waitSeconds > 0 ? limited(waitSeconds) : await answer()
    for (const [name, value] of headers) response.headers.set(name, value)
    return response
  }
}

/** The refusal that was thrown, as a result. Anything else that was thrown is a bug. */
function refusalOnly(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown
  throw thrown
}

/** A refusal as Discord says it: what is gone is the webhook, with its channel. */
function discordFaultOf({ status, message }: Refusal): DiscordFault {
  return status === 404 ? unknownWebhook : { status, code: 0, message }
}
