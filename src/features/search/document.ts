import type { Message } from "../messages/contract.ts"
import { mentionedIds, plainText } from "../messages/render.ts"
import { pollsFields } from "../polls/message-fields.ts"
import { allLinksIn } from "../previews/links.ts"
import { timeTerms } from "./spans.ts"
import type { ContentKind } from "./syntax.ts"
import { fold, wordsIn } from "./words.ts"

/** Separates the text of a message from the names of its files and the texts of its poll. */
const separator = " · "

/**
 * The text of a message that is searched and that snippets show: its content without hidden text, the names and
 * descriptions of its files, and its poll. Normalized to `NFC`, which `wordsIn` requires.
 */
export function searchableText({ content, extras }: Pick<Message, "content" | "extras">): string {
  const files = extras?.attachments?.flatMap(({ name, alt }) => [name, alt])
  const poll = pollsFields.insteadOfText.texts(extras ?? {})
  return [plainText(content, extras), ...(files ?? []), ...poll]
    .filter(Boolean)
    .join(separator)
    .normalize("NFC")
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
) {
  const body = wordsIn(searchableText(message)).map(({ word }) => word)
  return { id, body: body.join(" "), facts: [...termsOf(message, location), ...timeTerms(id)].join(" ") }
}

/** Terms: properties of a message besides its words, written as words so that the index finds both in the same way. */
export const terms = {
  inServer: (id: string) => `s${token(id)}`,
  inChannel: (id: string) => `c${token(id)}`,
  by: (userId: string) => `u${token(userId)}`,
  /** The name that a webhook gave itself, which may differ with each message. */
  byName: (name: string) => `n${Bun.hash(fold(name)).toString(36)}`,
  /** `id`: of a user or a role, or `everyone`. */
  mentions: (id: string) => `m${token(id)}`,
  has: (kind: ContentKind) => `has${kind}`,
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

/** The server makes ids, and no two differ only in case or punctuation: tokens are as unique as ids. */
function token(id: string): string {
  return id.replaceAll(/[^a-zA-Z0-9]/g, "")
}
