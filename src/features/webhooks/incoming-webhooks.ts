import { Refusal } from "../../kernel/index.ts"
import type { ChangeSet } from "../change-set.ts"
import { isMultipart, receiveForm } from "../files/forms.ts"
import { mentionsHooks } from "../mentions/hooks.ts"
import type { Message } from "../messages/contract.ts"
import { sendEdit, sendMessage } from "../messages/send.ts"
import { findMessage } from "../messages/store.ts"
import { deleteMessage } from "../messages/write.ts"
import { webhookSender } from "../permissions/senders.ts"
import type { Services } from "../services.ts"
import { findParentChannel } from "../threads/store.ts"
import type { Visit } from "../visit.ts"
import { avatarFetcher } from "./avatars.ts"
import { WebhookName } from "./contract.ts"
import {
  type DiscordFault,
  discordFaultResponse,
  discordMessage,
  discordWebhook,
  invalidForm,
  rateLimitedResponse,
  unknownChannel,
  unknownMessage,
  unknownWebhook,
  wrongToken,
} from "./discord.ts"
import { webhookLimit } from "./limits.ts"
import { parsePost, payloadFromFields, readBody, type WebhookPost } from "./payload.ts"
import { noSuchWebhook } from "./require-webhook.ts"
import { deleteWebhook, findWebhook, updateWebhookName, type WebhookWithAccount } from "./store.ts"
import { matchesTokenHash } from "./tokens.ts"

type WebhookVisit = Visit & { params: { webhookId: string; token: string } }
type MessageVisit = WebhookVisit & { params: { messageId: string } }
type MaybePromise<T> = T | Promise<T>

interface PostOptions {
  /** Converts a body to the payload of a Discord webhook; `null` sends nothing. */
  convert?(body: unknown): unknown
  /** The response to a stored message, unless the client asks for the message. */
  done?(): Response
}

const creatorSuspended: DiscordFault = {
  status: 403,
  code: 0,
  message: "The person who created this webhook is suspended",
}

const noContent = () => new Response(null, { status: 204 })

/** Answers the requests of programs that hold a webhook's URL, in Discord's formats. */
export class IncomingWebhooks {
  readonly #services: Services

  constructor(services: Services) {
    this.#services = services
  }

  /** Answers with `respond` when the URL is valid, otherwise with Discord's failure. */
  async withWebhook(
    { params }: WebhookVisit,
    respond: (webhook: WebhookWithAccount) => MaybePromise<Response>,
  ): Promise<Response> {
    const webhook = await findWebhook(this.#services.db, params.webhookId)
    if (!webhook) return discordFaultResponse(unknownWebhook)

    if (!matchesTokenHash(webhook.hash, params.token)) return discordFaultResponse(wrongToken)
    return webhook.mayAct ? respond(webhook) : discordFaultResponse(creatorSuspended)
  }

  rename(visit: WebhookVisit): Promise<Response> {
    return this.withWebhook(visit, async (webhook) => {
      const { name } = ((await readBody(visit.request)) ?? {}) as { name?: unknown }
      const parsed = WebhookName.safeParse(name ?? webhook.name)
      if (!parsed.success) {
        const message = parsed.error.issues[0]?.message ?? ""
        const errors = [{ code: "BASE_TYPE_BAD_LENGTH", message }]
        return discordFaultResponse(invalidForm({ name: { _errors: errors } }))
      }
      const { commits } = this.#services
      await commits.decide((tx) => updateWebhookName(tx, webhook.id, parsed.data))
      return Response.json(discordWebhook({ ...webhook, name: parsed.data }, visit.params.token))
    })
  }

  delete(visit: WebhookVisit): Promise<Response> {
    return this.withWebhook(visit, async ({ id }) => {
      const { commits } = this.#services
      await commits.decide((tx) => deleteWebhook(tx, id))
      return noContent()
    })
  }

  /** Sends the message in the body to the webhook's channel, or to one of its threads. */
  post(
    visit: WebhookVisit,
    { convert = (body) => body, done = noContent }: PostOptions = {},
  ): Promise<Response> {
    return this.withWebhook(visit, (webhook) =>
      this.#rateLimited(webhook, async () => {
        const { searchParams } = new URL(visit.request.url)
        const channelId = searchParams.get("thread_id") ?? webhook.channelId
        if (!(await this.#mayPostTo(webhook, channelId))) return discordFaultResponse(unknownChannel)

        const received = await this.#receive(visit, { userId: webhook.userId, channelId })
        if ("status" in received) return discordFaultResponse(received)
        const payload = convert(received.body)
        if (payload === null) return done()
        const post = parsePost(payload, received.files.length > 0)
        if ("status" in post) return discordFaultResponse(post)

        const input = { ...post, channelId, files: received.files }
        const message = await this.#send(visit, webhook, input).catch(refusalOnly)
        if (message instanceof Refusal) return discordFaultResponse(discordFaultOf(message))
        return searchParams.get("wait") === "true" ? this.#messageResponse(visit, message, webhook) : done()
      }),
    )
  }

  getMessage(visit: MessageVisit): Promise<Response> {
    return this.#withMessage(visit, (message, webhook) => this.#messageResponse(visit, message, webhook))
  }

  editMessage(visit: MessageVisit): Promise<Response> {
    return this.#withMessage(visit, (edited, webhook) =>
      this.#rateLimited(webhook, async () => {
        const post = parsePost(await readBody(visit.request))
        if ("status" in post) return discordFaultResponse(post)

        const edit = { ...edited, content: post.content, hooks: this.#hooksFor(post), sender: webhookSender }
        const message = await sendEdit(this.#services, edit).catch(refusalOnly)
        if (message instanceof Refusal) {
          const isGone = message.status === 404 || message.status === 410
          return discordFaultResponse(isGone ? unknownMessage : discordFaultOf(message))
        }
        return this.#messageResponse(visit, message, webhook)
      }),
    )
  }

