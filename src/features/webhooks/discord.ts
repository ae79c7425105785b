import type { Message } from "../messages/contract.ts"
import type { WebhookWithAccount } from "./store.ts"

/** A failure in Discord's format. Source: Discord API docs, "Opcodes and Status Codes" and "Error Messages". */
export interface DiscordFault {
  status: number
  code: number
  message: string
  errors?: unknown
}

export const unknownWebhook: DiscordFault = { status: 404, code: 10015, message: "Unknown Webhook" }
export const unknownMessage: DiscordFault = { status: 404, code: 10008, message: "Unknown Message" }
export const wrongToken: DiscordFault = { status: 401, code: 50027, message: "Invalid Webhook Token" }
export const unknownChannel: DiscordFault = { status: 404, code: 10003, message: "Unknown Channel" }
export const emptyMessage: DiscordFault = {
  status: 400,
  code: 50006,
  message: "Cannot send an empty message",
}
export const invalidJson: DiscordFault = {
  status: 400,
  code: 50109,
  message: "The request body contains invalid JSON.",
}
export const invalidForm = (errors: unknown): DiscordFault => ({
  status: 400,
  code: 50035,
  message: "Invalid Form Body",
  errors,
})

/** A message in Discord's format. Source: Discord API docs, "Message Object". */
export function discordMessage(message: Message, webhook: WebhookWithAccount, origin: string) {
  const { id, channelId, content, createdAt, editedAt, extras } = message
  const attachments = (extras?.attachments ?? []).map(({ id, name, type, bytes, width, height, alt }) => {
    const url = `${origin}/files/${id}`
    const picture = { ...(width && height && { width, height }), ...(alt && { description: alt }) }
    return { id, filename: name, content_type: type, size: bytes, url, proxy_url: url, ...picture }
  })
  const username = extras?.bot?.name ?? webhook.name
  return {
    ...{ id, type: 0, content, channel_id: channelId, webhook_id: webhook.id },
    author: { id: webhook.id, username, bot: true, avatar: null, discriminator: "0000" },
    ...{ timestamp: createdAt.toISOString(), edited_timestamp: editedAt?.toISOString() ?? null },
    ...{ attachments, embeds: [], mentions: [], mention_roles: [], components: [] },
    ...{ mention_everyone: false, pinned: extras?.pinned ?? false, tts: false, flags: 0 },
  }
}

/** A webhook in Discord's format. Source: Discord API docs, "Webhook Object"; type 1 is "Incoming". */
export function discordWebhook({ id, name, channelId, serverId }: WebhookWithAccount, token: string) {
  const location = { channel_id: channelId, guild_id: serverId }
  return { id, type: 1, name, token, ...location, avatar: null, application_id: null }
}

export function discordFaultResponse({ status, ...fault }: DiscordFault): Response {
  return Response.json(fault, { status })
}

/** The response to a client that exceeded its rate limit. Discord's libraries read `retry_after`, in seconds. */
export function rateLimitedResponse(retryAfterSeconds: number): Response {
  const fault = { message: "You are being rate limited.", retry_after: retryAfterSeconds, global: false }
  const headers = {
    "retry-after": String(retryAfterSeconds),
    "x-ratelimit-reset-after": String(retryAfterSeconds),
    "x-ratelimit-scope": "user",
  }
  return Response.json(fault, { status: 429, headers })
}
