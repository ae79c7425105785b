import { z } from "zod"
import { Content, maxContentLength } from "../messages/contract.ts"
import { shorten } from "../messages/excerpt.ts"
import { WebhookName } from "./contract.ts"
import { type DiscordFault, emptyMessage, invalidForm, invalidJson } from "./discord.ts"

const maxUrlLength = 2048

/** The parts of an embed that can be shown as text; all others are dropped. */
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
  // An invalid avatar URL must not cost a message.
  avatar_url: z
    .url({ protocol: /^https?$/ })
    .max(maxUrlLength)
    .nullish()
    .catch(null),
  embeds: z.array(Embed).max(10, "Must be 10 or fewer in length.").nullish(),
  allowed_mentions: z
    .object({ parse: z.array(z.string()).nullish(), users: z.array(z.string()).nullish() })
    .nullish()
    .catch(null),
})

/** The message that a program sends, with the name and avatar that replace the webhook's own. */
export interface WebhookPost {
  content: string
  username?: string
  avatarUrl?: string
  /** Mentions notify nobody. */
  isQuiet: boolean
}

/** Validates the payload of a Discord webhook. Without files the message must have content. */
export function parsePost(body: unknown, hasFiles = false): WebhookPost | DiscordFault {
  if (body === undefined) return invalidJson

  const parsed = Payload.safeParse(body)
  if (!parsed.success) return invalidForm(errorsOf(parsed.error))

  const { content, username, avatar_url, embeds, allowed_mentions } = parsed.data
  const texts = [content?.trim() ? content : "", ...(embeds ?? []).map(embedText)].filter(
    (text) => text !== "",
  )
  const text = Content.safeParse(shorten(texts.join("\n\n"), maxContentLength))
  if (!text.success && !hasFiles) return emptyMessage

  return {
    content: text.data ?? "",
    username: username ?? undefined,
    avatarUrl: avatar_url ?? undefined,
    isQuiet: isQuiet(allowed_mentions ?? {}),
  }
}

/** Parses a body as JSON or a form. `undefined` when it is invalid. */
export async function readBody(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? ""
  try {
    if (!/urlencoded/i.test(type)) return await request.json()

    return payloadFromFields(Object.fromEntries(new URLSearchParams(await request.text())))
  } catch {
    return undefined
  }
}

/** The payload of a form: its fields, or the JSON in one of them. Clients of Slack and GitHub call it `payload`. */
export function payloadFromFields(fields: Record<string, string>): unknown {
  const json = fields.payload_json ?? fields.payload
  try {
    return json === undefined ? fields : JSON.parse(json)
  } catch {
    return undefined
  }
}

/** Without `parse` and `users`, every mentioned user is notified. */
function isQuiet({ parse, users }: { parse?: string[] | null; users?: string[] | null }): boolean {
  if (parse === undefined && users === undefined) return false
  return !parse?.includes("users") && (users?.length ?? 0) === 0
}

/** An embed as lines of Markdown. */
function embedText({ author, title, url, description, fields, footer }: Embed): string {
  const heading = title && url ? `[${title}](${url})` : (title ?? url)
  const pairs = (fields ?? []).map(({ name, value }) =>
    [name && `**${name}**`, value].filter(Boolean).join(": "),
  )
  const lines = [
    author?.name,
    heading && title ? `**${heading}**` : heading,
    description,
    ...pairs,
    footer?.text,
  ]
  return lines.filter((line) => line?.trim()).join("\n")
}

/** The issues in Discord's nesting: `{ embeds: { 0: { title: { _errors: […] } } } }`. */
function errorsOf({ issues }: z.ZodError): unknown {
  const errors: Record<string, unknown> = {}
  for (const { path, message, code } of issues) {
    let node = errors
    for (const name of path) {
      const key = String(name)
      node[key] ??= {}
      node = node[key] as Record<string, unknown>
    }
    node._errors = [
      {
        code: code === "too_big" || code === "custom" ? "BASE_TYPE_MAX_LENGTH" : "BASE_TYPE_BAD_TYPE",
        message,
      },
    ]
  }
  return errors
}
