import type { Message } from "./contract.ts"
import { parseBlocks } from "./text/blocks.ts"
import { namesOf } from "./text/names.ts"
import { printPlain } from "./text/plain.ts"
import { Printer } from "./text/print.ts"
import { type Block, type Names, nobody } from "./text/tree.ts"

/** Longer messages are shown folded: about what half a screen holds. */
const maxUnfolded = { characters: 1200, lines: 20 }

/** So few emoji and nothing else are shown large. Source: Discord, 27. */
const maxLarge = 27
const segmenter = new Intl.Segmenter("en")
const emojiAlone = /^(?:\p{RGI_Emoji}\s*)+$/v

/** With none of these, and nothing that begins a list, it says what it is: parsing it would give the same, escaped. */
const meant = /[\\`*_~|<>[\]@#&\ufdd0-\ufdef\u205f\f]|https?:\/\/|^[ \t]*(?:\d+\.|-|\+[ \t])/im

/** What a message says, with the people and channels it named when it was sent, as HTML that is safe to insert. */
export function renderMessage({
  content,
  extras,
  serverId,
}: Pick<Message, "content" | "extras" | "serverId">) {
  return renderContent(content, namesIn(extras), serverId)
}

/** What somebody wrote as HTML that is safe to insert. The one place where that becomes HTML, by `Printer`. */
export function renderContent(content: string, names: Names = nobody, serverId = ""): string {
  return isPlain(content) ? Bun.escapeHTML(content) : new Printer(serverId).message(parse(content, names))
}

/** What a message says, or is called where it is files alone, on one line. */
export function summaryOf({ content, extras }: Pick<Message, "content" | "extras">): string {
  return plainText(content, extras) || (extras?.attachments?.[0]?.name ?? "")
}

/** What a message says, on one line: for excerpts, notices and speech. What it hides is not in it. */
export function plainText(content: string, extras: Message["extras"] = null): string {
  return isPlain(content) ? content.replace(/\s+/g, " ").trim() : printPlain(parse(content, namesIn(extras)))
}

/** Does it take more room than a message should without being asked? */
export function isLong(content: string): boolean {
  return content.length > maxUnfolded.characters || content.split("\n").length > maxUnfolded.lines
}

/** Does it say all it says with a few emoji? */
export function isEmojiAlone(content: string): boolean {
  // No emoji of today is longer than 16 code units.
  if (content.length > maxLarge * 16 || !emojiAlone.test(content)) return false
  return [...segmenter.segment(content.replace(/\s+/g, ""))].length <= maxLarge
}

/** What a message says, as a tree. */
export function parse(content: string, names: Names): Block[] {
  return parseBlocks(content, names)
}

function namesIn(extras: Message["extras"]): Names {
  const { mentions = [], channels = [] } = extras ?? {}
  if (mentions.length + channels.length === 0) return nobody

  return namesOf(new Map(mentions.map(({ userId, username }) => [username.toLowerCase(), userId])), channels)
}

function isPlain(content: string): boolean {
  return !meant.test(content)
}
