import { z } from "zod"
import type { EndpointDoc } from "../api/doc.ts"
import { sample } from "../api/sample.ts"

const token = sample.webhookToken
const path = { webhookId: sample.webhookId, token }
const ofMessage = { ...path, messageId: sample.webhookMessageId }

const fields = { webhookId: "The webhook's id", token: "The secret in its URL" }
const messageFields = { ...fields, messageId: "The id of a message that this webhook sent" }
const fails = { 401: "the token is wrong", 404: "no such webhook" }
const failsOfMessage = { ...fails, 404: "no such webhook, or it sent no such message" }
const failure = z.looseObject({ message: z.string() })
const open = true as const
const webhookUrl = "/api/webhooks/{webhookId}/{token}"

const DiscordObject = z.looseObject({ id: z.string() })
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

const contentSchema = {
  content: z.string().nullish(),
  embeds: z
    .array(z.looseObject({ title: z.string().nullish(), description: z.string().nullish() }))
    .nullish(),
  allowed_mentions: z.looseObject({ parse: z.array(z.string()).nullish() }).nullish(),
}
const contentFields = {
  content: "At most 2,000 characters",
  embeds: "At most 10; their text is shown",
  allowed_mentions: "`{ parse: [] }`: mentions notify nobody",
}

/** A webhook's URL for programs, in the format of Discord's webhooks. */
export const webhooksEndpoints: EndpointDoc[] = [
  {
    ...{ id: "executeWebhook", method: "POST", path: webhookUrl, open, failure, fails, limit: "webhooks" },
    summary: "Sends a message by a webhook's URL, compatible with Discord's",
    description:
      "A program that posts to a Discord webhook needs only the new URL, also in the form with `/api/v10/`. The body may also be a form, or a form with `payload_json` and up to 10 files.",
    query: z.object({ wait: z.enum(["true", "false"]).optional(), thread_id: z.string().optional() }),
    body: z.object({ ...contentSchema, username: z.string().nullish(), avatar_url: z.string().nullish() }),
    fields: {
      ...fields,
      ...contentFields,
      wait: "`true`: returns the message in Discord's format",
      thread_id: "A thread of the channel to send the message to",
      username: "The name shown instead of the webhook's own",
      avatar_url:
        "A picture shown beside the name. The server fetches it once and serves it from a URL of its own",
    },
    answers: [
      { status: 200, description: "The message, with `wait=true`", schema: DiscordObject },
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
        summary: "Without content",
        path,
        input: { content: "" },
        status: 400,
        output: { code: 50006, message: "Cannot send an empty message" },
      },
      {
        summary: "With a wrong token",
        path: { ...path, token: "guess" },
        input: { content: "Build 512 passed." },
        status: 401,
        output: { code: 50027, message: "Invalid Webhook Token" },
      },
    ],
  },
  {
    ...{ id: "executeSlackWebhook", method: "POST", path: `${webhookUrl}/slack`, open, failure, fails },
    limit: "webhooks",
    summary:
      "The same for programs that post to Slack: `text`, `username`, `icon_url`, `attachments`, `blocks`",
    body: z.looseObject({ text: z.string().nullish(), username: z.string().nullish() }),
    fields: { ...fields, text: "The message in Slack's markup", username: "The name shown" },
    answers: [{ status: 200, description: "Stored", types: { "text/plain": "`ok`" } }],
    examples: [{ path, input: { text: "*Deployed.*" }, begins: "ok" }],
  },
  {
    ...{ id: "executeGithubWebhook", method: "POST", path: `${webhookUrl}/github`, open, failure, fails },
    limit: "webhooks",
    summary: "The same for GitHub's webhooks, which name the event in `X-GitHub-Event`",
    description:
      "Announces pushes, branches and tags, and opened, closed, published or commented issues, pull requests, releases and discussions. Ignores all other events.",
    body: z.looseObject({ repository: z.looseObject({ full_name: z.string() }) }),
    fields: { ...fields, repository: "As sent by GitHub" },
    answers: [{ ...done, description: "Stored, or ignored" }],
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
    ...{ id: "getWebhookByAddress", method: "GET", path: webhookUrl, open, failure, fails, fields },
    summary: "Describes a webhook in Discord's format",
    answers: [{ status: 200, description: "The webhook", schema: DiscordObject }],
    examples: [{ path, input: undefined, output: webhook }],
  },
  {
    ...{ id: "renameWebhookByAddress", method: "PATCH", path: webhookUrl, open, failure, fails },
    summary: "Renames a webhook",
    body: z.object({ name: z.string() }),
    fields: { ...fields, name: "1 to 80 characters" },
    answers: [{ status: 200, description: "The webhook", schema: DiscordObject }],
    examples: [{ path, input: { name: "Deployments" }, output: { ...webhook, name: "Deployments" } }],
  },
  {
    ...{ id: "deleteWebhookByAddress", method: "DELETE", path: webhookUrl, open, failure, fails, fields },
    summary: "Deletes a webhook; its messages stay",
    answers: [done],
    examples: [{ path, input: undefined, status: 204, begins: "" }],
  },
  {
    ...{ id: "getWebhookMessage", method: "GET", path: `${webhookUrl}/messages/{messageId}`, open, failure },
    summary: "Returns a message that the webhook sent",
    ...{ fails: failsOfMessage, fields: messageFields },
    answers: [{ status: 200, description: "The message", schema: DiscordObject }],
    examples: [{ path: ofMessage, input: undefined, output: message }],
  },
  {
    ...{
      id: "editWebhookMessage",
      method: "PATCH",
      path: `${webhookUrl}/messages/{messageId}`,
      open,
      failure,
    },
    limit: "webhooks",
    summary: "Edits a message that the webhook sent",
    body: z.object(contentSchema),
    ...{ fails: failsOfMessage, fields: { ...messageFields, ...contentFields } },
    answers: [{ status: 200, description: "The message", schema: DiscordObject }],
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
      path: `${webhookUrl}/messages/{messageId}`,
      open,
      failure,
    },
    summary: "Deletes a message that the webhook sent",
    ...{ fails: failsOfMessage, fields: messageFields },
    answers: [done],
    examples: [{ path: ofMessage, input: undefined, status: 204, begins: "" }],
  },
]
