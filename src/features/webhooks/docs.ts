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
  "Each delivery is a POST of `{ id, type, serverId, channelId, seq, message }`, `type` being `message.created`, `message.updated` or `message.deleted`, in the order of the log and at least once: the same change always has the same `id`. Changes of one message that follow each other faster than they are told may be told as one. `X-Covenant-Signature: t=…,v1=…` has the HMAC-SHA256, in hexadecimal, of `t`, a dot and the body, by the secret. Anything but a 2xx within 10 seconds is tried again, after 5 seconds and then ever longer, for about a day; a 410 ends it."
const token = sample.webhookToken
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
      "It takes what Discord's webhooks take, and answers and fails as they do: see `executeWebhook`. At most 15 a channel. The token stands in this answer alone.",
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
  getOutgoingWebhooks: {
    summary: "The addresses that are told what happens in a channel, and how that goes",
    fails,
    examples: [{ input: { channelId: sample.channelId }, output: [hook] }],
  },
  createOutgoingWebhook: {
    summary: "Tells an address of every message, edit and deletion in a channel from now on",
    description: `${delivery} At most 5 a channel. The secret stands in this answer alone.`,
    fails,
    fields: { url: "http or https, at an address that anyone on the internet can reach" },
    examples: [
      {
        input: { channelId: sample.channelId, url: "https://hooks.example.org/other" },
        output: { id: sample.newId, secret: "covenant_whsec_jB2nTq0xVfYc8sLw4mZkR7eHd1uPaG9oXy3WvU5tQ6k" },
      },
      {
        summary: "Not an http or https URL",
        input: { channelId: sample.channelId, url: "ftp://hooks.example.org/" },
        error: {
          code: 400,
          message: "url: Give it an address that begins with https://",
          issues: [{ path: "url", message: "Give it an address that begins with https://" }],
        },
      },
    ],
  },
  retryOutgoingWebhook: {
    summary: "Tries to deliver again now, from where it was, also what was given up",
    fails: failsOfOne,
    examples: [{ input: { webhookId: sample.hookId }, output: hook }],
  },
  deleteOutgoingWebhook: {
    summary: "Tells an address no more",
    fails: failsOfOne,
    examples: [{ input: { webhookId: sample.hookId }, output: hook }],
  },
}
