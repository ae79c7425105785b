import { z } from "zod"
import type { Address, ProcedureDocs } from "../api/doc.ts"
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
        summary: "To no address of the web",
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

const posted = {
  id: sample.newId,
  type: 0,
  content: "Build 512 passed.",
  channel_id: sample.channelId,
  webhook_id: sample.webhookId,
  author: { id: sample.webhookId, username: "CI", bot: true, avatar: null, discriminator: "0000" },
  timestamp: sample.at,
  edited_timestamp: null,
  ...{ embeds: [], attachments: [], mentions: [], mention_roles: [], components: [] },
  ...{ mention_everyone: false, pinned: false, tts: false, flags: 0 },
}

export const webhooksAddresses: Address[] = [
  {
    id: "executeWebhook",
    method: "POST",
    path: "/api/webhooks/{webhookId}/{token}",
    summary: "Writes into a channel by a webhook's address, as to Discord's",
    description:
      "Whatever posts to Discord posts here by changing the address alone. What is sent may also be a form, or a form with `payload_json`.",
    open: true,
    query: z.object({ wait: z.enum(["true", "false"]).optional() }),
    body: z.object({
      content: z.string().nullish(),
      username: z.string().nullish(),
      avatar_url: z.string().nullish(),
      embeds: z
        .array(z.looseObject({ title: z.string().nullish(), description: z.string().nullish() }))
        .nullish(),
    }),
    fields: {
      webhookId: "The webhook's id",
      token: "The secret of its address",
      wait: "`true`: answer with the message, in Discord's shape",
      content: "What it says, at most 2,000 characters",
      username: "By which name, when not the webhook's own",
      avatar_url: "Accepted",
      embeds: "At most 10, of which the text is shown",
    },
    answers: [
      {
        status: 200,
        description: "The message, where `wait` is `true`",
        schema: z.looseObject({ id: z.string() }),
      },
      { status: 204, description: "Stored", types: {} },
    ],
    failure: z.looseObject({ message: z.string() }),
    fails: { 401: "the token is another", 404: "there is no such webhook" },
    limit: "webhooks",
    examples: [
      {
        path: { webhookId: sample.webhookId, token },
        query: { wait: "true" },
        input: { content: "Build 512 passed.", username: "CI" },
        output: posted,
      },
      {
        summary: "With nothing in it",
        path: { webhookId: sample.webhookId, token },
        input: { content: "" },
        status: 400,
        output: { code: 50006, message: "Cannot send an empty message" },
      },
      {
        summary: "With another token",
        path: { webhookId: sample.webhookId, token: "guess" },
        input: { content: "Build 512 passed." },
        status: 401,
        output: { code: 50027, message: "Invalid Webhook Token" },
      },
    ],
  },
]
