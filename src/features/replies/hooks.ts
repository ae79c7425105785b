import type { Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { field } from "../form-fields.ts"
import type { MessageHooks } from "../messages/hooks.ts"
import { findMessage } from "../messages/store.ts"
import { authorOf, quoteOf, updateQuotes } from "./quotes.ts"
import { countQuotes, deleteReply, insertReply } from "./store.ts"

/**
 * Most quotes of one message that show its text. They change with it in one commit, so this bounds what an edit or a
 * deletion costs; further replies only link to the message, and have nothing to update.
 */
export const maxQuotes = 200

/**
 * Replies. A quote shows the beginning of the quoted message as it is now: when that is edited or deleted, every
 * message that quotes it changes in the same commit, as a change of the log like any other.
 */
export const repliesHooks: MessageHooks = {
  actions: [{ label: "Reply", path: "reply", kind: "page", order: 110 }],

  fromForm: (body) => ({ replyTo: field(body, "replyTo") || undefined }),

  // The quote is of the channel's history.
  requires: ({ replyTo }) => (replyTo === undefined ? undefined : "readHistory"),

  beforeCreate: ({ tx }, { channelId }, { replyTo }) =>
    replyTo === undefined ? undefined : takeQuote(tx, channelId, replyTo),

  afterCreate({ tx }, { id, extras }) {
    const { id: quotedId, userId: quotedUserId } = extras?.replyTo ?? {}
    return quotedId && quotedUserId ? insertReply(tx, { messageId: id, quotedId, quotedUserId }) : undefined
  },

  async onEdit(changes, before, content) {
    await updateQuotes(changes, before.id, quoteOf({ ...before, content }))
    return undefined
  },

  async onDelete(changes, before) {
    await deleteReply(changes.tx, before.id)
    await updateQuotes(changes, before.id, { ...authorOf(before), deleted: true })
    return undefined
  },
}

async function takeQuote(tx: Tx, channelId: string, id: string) {
  const quoted = await findMessage(tx, id)
  if (quoted?.channelId !== channelId) {
    throw new Refusal(
      "The message you reply to is not in this channel. Send again to send it without the reply",
      404,
    )
  }
  if (quoted.deletedAt) {
    throw new Refusal("The message you reply to was deleted. Send again to send it without the reply", 410)
  }
  return { replyTo: (await countQuotes(tx, id)) < maxQuotes ? quoteOf(quoted) : { id } }
}
