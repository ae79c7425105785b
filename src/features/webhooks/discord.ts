import { z } from "zod"
import { Content, type Message, maxContentLength } from "../messages/contract.ts"
import { shorten } from "../messages/excerpt.ts"
import { WebhookName } from "./contract.ts"
import type { OpenWebhook } from "./store.ts"

/** A failure as Discord says it. Source: Discord API docs, "Opcodes and Status Codes" and "Error Messages". */
export interface DiscordFault {
  status: number
  code: number
  message: string
  errors?: unknown
}

export const unknownWebhook: DiscordFault = { status: 404, code: 10015, message: "Unknown Webhook" }
export const unknownMessage: DiscordFault = { status: 404, code: 10008, message: "Unknown Message" }
export const wrongToken: DiscordFault = { status: 401, code: 50027, message: "Invalid Webhook Token" }
const emptyMessage: DiscordFault = { status: 400, code: 50006, message: "Cannot send an empty message" }
const invalidJson: DiscordFault = {
  status: 400,
  code: 50109,
  message: "The request body contains invalid JSON.",
}
const invalidForm = (errors: unknown): DiscordFault => ({
  status: 400,
  code: 50035,
  message: "Invalid Form Body",
  errors,
})

/** What is said in an embed; what else stands there has no place in a text, and is left out. */
const Embed = z.object({
  title: z.string().nullish(),
  description: z.string().nullish(),
  url: z.string().nullish(),
  author: z.object({ name: z.string().nullish() }).nullish(),
  fields: z
    .array(z.object({ name: z.string().nullish(), value: z.string().nullish() }))
    .max(25, "Must be 25 or fewer in length.")
    .nullish(),
  footer: z.object({ text: z.string().nullish() }).nullish(),
})
type Embed = z.infer<typeof Embed>

const Payload = z.object({
  content: z
    .string()
    .refine((text) => text.length <= maxContentLength, `Must be ${maxContentLength} or fewer in length.`)
    .nullish(),
  username: WebhookName.nullish(),
  embeds: z.array(Embed).max(10, "Must be 10 or fewer in length.").nullish(),
})

/** What is to be posted: the message's text, and under which name when not the webhook's own. */
export interface Post {
  content: string
  username?: string
}

/** What a program sends, in the shape that Discord's webhooks take: JSON, or a form that may hold it in a field. */
export async function readPost(request: Request): Promise<Post | DiscordFault> {
  const given = await readBody(request)
  if (given === undefined) return invalidJson

  const parsed = Payload.safeParse(given)
  if (!parsed.success) return invalidForm(errorsOf(parsed.error))

  const { content, username, embeds } = parsed.data
  const said = [content?.trim() ? content : "", ...(embeds ?? []).map(textOf)].filter((text) => text !== "")
  const text = Content.safeParse(shorten(said.join("\n\n"), maxContentLength))
  if (!text.success) return emptyMessage

  return { content: text.data, username: username ?? undefined }
}

/** A message as Discord would tell it. Source: Discord API docs, "Message Object". */
export function discordMessage(message: Message, webhook: OpenWebhook) {
  const { id, channelId, content, createdAt, editedAt, extras } = message
  const username = extras?.bot?.name ?? webhook.name
  return {
    ...{ id, type: 0, content, channel_id: channelId, webhook_id: webhook.id },
    author: { id: webhook.id, username, bot: true, avatar: null, discriminator: "0000" },
    ...{ timestamp: createdAt.toISOString(), edited_timestamp: editedAt?.toISOString() ?? null },
    ...{ embeds: [], attachments: [], mentions: [], mention_roles: [], components: [] },
    ...{ mention_everyone: false, pinned: extras?.pinned ?? false, tts: false, flags: 0 },
  }
}

/** A webhook as Discord would tell it. Source: Discord API docs, "Webhook Object"; 1 is "Incoming". */
export function discordWebhook({ id, name, channelId, serverId }: OpenWebhook, token: string) {
  const place = { channel_id: channelId, guild_id: serverId }
  return { id, type: 1, name, token, ...place, avatar: null, application_id: null }
}

export function discordFault({ status, ...fault }: DiscordFault): Response {
  return Response.json(fault, { status })
}

/** Too many at once. Its clients wait for `retry_after`, in seconds, and forget the rest. */
export function limited(retryAfterSeconds: number): Response {
  const fault = { message: "You are being rate limited.", retry_after: retryAfterSeconds, global: false }
  const headers = {
    "retry-after": String(retryAfterSeconds),
    "x-ratelimit-reset-after": String(retryAfterSeconds),
    "x-ratelimit-scope": "user",
  }
  return Response.json(fault, { status: 429, headers })
}

/** `undefined` when it cannot be read. */
async function readBody(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? ""
  try {
    if (!/multipart\/form-data|urlencoded/.test(type)) return await request.json()

    const form = await request.formData()
    const payload = form.get("payload_json")
    const fields = Object.fromEntries([...form].filter(([, value]) => typeof value === "string"))
    return typeof payload === "string" ? JSON.parse(payload) : fields
  } catch {
    return undefined
  }
}

/** An embed as lines. */
function textOf({ author, title, url, description, fields, footer }: Embed): string {
  const pairs = (fields ?? []).map(({ name, value }) => [name, value].filter(Boolean).join(": "))
  const lines = [author?.name, title, url, description, ...pairs, footer?.text]
  return lines.filter((line) => line?.trim()).join("\n")
}

/** As Discord nests them: `{ embeds: { 0: { title: { _errors: […] } } } }`. */
function errorsOf({ issues }: z.ZodError): unknown {
  const errors: Record<string, unknown> = {}
  for (const { path, message, code } of issues) {
    let place = errors
    for (const name of path) {
      const key = String(name)
      place[key] ??= {}
      place = place[key] as Record<string, unknown>
    }
    place._errors = [
      {
        code: code === "too_big" || code === "custom" ? "BASE_TYPE_MAX_LENGTH" : "BASE_TYPE_BAD_TYPE",
        message,
      },
    ]
  }
  return errors
}
