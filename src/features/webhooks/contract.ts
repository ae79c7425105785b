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
}
