import { Refusal } from "../../kernel/index.ts"
import type { ChangeSet } from "../change-set.ts"
import { withEmoji } from "../emoji/shortcodes.ts"
import { denialToSend } from "../permissions/require.ts"
import { publishChange } from "../publisher.ts"
import type { Services } from "../services.ts"
import type { Message, MessageInput } from "./contract.ts"
import type { MessageExtras } from "./extras.ts"
import type { MessageHooks } from "./hooks.ts"
import { messageKey, messageLimit } from "./limits.ts"
import { findMessage } from "./store.ts"
import { createMessage, editMessage } from "./write.ts"

export const tooFast = "You are sending too fast. Wait a moment, then try again"

/** The account that a message is stored under. */
export interface MessageAuthor {
  userId: string
  username: string
  /** Set in a direct conversation of two, where either may have blocked the other. */
  pair?: string | null
  /** Marks a program's message. Runs inside the commit, and may refuse. */
  bot?(changes: ChangeSet): MessageExtras["bot"]
}

interface Hooked {
  /** Default: those of all features. */
  hooks?: readonly MessageHooks[]
}

export interface OutgoingMessage extends Hooked {
  room: { serverId: string; channelId: string }
  author: MessageAuthor
  input: MessageInput
  /** Incoming webhooks have a limit of their own, which their route applies and reports as Discord does. */
  hasOwnLimit?: boolean
}

/**
 * Sends a message: every transport and every kind of author ends here. Returns the stored message, also when its
 * author sent that id before. Fails: 403 (blocked), 404 (channel deleted), 409 (somebody else's id), 429, and as the
 * hooks refuse.
 */
export async function sendMessage(services: Services, message: OutgoingMessage): Promise<Message> {
  const { room, author, input } = message
  const id = input.id ?? crypto.randomUUID()
  const isOwn = (stored: Message) => stored.userId === author.userId && stored.channelId === room.channelId

  const retryAfterSeconds = message.hasOwnLimit
    ? 0
    : services.limits.get(messageLimit).take(messageKey(author.userId, room.channelId))
  if (retryAfterSeconds > 0) {
    // A retry of a stored message only missed the answer: it is not refused for coming too fast.
    const stored = await findMessage(services.db, id)
    if (stored && isOwn(stored)) return stored
    throw new Refusal(tooFast, 429, { retryAfterSeconds })
  }

  const content = await withEmoji(input.content)
  const { userId, username, pair } = author
  const change = await services.publisher.publish((changes) => {
    // Here, since a block may have been committed meanwhile. Returned: throwing would undo the shared commit.
    const denial = denialToSend(changes.tx, userId, pair)
    if (denial) return denial

    const draft = {
      ...room,
      id,
      userId,
      username,
      content,
      createdAt: new Date(),
      bot: author.bot?.(changes),
    }
    return createMessage(changes, message.hooks ?? services.messageHooks, { draft, input })
  })
  if (change instanceof Refusal) throw change
  if (!change) throw new Refusal("This channel was deleted", 404)
  if (!isOwn(change.message)) throw new Refusal("Another message has this id already", 409)

  if (change.isNew) services.metrics.messages.add()
  return change.message
}

/** Replaces the text of a message, whoever its author is. Fails: 410. */
export async function sendEdit(
  services: Services,
  { id, content: written, hooks = services.messageHooks }: Pick<Message, "id" | "content"> & Hooked,
): Promise<Message> {
  const content = await withEmoji(written)
  return publishChange(services, (changes) => editMessage(changes, hooks, { id, content }))
}
