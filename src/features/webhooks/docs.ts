import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { webhooksContract } from "./contract.ts"

const webhook = {
  id: sample.webhookId,
  channelId: sample.channelId,
  name: "Builds",
  createdAt: sample.at,
}
const token = "jB2nTq0xVfYc8sLw4mZkR7eHd1uPaG9oXy3WvU5tQ6kjB2nTq0xVfYc8sLw4mZkR"
const fails = { 403: "one is not the server's owner", 404: "there is no such channel" }
const failsOfOne = { 403: "one is not the server's owner", 404: "there is no such webhook" }

export const webhooksDocs: ProcedureDocs<typeof webhooksContract> = {
  getWebhooks: {
    summary: "The webhooks of a channel, oldest first",
    fails,
    examples: [{ input: { channelId: sample.channelId }, output: [webhook] }],
  },
  createWebhook: {
    summary: "Makes an address by which other programs write into a channel: `/api/webhooks/{id}/{token}`",
    description:
      "It takes what Discord's webhooks take, and answers and fails as they do: `POST` (with `?wait=true` for the message), `GET`, `DELETE`, and `GET`, `PATCH` and `DELETE` of `…/messages/{id}`. `content`, `username` and the text of `embeds` are shown. At most 15 a channel. The token stands in this answer alone.",
    fails,
    fields: { name: "What its messages are by, where they do not say" },
    examples: [
      {
        input: { channelId: sample.channelId, name: "Deployments" },
        output: { id: sample.newId, token },
      },
      {
        summary: "By someone who does not own the server",
        by: "bob",
        input: { channelId: sample.channelId, name: "Deployments" },
        error: { code: 403, message: "Only the server's owner may do this" },
      },
    ],
  },
  renewWebhook: {
    summary: "Gives a webhook another token; the one it had opens nothing any more",
    fails: failsOfOne,
    examples: [
      {
        input: { webhookId: sample.webhookId },
        output: { id: sample.webhookId, channelId: sample.channelId, token },
      },
    ],
  },
  deleteWebhook: {
    summary: "Ends a webhook; what it wrote stays",
    fails: failsOfOne,
    examples: [{ input: { webhookId: sample.webhookId }, output: webhook }],
  },
}
