import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { webhooksContract } from "./contract.ts"

const webhook = {
  id: sample.webhookId,
  channelId: sample.channelId,
  name: "Builds",
  createdAt: sample.at,
}
const hook = {
  id: sample.hookId,
  channelId: sample.channelId,
  url: "https://hooks.example.org/chat",
  createdAt: sample.at,
  lastStatus: null,
  failures: 0,
  nextTryAt: null,
  disabledAt: null,
}
const delivery =
  "Each delivery is a POST of `{ id, type, serverId, channelId, seq, message }`; `type` is `message.created`, `message.updated` or `message.deleted`. Deliveries follow the order of the log, each at least once: the same change always has the same `id`. Quick changes of one message may be combined into one delivery. `X-Covenant-Signature: t=…,v1=…` contains the HMAC-SHA256, in hexadecimal, of `t`, a dot and the body, with the secret as its key. A delivery without a 2xx within 10 seconds is retried after 5 seconds and then at growing intervals, for about a day. A 410 ends the deliveries."
const token = sample.webhookToken
const fails = { 403: "you do not own the server", 404: "no such channel" }
const failsOfOne = { 403: "you do not own the server", 404: "no such webhook" }

export const webhooksDocs: ProcedureDocs<typeof webhooksContract> = {
  getWebhooks: {
    summary: "Lists the webhooks of a channel, oldest first",
    fails,
    examples: [{ input: { channelId: sample.channelId }, output: [webhook] }],
  },
  createWebhook: {
    summary:
      "Creates a URL with which other programs send messages to a channel: `/api/webhooks/{id}/{token}`",
    description:
      "It is compatible with Discord's webhooks: see `executeWebhook`. At most 15 for each channel. Only this response contains the token.",
    fails,
    fields: { name: "The name shown with its messages, unless a message brings another" },
    examples: [
      {
        input: { channelId: sample.channelId, name: "Deployments" },
        output: { id: sample.newId, token },
      },
      {
        summary: "By a member without the permission to manage webhooks",
        by: "bob",
        input: { channelId: sample.channelId, name: "Deployments" },
        error: { code: 403, message: "You do not have the permission “Manage webhooks”" },
      },
    ],
  },
  renewWebhook: {
    summary: "Replaces the token of a webhook; the old one stops working",
    fails: failsOfOne,
    examples: [
      {
        input: { webhookId: sample.webhookId },
        output: { id: sample.webhookId, channelId: sample.channelId, token },
      },
    ],
  },
  deleteWebhook: {
    summary: "Deletes a webhook; its messages stay",
    fails: failsOfOne,
    examples: [{ input: { webhookId: sample.webhookId }, output: webhook }],
  },
  getOutgoingWebhooks: {
    summary: "Lists the outgoing webhooks of a channel with the state of their deliveries",
    fails,
    examples: [{ input: { channelId: sample.channelId }, output: [hook] }],
  },
  createOutgoingWebhook: {
    summary: "Creates a webhook that posts every new message, edit and deletion of a channel to a URL",
    description: `${delivery} At most 5 for each channel. Only this response contains the secret.`,
    fails,
    fields: { url: "An http or https URL at a public address" },
    examples: [
      {
        input: { channelId: sample.channelId, url: "https://hooks.example.org/other" },
        output: { id: sample.newId, secret: "covenant_whsec_jB2nTq0xVfYc8sLw4mZkR7eHd1uPaG9oXy3WvU5tQ6k" },
      },
      {
        summary: "With another scheme",
        input: { channelId: sample.channelId, url: "ftp://hooks.example.org/" },
        error: {
          code: 400,
          message: "url: Enter a URL that begins with https://",
          issues: [{ path: "url", message: "Enter a URL that begins with https://" }],
        },
      },
    ],
  },
  retryOutgoingWebhook: {
    summary: "Retries the deliveries now, including those that were given up",
    fails: failsOfOne,
    examples: [{ input: { webhookId: sample.hookId }, output: hook }],
  },
  deleteOutgoingWebhook: {
    summary: "Deletes an outgoing webhook",
    fails: failsOfOne,
    examples: [{ input: { webhookId: sample.hookId }, output: hook }],
  },
}
