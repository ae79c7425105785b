import type { Message } from "../messages/contract.ts"
import { plainText } from "../messages/render.ts"
import { allLinksIn } from "../previews/links.ts"
import { pieceFacts } from "./spans.ts"
import type { SearchContent } from "./syntax.ts"
import { fold, wordsIn } from "./words.ts"

/** What is between what a message says and the names of its files. */
const separator = " · "

/**
 * What is searched in a message, and what of it results show: what it says, without what it hides, and what its files
 * are called and show. `NFC`, as `wordsIn` wants it.
 */
export function searchedText({ content, extras }: Pick<Message, "content" | "extras">): string {
  const files = extras?.attachments?.flatMap(({ name, alt }) => [name, alt])
  return [plainText(content, extras), ...(files ?? [])].filter(Boolean).join(separator).normalize("NFC")
}

/** Where a message is: its channel, for a thread also the channel that the thread is in. */
interface Place {
  serverId: string
  channelId: string
  parentId: string | null
}

/** A message as the index has it, under its number there. */
export function documentOf(
  id: number,
  message: Pick<Message, "content" | "extras" | "userId">,
  place: Place,
) {
  const body = wordsIn(searchedText(message)).map(({ word }) => word)
  return { id, body: body.join(" "), facts: [...factsOf(message, place), ...pieceFacts(id)].join(" ") }
}

/** What can be asked of a message besides its words. They are words too, so that the index finds both alike. */
export const facts = {
  inServer: (id: string) => `s${token(id)}`,
  inChannel: (id: string) => `c${token(id)}`,
  by: (userId: string) => `u${token(userId)}`,
  /** What a webhook called itself: it may be another name each time. */
  byName: (name: string) => `n${Bun.hash(fold(name)).toString(36)}`,
  mentions: (userId: string) => `m${token(userId)}`,
  has: (content: SearchContent) => `has${content}`,
}

function factsOf({ content, extras, userId }: Parameters<typeof documentOf>[1], place: Place): string[] {
  const files = extras?.attachments ?? []
  const found = [facts.inServer(place.serverId), facts.inChannel(place.channelId), facts.by(userId)]
  if (place.parentId) found.push(facts.inChannel(place.parentId))
  if (extras?.bot?.name) found.push(facts.byName(extras.bot.name))
  for (const mention of extras?.mentions ?? []) found.push(facts.mentions(mention.userId))
  if (allLinksIn(content).length > 0) found.push(facts.has("link"))
  if (files.some(({ type }) => type.startsWith("image/"))) found.push(facts.has("image"))
  if (files.length > 0) found.push(facts.has("file"))
  return found
}

/** Ids are made by the server and differ in more than case: what the index makes of them is still one each. */
function token(id: string): string {
  return id.replaceAll(/[^a-zA-Z0-9]/g, "")
}
