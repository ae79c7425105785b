import type { Db } from "../../db/open.ts"
import { Refusal } from "../../kernel/index.ts"
import type { Message } from "../messages/contract.ts"
import { excerptOf } from "../messages/excerpt.ts"
import type { ReplyQuote } from "../messages/extras.ts"
import type { MessagePart } from "../messages/parts.ts"
import { type Change, readMessage, updateExtras } from "../messages/store.ts"
import { countQuotes, deleteReply, insertReply, listQuoting } from "./store.ts"

/**
 * Quotes of one message that say what it says. They follow it in one commit, so there is a bound to what one edit
 * or deletion costs; replies beyond it only link to the message, so there is nothing in them to follow.
 */
export const maxQuotes = 200

/**
 * Replies. A quote says the beginning of what the quoted message says now: when that is edited or deleted, every
 * message that quotes it changes in the same commit, as changes of the log like any other.
 */
export const repliesPart: MessagePart = {
  compose(db, { channelId }, { replyTo }) {
    if (replyTo === undefined) return undefined

    const quoted = readMessage(db, replyTo)
    if (quoted?.channelId !== channelId) {
      throw new Refusal("The message you answer is not in this channel. Send again to say it alone", 404)
    }
    if (quoted.deletedAt) {
      throw new Refusal("The message you answer was deleted. Send again to say it alone", 410)
    }
    return { replyTo: countQuotes(db, replyTo) < maxQuotes ? quoteOf(quoted) : { id: replyTo } }
  },

  sent(db, { id, extras }) {
    const { id: quotedId, userId: quotedUserId } = extras?.replyTo ?? {}
    if (quotedId && quotedUserId) insertReply(db, { messageId: id, quotedId, quotedUserId })
  },

  edited(db, before, content, also) {
    changeQuotes(db, before.id, quoteOf({ ...before, content }), also)
    return undefined
  },

  deleted(db, before, also) {
    deleteReply(db, before.id)
    changeQuotes(db, before.id, { ...authorOf(before), deleted: true }, also)
  },
}

function quoteOf(message: Message): ReplyQuote {
  return { ...authorOf(message), excerpt: excerptOf(message) }
}

function authorOf({ id, userId, username, extras }: Message) {
  return { id, userId, username: extras?.bot?.name ?? username }
}

function changeQuotes(
  db: Db,
  id: string,
  quote: ReplyQuote,
  also: (change: Change | undefined) => void,
): void {
  for (const quoting of listQuoting(db, id)) {
    also(
      updateExtras(db, quoting, (extras) =>
        Bun.deepEquals(extras.replyTo, quote) ? extras : { ...extras, replyTo: quote },
      ),
    )
  }
}
