import { z } from "zod"

const text = z.string().nullish()

/** What a message shows of them: with its text as many as Discord takes. */
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
 * What posts to Slack's incoming webhooks, as what posts to Discord's. Source: Slack, "Sending messages using incoming
 * webhooks" and "Legacy: secondary message attachments". What is not of that shape is left as it is, to be refused.
 */
export function fromSlack(given: unknown): unknown {
  const parsed = Payload.safeParse(given)
  if (!parsed.success) return given

  const { text, username, icon_url, attachments, blocks } = parsed.data
  const said = (blocks ?? []).flatMap((block) => [
    block.text?.text,
    ...(block.fields ?? []).map((field) => field.text),
  ])
  // Beside blocks the text is what is read out in their place.
  const content = said.some(Boolean) ? said.filter(Boolean).join("\n") : text
  return {
    username: username || undefined,
    avatar_url: icon_url,
    // The text is one too: not refused when it is too long, but cut.
    embeds: [
      { description: toMarkdown(content ?? "") },
      ...(attachments ?? []).slice(0, maxAttachments).map(embedOf),
    ],
  }
}

function embedOf({ pretext, author_name, title, title_link, text, fallback, fields, footer }: Attachment) {
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

/** Slack's marks: `*bold*`, `<address|text>`, `<!here>`, and three signs that are escaped. */
function toMarkdown(text: string): string {
  return text
    .replace(/(?<![\w*])\*(?![\s*])([^*\n]*[^\s*])\*(?![\w*])/g, "**$1**")
    .replace(/<((?:https?|mailto):[^|<>\s]+)\|([^<>\n]+)>/g, "[$2]($1)")
    .replace(/<!(\w+)(?:[|^][^<>]*)?>/g, "@$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
}
