import { z } from "zod"

/**
 * A message that another answers, as it is now; shown above the answer. Of a message that is quoted very often
 * only the first replies say more than which it is.
 */
export const ReplyQuote = z.object({
  id: z.string(),
  userId: z.string().optional(),
  username: z.string().optional(),
  /** The beginning of its text, while it is not deleted. */
  excerpt: z.string().optional(),
  deleted: z.literal(true).optional(),
})
export type ReplyQuote = z.infer<typeof ReplyQuote>

/** Who is named in a text. */
export const Mention = z.object({ userId: z.string(), username: z.string() })

export const ChannelMention = z.object({ id: z.string(), name: z.string() })

/** One emoji under a message, and who chose it, first to last; of many only the first are named. */
export const Reaction = z.object({
  emoji: z.string(),
  count: z.int(),
  by: z.array(z.object({ userId: z.string(), username: z.string() })),
})

export type Reaction = z.infer<typeof Reaction>

/** A file that was sent along. */
export const Attachment = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  bytes: z.int(),
  /** Of images, in pixels: their box is reserved before they load. */
  width: z.int().optional(),
  height: z.int().optional(),
  alt: z.string().optional(),
})

export type Attachment = z.infer<typeof Attachment>

/** What a linked page says of itself. */
export const LinkPreview = z.object({
  id: z.string(),
  url: z.string(),
  title: z.string(),
  description: z.string().optional(),
  siteName: z.string().optional(),
  image: z.object({ width: z.int(), height: z.int() }).optional(),
})

export type LinkPreview = z.infer<typeof LinkPreview>

/** The talk that hangs on a message: a channel of its own. */
export const ThreadSummary = z.object({
  channelId: z.string(),
  count: z.int(),
  lastAt: z.coerce.date(),
})

/**
 * What a reader sees of a message besides its text. Stored with the message, so that it takes part in everything
 * the message does: one row to read, one `seq` to resume by, one article to render. Plain messages have none.
 */
export const MessageExtras = z.object({
  /** By a program. `name` and `avatarUrl` are what a webhook called itself. */
  bot: z.object({ name: z.string().optional(), avatarUrl: z.string().optional() }).optional(),
  replyTo: ReplyQuote.optional(),
  /** The people it names, as they were called then; all of them at once are `everyone`. */
  mentions: z.array(Mention).optional(),
  /** The channels it names, as they were called then. */
  channels: z.array(ChannelMention).optional(),
  reactions: z.array(Reaction).optional(),
  attachments: z.array(Attachment).optional(),
  previews: z.array(LinkPreview).optional(),
  thread: ThreadSummary.optional(),
  pinned: z.literal(true).optional(),
})
export type MessageExtras = z.infer<typeof MessageExtras>
