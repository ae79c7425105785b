import { type NamingMessage, nameIn } from "../../../views/people.ts"
import type { Clock } from "../../web/clock.ts"
import { textsOf } from "../message-fields.ts"
import type { Message } from "./contract.ts"
import { parseBlocks } from "./text/blocks.ts"
import { graphemesOf } from "./text/graphemes.ts"
import { namesOf } from "./text/names.ts"
import { printPlain, printWords } from "./text/plain.ts"
import { Printer, type PrintOptions } from "./text/print.ts"
import { type Block, type Names, noNames } from "./text/tree.ts"

/** Longer messages are folded to about half the height of a window. */
const maxUnfolded = { characters: 1200, lines: 20 }

/** A message of at most this many emoji and no other text shows them large. Source: Discord, 27. */
const maxLargeEmoji = 27
const emojiOnly = /^(?:\p{RGI_Emoji}\s*)+$/v
/** No emoji contains one, and nearly all texts do: the pattern above tries all emoji before it fails. */
const letter = /[a-z]/i

/** If this does not match, the text needs no parsing: escaping it gives the same result. */
const markup = /[\\`*_~|<>\]@#]|https?:\/\/|^[ \t]*(?:\d+\.|-|\+[ \t])/im

/** The fields of a message that its text is rendered from. */
export type RenderedText = Pick<Message, "content" | "serverId"> & NamingMessage & Pick<Message, "extras">

/** A message's text as safe HTML, with the mentions that were resolved when it was sent. */
export function renderMessage(message: RenderedText, clock?: Clock): string {
  const { content, extras, serverId } = message
  if (isPlain(content)) return Bun.escapeHTML(content)

  const mentions = extras?.mentions ?? []
  const shown = new Map(mentions.map((one) => [one.userId, nameIn(message, one) ?? one.username]))
  return new Printer({ shown, serverId, clock }).message(parse(content, namesIn(extras)))
}

interface ContentOptions extends PrintOptions {
  names?: Names
}

/** A text as safe HTML. */
export function renderContent(content: string, { names = noNames, ...print }: ContentOptions = {}): string {
  return isPlain(content) ? Bun.escapeHTML(content) : new Printer(print).message(parse(content, names))
}

/** The ids of the users and roles that a message mentions, and `everyone`. */
export function mentionedIds(extras: Message["extras"]): string[] {
  const { mentions = [], roles = [] } = extras ?? {}
  return [...mentions.map(({ userId }) => userId), ...roles.map(({ roleId }) => roleId)]
}

/** A message's text on one line; without text, the summary of its first extra, such as a file's name. */
export function summaryOf({ content, extras }: Pick<Message, "content" | "extras">): string {
  return plainText(content, extras) || (textsOf(extras)[0] ?? "")
}

/** A message's text on one line, for excerpts, notifications and speech. Spoilers stay hidden. */
export function plainText(content: string, extras: Message["extras"] = null): string {
  return isPlain(content) ? content.replace(/\s+/g, " ").trim() : printPlain(parse(content, namesIn(extras)))
}

/** A message's text on one line for those who look for words, also in spoilers, with joints (`text/plain.ts`) in them. */
export function searchedText(content: string, extras: Message["extras"] = null): string {
  return isPlain(content) ? content : printWords(parse(content, namesIn(extras)))
}

/** Is the text long enough to be folded? */
export function isLong(content: string): boolean {
  return content.length > maxUnfolded.characters || content.split("\n").length > maxUnfolded.lines
}

/** Does the text consist of a few emoji and nothing else? */
export function isEmojiAlone(content: string): boolean {
  // Today's longest emoji has fewer than 16 UTF-16 code units.
  if (content.length > maxLargeEmoji * 16 || letter.test(content) || !emojiOnly.test(content)) return false
  return [...graphemesOf(content.replace(/\s+/g, ""))].length <= maxLargeEmoji
}

/** A text's syntax tree. */
export function parse(content: string, names: Names): Block[] {
  return parseBlocks(content, names)
}

function namesIn(extras: Message["extras"]): Names {
  const { mentions = [], channels = [], roles = [] } = extras ?? {}
  if (mentions.length + channels.length + roles.length === 0) return noNames

  return namesOf(
    new Map(mentions.map(({ userId, username }) => [username.toLowerCase(), userId])),
    channels,
    roles.map(({ roleId: id, name }) => ({ id, name })),
  )
}

function isPlain(content: string): boolean {
  return !markup.test(content)
}
