import type { Message } from "../messages/contract.ts"
import { mentionedIds, plainText, searchedText } from "../messages/render.ts"
import { pollsFields } from "../polls/message-fields.ts"
import { allLinksIn } from "../previews/links.ts"
import { timeTerms } from "./spans.ts"
import type { Stems } from "./stems.ts"
import { terms } from "./terms.ts"
import { type Word, wordsIn } from "./words.ts"

/** Separates the text of a message from the names of its files and the texts of its poll. */
const separator = " · "

/** Separates parts of names from the words before them, for phrases. Not a possible word. */
const partsMark = "\ue000"

type Said = Pick<Message, "content" | "extras">

/** The text of a message that snippets show, without hidden text. Normalized to `NFC`, which `wordsIn` requires. */
export function snippetText(message: Said): string {
  return textOf(message, plainText)
}

/** The words of a message that are searched, those in spoilers too. */
export function searchedWords(message: Said): Word[] {
  return wordsIn(textOf(message, searchedText))
}

/** The content, the names and descriptions of files, and the poll. */
function textOf({ content, extras }: Said, toText: typeof plainText): string {
  const files = extras?.attachments?.flatMap(({ name, alt }) => [name, alt])
  const poll = pollsFields.insteadOfText.texts(extras ?? {})
  return [toText(content, extras), ...(files ?? []), ...poll].filter(Boolean).join(separator).normalize("NFC")
}

/** Where a message is. `parentId` is the channel that a thread belongs to. */
interface MessageLocation {
  serverId: string
  channelId: string
  parentId: string | null
}

/** The row of the index for a message. `id` is its id in the index. */
export function toDocument(
  id: number,
  message: Pick<Message, "content" | "extras" | "userId">,
  location: MessageLocation,
  stems: Stems,
) {
  const words = searchedWords(message)
  const parts = words.flatMap(({ parts, joined }) => [
    ...(parts.length > 0 ? [partsMark, ...parts] : []),
    ...(joined.length > 0 ? [partsMark, ...joined] : []),
  ])
  const facts = [...termsOf(message, location), ...timeTerms(id), ...stems.termsOf(words)]
  return { id, body: [...words.map(({ word }) => word), ...parts].join(" "), facts: facts.join(" ") }
}

function termsOf(
  { content, extras, userId }: Parameters<typeof toDocument>[1],
  { serverId, channelId, parentId }: MessageLocation,
): string[] {
  const files = extras?.attachments ?? []
  const list = [terms.inServer(serverId), terms.inChannel(channelId), terms.by(userId)]
  if (parentId) list.push(terms.inChannel(parentId))
  if (extras?.bot?.name) list.push(terms.byName(extras.bot.name))
  list.push(...mentionedIds(extras).map(terms.mentions))
  if (allLinksIn(content).length > 0) list.push(terms.has("link"))
  if (files.some(({ type }) => type.startsWith("image/"))) list.push(terms.has("image"))
  if (files.length > 0) list.push(terms.has("file"))
  if (extras?.poll) list.push(terms.has("poll"))
  return list
}
