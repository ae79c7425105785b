import { z } from "zod"
import { Content, maxContentLength } from "../messages/contract.ts"
import { shorten } from "../messages/excerpt.ts"
import { WebhookName } from "./contract.ts"
import { type DiscordFault, emptyMessage, invalidForm, invalidJson } from "./discord.ts"

const maxUrlLength = 2048

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
  // What is no address of a picture is no reason to lose a message.
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

/** What is to be posted: the message's text, and who it is by when not the webhook itself. */
export interface WebhookPost {
  content: string
  username?: string
  avatarUrl?: string
  /** Whoever it names is not told. */
  isQuiet: boolean
}

/** What a program sends in the shape that Discord's webhooks take; with files it need not say anything. */
export function postOf(given: unknown, hasFiles = false): WebhookPost | DiscordFault {
  if (given === undefined) return invalidJson

  const parsed = Payload.safeParse(given)
  if (!parsed.success) return invalidForm(errorsOf(parsed.error))

  const { content, username, avatar_url, embeds, allowed_mentions } = parsed.data
  const said = [content?.trim() ? content : "", ...(embeds ?? []).map(textOf)].filter((text) => text !== "")
  const text = Content.safeParse(shorten(said.join("\n\n"), maxContentLength))
  if (!text.success && !hasFiles) return emptyMessage

  return {
    content: text.data ?? "",
    username: username ?? undefined,
    avatarUrl: avatar_url ?? undefined,
    isQuiet: isQuiet(allowed_mentions ?? {}),
  }
}

/** What a body says: JSON, or a form's fields, or the JSON in one of them. `undefined` when it cannot be read. */
export async function readBody(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? ""
  try {
    if (!/urlencoded/i.test(type)) return await request.json()

    return fromFields(Object.fromEntries(new URLSearchParams(await request.text())))
  } catch {
    return undefined
  }
}

/** The same of a form that has been read. What posts to Slack, and GitHub, call the field `payload`. */
export function fromFields(fields: Record<string, string>): unknown {
  const json = fields.payload_json ?? fields.payload
  try {
    return json === undefined ? fields : JSON.parse(json)
  } catch {
    return undefined
  }
}

/** Without a word about it everyone named is told. */
function isQuiet({ parse, users }: { parse?: string[] | null; users?: string[] | null }): boolean {
  if (parse === undefined && users === undefined) return false
  return !parse?.includes("users") && (users?.length ?? 0) === 0
}

/** An embed as lines. */
function textOf({ author, title, url, description, fields, footer }: Embed): string {
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
