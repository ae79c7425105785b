import { shownName } from "../../../views/people.ts"
import type { ChangeSet } from "../change-set.ts"
import type { Message } from "../messages/contract.ts"
import { excerptOf } from "../messages/excerpt.ts"
import { updateExtras } from "../messages/store.ts"
import type { ReplyQuote } from "./message-fields.ts"
import { listQuoting } from "./store.ts"

/** How replies quote a message. */
export function quoteOf(message: Message): ReplyQuote {
  return { ...authorOf(message), excerpt: excerptOf(message) }
}

export function authorOf(message: Message) {
  const { id, userId, username, extras } = message
  if (extras?.bot) return { id, userId, username: extras.bot.name ?? username }

  const name = shownName(message)
  return { id, userId, username, ...(name !== username && { name }) }
}

/** Has every reply to a message quote it like this, as a change of the log. */
export async function updateQuotes(changes: ChangeSet, id: string, quote: ReplyQuote): Promise<void> {
  for (const quoting of await listQuoting(changes.tx, id)) {
    await updateExtras(changes, quoting, (extras) =>
      Bun.deepEquals(extras.replyTo, quote) ? extras : { ...extras, replyTo: quote },
    )
  }
}

/** Has every reply to a message quote it as it is. */
export function updateQuotesOf(changes: ChangeSet, message: Message): Promise<void> {
  return updateQuotes(changes, message.id, quoteOf(message))
}
