import { z } from "zod"
import type { Address } from "../api/doc.ts"
import { sample } from "../api/sample.ts"

const token = sample.webhookToken
const path = { webhookId: sample.webhookId, token }
const ofMessage = { ...path, messageId: sample.webhookMessageId }

const fields = { webhookId: "The webhook's id", token: "The secret of its address" }
const messageFields = { ...fields, messageId: "A message that this webhook wrote" }
const fails = { 401: "the token is another", 404: "there is no such webhook" }
const failsOfMessage = { ...fails, 404: "there is no such webhook, or it wrote no such message" }
const failure = z.looseObject({ message: z.string() })
const open = true as const
const address = "/api/webhooks/{webhookId}/{token}"

const Told = z.looseObject({ id: z.string() })
const webhook = {
  ...{ id: sample.webhookId, type: 1, name: "Builds", token, channel_id: sample.channelId },
  ...{ guild_id: sample.serverId, avatar: null, application_id: null },
}
const posted = {
  ...{ id: sample.newId, type: 0, content: "Build 512 passed.", channel_id: sample.channelId },
  webhook_id: sample.webhookId,
  author: { id: sample.webhookId, username: "CI", bot: true, avatar: null, discriminator: "0000" },
  ...{ timestamp: sample.at, edited_timestamp: null },
  ...{ attachments: [], embeds: [], mentions: [], mention_roles: [], components: [] },
  ...{ mention_everyone: false, pinned: false, tts: false, flags: 0 },
}
const message = { ...posted, id: sample.webhookMessageId }
const done = { status: 204, description: "Done", types: {} }

const said = {
  content: z.string().nullish(),
  embeds: z
    .array(z.looseObject({ title: z.string().nullish(), description: z.string().nullish() }))
    .nullish(),
  allowed_mentions: z.looseObject({ parse: z.array(z.string()).nullish() }).nullish(),
}
const saidFields = {
  content: "What it says, at most 2,000 characters",
  embeds: "At most 10, of which the text is shown",
  allowed_mentions: "`{ parse: [] }`: whoever is named is not told",
}

/** A webhook's address as programs use it, in Discord's shapes. */
export const webhooksAddresses: Address[] = [
  {
    ...{ id: "executeWebhook", method: "POST", path: address, open, failure, fails, limit: "webhooks" },
    summary: "Writes into a channel by a webhook's address, as to Discord's",
    description:
      "Whatever posts to Discord posts here by changing the address alone, also the one with `/api/v10/`. What is sent may also be a form, or a form with `payload_json` and up to 10 files.",
    query: z.object({ wait: z.enum(["true", "false"]).optional(), thread_id: z.string().optional() }),
    body: z.object({ ...said, username: z.string().nullish(), avatar_url: z.string().nullish() }),
    fields: {
      ...fields,
      ...saidFields,
      wait: "`true`: answer with the message, in Discord's shape",
      thread_id: "A thread of the channel, to write into that",
      username: "By which name, when not the webhook's own",
      avatar_url: "A picture beside the name: fetched once by the server, and shown by an address of its own",
    },
    answers: [
      { status: 200, description: "The message, where `wait` is `true`", schema: Told },
      { ...done, description: "Stored" },
    ],
    examples: [
      {
        path,
        query: { wait: "true" },
        input: { content: "Build 512 passed.", username: "CI" },
        output: posted,
      },
      {
        summary: "With nothing in it",
        path,
        input: { content: "" },
        status: 400,
        output: { code: 50006, message: "Cannot send an empty message" },
      },
      {
        summary: "With another token",
        path: { ...path, token: "guess" },
        input: { content: "Build 512 passed." },
        status: 401,
        output: { code: 50027, message: "Invalid Webhook Token" },
      },
    ],
  },
  {
    ...{ id: "executeSlackWebhook", method: "POST", path: `${address}/slack`, open, failure, fails },
    limit: "webhooks",
    summary: "The same for what posts to Slack: `text`, `username`, `icon_url`, `attachments`, `blocks`",
    body: z.looseObject({ text: z.string().nullish(), username: z.string().nullish() }),
    fields: { ...fields, text: "What it says, in Slack's marks", username: "By which name" },
    answers: [{ status: 200, description: "Stored", types: { "text/plain": "`ok`" } }],
    examples: [{ path, input: { text: "*Deployed.*" }, begins: "ok" }],
  },
  {
    ...{ id: "executeGithubWebhook", method: "POST", path: `${address}/github`, open, failure, fails },
    limit: "webhooks",
    summary: "The same for what GitHub sends, which names the event in `X-GitHub-Event`",
    description:
      "Pushes, branches and tags, and what is opened, closed, published or said of issues, pull requests, releases and discussions. Nothing is said of all else.",
    body: z.looseObject({ repository: z.looseObject({ full_name: z.string() }) }),
    fields: { ...fields, repository: "As GitHub tells it" },
    answers: [{ ...done, description: "Stored, or nothing to say" }],
    examples: [
      {
        path,
        headers: { "x-github-event": "issues" },
        input: {
          action: "opened",
          sender: { login: "octocat" },
          repository: { full_name: "acme/chat" },
          issue: { number: 7, title: "It is slow", html_url: "https://github.com/acme/chat/issues/7" },
        },
        status: 204,
        begins: "",
      },
    ],
  },
  {
    ...{ id: "getWebhookByAddress", method: "GET", path: address, open, failure, fails, fields },
    summary: "What a webhook is, in Discord's shape",
    answers: [{ status: 200, description: "The webhook", schema: Told }],
    examples: [{ path, input: undefined, output: webhook }],
  },
  {
    ...{ id: "renameWebhookByAddress", method: "PATCH", path: address, open, failure, fails },
    summary: "Gives a webhook another name",
    body: z.object({ name: z.string() }),
    fields: { ...fields, name: "1 to 80 characters" },
    answers: [{ status: 200, description: "The webhook", schema: Told }],
    examples: [{ path, input: { name: "Deployments" }, output: { ...webhook, name: "Deployments" } }],
  },
  {
    ...{ id: "deleteWebhookByAddress", method: "DELETE", path: address, open, failure, fails, fields },
    summary: "Ends a webhook; what it wrote stays",
    answers: [done],
    examples: [{ path, input: undefined, status: 204, begins: "" }],
  },
  {
    ...{ id: "getWebhookMessage", method: "GET", path: `${address}/messages/{messageId}`, open, failure },
    summary: "A message that the webhook wrote",
    ...{ fails: failsOfMessage, fields: messageFields },
    answers: [{ status: 200, description: "The message", schema: Told }],
    examples: [{ path: ofMessage, input: undefined, output: message }],
  },
  {
    ...{ id: "editWebhookMessage", method: "PATCH", path: `${address}/messages/{messageId}`, open, failure },
    limit: "webhooks",
    summary: "Changes a message that the webhook wrote",
    body: z.object(said),
    ...{ fails: failsOfMessage, fields: { ...messageFields, ...saidFields } },
    answers: [{ status: 200, description: "The message", schema: Told }],
    examples: [
      {
        path: ofMessage,
        input: { content: "Build 512 failed." },
        output: { ...message, content: "Build 512 failed.", edited_timestamp: sample.at },
      },
    ],
  },
  {
    ...{
      id: "deleteWebhookMessage",
      method: "DELETE",
      path: `${address}/messages/{messageId}`,
      open,
      failure,
    },
    summary: "Deletes a message that the webhook wrote",
    ...{ fails: failsOfMessage, fields: messageFields },
    answers: [done],
    examples: [{ path: ofMessage, input: undefined, status: 204, begins: "" }],
  },
]
