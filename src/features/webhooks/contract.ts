import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Name } from "../names.ts"

/** Most webhooks of a channel. Source: Discord, 15. */
export const maxWebhooks = 15

/** Source: Discord API docs, Create Webhook: 1 to 80 characters. */
const maxWebhookNameLength = 80

/** What a webhook calls itself. */
export const WebhookName = Name.refine(
  (name) => name.length <= maxWebhookNameLength,
  `A webhook's name has at most ${maxWebhookNameLength} characters`,
)

/** An address by which other programs write into a channel. */
export const Webhook = z.object({
  id: z.string(),
  channelId: z.string(),
  name: z.string(),
  createdAt: z.date(),
})
export type Webhook = z.infer<typeof Webhook>

/** The secret part of its address: `POST /api/webhooks/{id}/{token}`. Nobody can be told it again. */
const WebhookSecret = z.object({ id: z.string(), token: z.string() })

/** Most outgoing webhooks of a channel: each is another delivery of every change. */
export const maxOutgoingWebhooks = 5

const maxUrlLength = 2048

/** Where an outgoing webhook may lead. Whether that is a public address is asked each time, when its name is known. */
const HookUrl = z
  .url({ protocol: /^https?$/, error: "Give it an address that begins with https://" })
  .max(maxUrlLength, `An address has at most ${maxUrlLength} characters`)
  .refine(
    (url) => !URL.parse(url)?.username && !URL.parse(url)?.password,
    "Leave the password out of the address",
  )

/** An address that is told what happens in a channel, and how that goes. */
export const OutgoingWebhook = z.object({
  id: z.string(),
  channelId: z.string(),
  url: z.string(),
  createdAt: z.date(),
  /** What was last answered: a status, or why there was none; `null` before anything was told. */
  lastStatus: z.string().nullable(),
  /** Tries of the next delivery that failed. */
  failures: z.int(),
  /** When it is tried again; `null` when nothing waits. */
  nextTryAt: z.date().nullable(),
  /** When it was given up; `null` while it is on. */
  disabledAt: z.date().nullable(),
})
export type OutgoingWebhook = z.infer<typeof OutgoingWebhook>

export const webhooksContract = {
  /** A channel's webhooks, oldest first. Fails: 401, 403 (not the server's owner), 404. */
  getWebhooks: query({ input: z.object({ channelId: z.string() }), output: z.array(Webhook) }),
  /** Makes one; its token stands in this answer alone. Fails: 401, 403, 404, 400 (name; too many webhooks). */
  createWebhook: mutation({
    input: z.object({ channelId: z.string(), name: WebhookName }),
    output: WebhookSecret,
  }),
  /** Gives it another token; the one it had opens nothing any more. Fails: 401, 403, 404. */
  renewWebhook: mutation({
    input: z.object({ webhookId: z.string() }),
    output: WebhookSecret.extend({ channelId: z.string() }),
  }),
  /** Ends it; what it wrote stays. What it was. Fails: 401, 403, 404. */
  deleteWebhook: mutation({ input: z.object({ webhookId: z.string() }), output: Webhook }),
  /** A channel's outgoing webhooks, oldest first. Fails: 401, 403 (not the server's owner), 404. */
  getOutgoingWebhooks: query({
    input: z.object({ channelId: z.string() }),
    output: z.array(OutgoingWebhook),
  }),
  /**
   * Tells an address of everything that happens in a channel from now on, signed with a secret that stands in this
   * answer alone. Fails: 401, 403, 404, 400 (address; too many).
   */
  createOutgoingWebhook: mutation({
    input: z.object({ channelId: z.string(), url: HookUrl }),
    output: z.object({ id: z.string(), secret: z.string() }),
  }),
  /** Tries again now, from where it was, also when it was given up. Fails: 401, 403, 404. */
  retryOutgoingWebhook: mutation({ input: z.object({ webhookId: z.string() }), output: OutgoingWebhook }),
  /** What it was. Fails: 401, 403, 404. */
  deleteOutgoingWebhook: mutation({ input: z.object({ webhookId: z.string() }), output: OutgoingWebhook }),
}