  deleteMessage(visit: MessageVisit): Promise<Response> {
    return this.#withMessage(visit, async ({ id, channelId }) => {
      const { publisher, messageHooks } = this.#services
      await publisher.append(channelId, (changes) => deleteMessage(changes, messageHooks, id))
      return noContent()
    })
  }

  /** Answers with `respond` when the webhook sent the message and it is not deleted. */
  #withMessage(
    visit: MessageVisit,
    respond: (message: Message, webhook: WebhookWithAccount) => MaybePromise<Response>,
  ): Promise<Response> {
    return this.withWebhook(visit, async (webhook) => {
      const message = await findMessage(this.#services.db, visit.params.messageId)
      const isOwn = message?.userId === webhook.userId && !message.deletedAt
      return isOwn ? respond(message, webhook) : discordFaultResponse(unknownMessage)
    })
  }

  async #mayPostTo(webhook: WebhookWithAccount, channelId: string): Promise<boolean> {
    if (channelId === webhook.channelId) return true
    return (await findParentChannel(this.#services.db, channelId)) === webhook.channelId
  }

  /** Reads a body and stores its files. Returns the body and the ids of the files. */
  async #receive(
    visit: WebhookVisit,
    { userId, channelId }: { userId: string; channelId: string },
  ): Promise<{ body: unknown; files: string[] } | DiscordFault> {
    if (!isMultipart(visit.request)) return { body: await readBody(visit.request), files: [] }

    try {
      const sender = { userId, room: async () => ({ id: channelId }), isFileField: () => true }
      const { fields, uploaded, refusals } = await receiveForm(this.#services, visit, sender)
      const [refusal] = refusals
      if (refusal) return { status: refusal.status, code: 0, message: refusal.message }
      return { body: payloadFromFields(fields), files: uploaded.map(({ id }) => id) }
    } catch (error) {
      return discordFaultOf(refusalOnly(error))
    }
  }

  /** Refuses with 404 when the token was replaced or the channel deleted since the request began, with 403 when its creator was suspended. */
  #send(
    { params }: WebhookVisit,
    webhook: WebhookWithAccount,
    post: WebhookPost & { channelId: string; files: string[] },
  ): Promise<Message> {
    const { username = webhook.name, avatarUrl, content, channelId, files } = post
    const bot = async (changes: ChangeSet) => {
      const now = await findWebhook(changes.tx, webhook.id)
      if (!now || !matchesTokenHash(now.hash, params.token)) throw new Refusal(noSuchWebhook, 404)
      if (!now.mayAct) throw new Refusal(creatorSuspended.message, creatorSuspended.status)
      if (now.archivedAt) throw new Refusal("This channel is archived", 403)

      const avatars = this.#services.workers.get(avatarFetcher)
      const localUrl = avatarUrl && (await avatars.urlFor(changes, webhook.channelId, avatarUrl))
      return { name: username, ...(localUrl && { avatarUrl: localUrl }) }
    }
    return sendMessage(this.#services, {
      room: { serverId: webhook.serverId, channelId },
      author: { userId: webhook.userId, username: webhook.username, isWebhook: true, bot },
      input: { content, files },
      hasOwnLimit: true,
      hooks: this.#hooksFor(post),
    })
  }

  #hooksFor({ isQuiet }: WebhookPost) {
    const { messageHooks } = this.#services
    return isQuiet ? messageHooks.filter((hooks) => hooks !== mentionsHooks) : messageHooks
  }

  #messageResponse({ request }: Visit, message: Message, webhook: WebhookWithAccount): Response {
    const origin = this.#services.config.publicOrigin ?? new URL(request.url).origin
    return Response.json(discordMessage(message, webhook, origin))
  }

  async #rateLimited({ id }: WebhookWithAccount, respond: () => MaybePromise<Response>): Promise<Response> {
    const limit = this.#services.limits.get(webhookLimit)
    const waitSeconds = await limit.take(id)
    const headers = await limit.headers("webhooks", id)
    const response = waitSeconds > 0 ? rateLimitedResponse(waitSeconds) : await respond()
    for (const [name, value] of headers) response.headers.set(name, value)
    return response
  }
}

/** The refusal that was thrown, as a result. Any other error is a bug and is thrown again. */
function refusalOnly(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown
  throw thrown
}

/** A refusal in Discord's format. A missing channel means that the webhook was deleted with it. */
function discordFaultOf({ status, message }: Refusal): DiscordFault {
  return status === 404 ? unknownWebhook : { status, code: 0, message }
}
