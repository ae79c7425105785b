import { z } from "zod"

const text = z.string().nullish()

/** Attachments that are shown: together with the text, the ten embeds that Discord allows. */
const maxAttachments = 9
const maxFields = 25

const Attachment = z.object({
  ...{ pretext: text, author_name: text, title: text, title_link: text, text, fallback: text, footer: text },
  fields: z.array(z.object({ title: text, value: text })).nullish(),
})
type Attachment = z.infer<typeof Attachment>

const Block = z.object({
  text: z.object({ text }).nullish(),
  fields: z.array(z.object({ text })).nullish(),
})

const Payload = z.object({
  text,
  username: text,
  icon_url: text,
  attachments: z.array(Attachment).nullish(),
  blocks: z.array(Block).nullish(),
})

/**
 * Converts the payload of a Slack webhook to that of a Discord webhook. An invalid body is returned unchanged, to be
 * refused later. Source: Slack, "Sending messages using incoming webhooks" and "Legacy: secondary message attachments".
 */
export function fromSlack(body: unknown): unknown {
  const parsed = Payload.safeParse(body)
  if (!parsed.success) return body

  const { text, username, icon_url, attachments, blocks } = parsed.data
  const blockTexts = (blocks ?? []).flatMap((block) => [
    block.text?.text,
    ...(block.fields ?? []).map((field) => field.text),
  ])
  // With blocks, `text` is only their fallback for notifications and screen readers.
  const content = blockTexts.some(Boolean) ? blockTexts.filter(Boolean).join("\n") : text
  return {
    username: username || undefined,
    avatar_url: icon_url,
    // The text becomes an embed: an embed is shortened when it is too long; `content` would be refused.
    embeds: [
      { description: toMarkdown(content ?? "") },
      ...(attachments ?? []).slice(0, maxAttachments).map(toEmbed),
    ],
  }
}

function toEmbed({ pretext, author_name, title, title_link, text, fallback, fields, footer }: Attachment) {
  return {
    author: { name: author_name },
    title,
    url: title_link,
    description: toMarkdown([pretext, text ?? fallback].filter(Boolean).join("\n")),
    fields: fields
      ?.slice(0, maxFields)
      .map(({ title, value }) => ({ name: title, value: toMarkdown(value ?? "") })),
    footer: { text: footer },
  }
}

/** Slack's markup: `*bold*`, `<url|text>`, `<!here>` and three escaped characters. */
function toMarkdown(text: string): string {
  return text
    .replace(/(?<![\w*])\*(?![\s*])([^*\n]*[^\s*])\*(?![\w*])/g, "**$1**")
    .replace(/<((?:https?|mailto):[^|<>\s]+)\|([^<>\n]+)>/g, "[$2]($1)")
    .replace(/<!(\w+)(?:[|^][^<>]*)?>/g, "@$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
}
