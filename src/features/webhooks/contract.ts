import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Name } from "../names.ts"

/** Webhooks of one channel. Source: Discord, 15. */
export const maxWebhooks = 15

/** Source: Discord API docs, Create Webhook: 1 to 80 characters. */
const maxWebhookNameLength = 80

/** The name shown with a webhook's messages. */
export const WebhookName = Name.refine(
  (name) => name.length <= maxWebhookNameLength,
  `A webhook's name has at most ${maxWebhookNameLength} characters`,
)

/** A URL by which other programs send messages to a channel. */
export const Webhook = z.object({
  id: z.string(),
  channelId: z.string(),
  name: z.string(),
  createdAt: z.date(),
})
export type Webhook = z.infer<typeof Webhook>

/** The secret part of its URL, `POST /api/webhooks/{id}/{token}`. Only its hash is stored. */
const WebhookSecret = z.object({ id: z.string(), token: z.string() })

/** Outgoing webhooks of one channel: each costs a delivery of every change. */
export const maxOutgoingWebhooks = 5

const maxUrlLength = 2048

/** The target of an outgoing webhook. Each delivery checks that its host resolves to a public ip. */
const HookUrl = z
  .url({ protocol: /^https?$/, error: "Enter a URL that begins with https://" })
  .max(maxUrlLength, `A URL has at most ${maxUrlLength} characters`)
  .refine(
    (url) => !URL.parse(url)?.username && !URL.parse(url)?.password,
    "Enter the URL without a username and password",
  )

/** A URL that receives every change of a channel, and the state of its deliveries. */
export const OutgoingWebhook = z.object({
  id: z.string(),
  channelId: z.string(),
  url: z.string(),
  createdAt: z.date(),
  /** The status of the last response, or why there was none; `null` before the first delivery. */
  lastStatus: z.string().nullable(),
  /** Failed attempts of the next delivery. */
  failures: z.int(),
  /** When the next delivery is retried; `null` when none is waiting. */
  nextTryAt: z.date().nullable(),
  /** When deliveries stopped after too many failures; `null` while the webhook is active. */
  disabledAt: z.date().nullable(),
})
export type OutgoingWebhook = z.infer<typeof OutgoingWebhook>

export const webhooksContract = {
  /** A channel's webhooks, oldest first. Fails: 401, 403 (not the server's owner), 404. */
  getWebhooks: query({ input: z.object({ channelId: z.string() }), output: z.array(Webhook) }),
  /** Creates a webhook; only this response contains its token. Fails: 401, 403, 404, 400 (name; too many webhooks). */
  createWebhook: mutation({
    input: z.object({ channelId: z.string(), name: WebhookName }),
    output: WebhookSecret,
  }),
  /** Replaces the token of a webhook; the old one stops working. Fails: 401, 403, 404. */
  renewWebhook: mutation({
    input: z.object({ webhookId: z.string() }),
    output: WebhookSecret.extend({ channelId: z.string() }),
  }),
  /** Deletes a webhook and returns it; its messages stay. Fails: 401, 403, 404. */
  deleteWebhook: mutation({ input: z.object({ webhookId: z.string() }), output: Webhook }),
  /** A channel's outgoing webhooks, oldest first. Fails: 401, 403 (not the server's owner), 404. */
  getOutgoingWebhooks: query({
    input: z.object({ channelId: z.string() }),
    output: z.array(OutgoingWebhook),
  }),
  /**
   * Posts every later change of a channel to a URL, signed with a secret that only this response contains.
   * Fails: 401, 403, 404, 400 (URL; too many webhooks).
   */
  createOutgoingWebhook: mutation({
    input: z.object({ channelId: z.string(), url: HookUrl }),
    output: z.object({ id: z.string(), secret: z.string() }),
  }),
  /** Retries now from the last delivered change, also after deliveries stopped. Fails: 401, 403, 404. */
  retryOutgoingWebhook: mutation({ input: z.object({ webhookId: z.string() }), output: OutgoingWebhook }),
  /** Deletes an outgoing webhook and returns it. Fails: 401, 403, 404. */
  deleteOutgoingWebhook: mutation({ input: z.object({ webhookId: z.string() }), output: OutgoingWebhook }),
}
