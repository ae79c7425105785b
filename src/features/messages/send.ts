import { type MaybePromise, Refusal } from "../../kernel/index.ts"
import type { ChangeSet } from "../change-set.ts"
import { withEmoji } from "../emoji/shortcodes.ts"
import { denialToSend } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import type { Message, MessageInput } from "./contract.ts"
import type { MessageExtras } from "./extras.ts"
import type { Attempt, MessageHooks } from "./hooks.ts"
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
  /** Marks a message of a bot or a webhook. Runs inside the commit, and may throw a `Refusal`. */
  bot?(changes: ChangeSet): MaybePromise<MessageExtras["bot"]>
}

interface Hooked {
  /** Default: the hooks of all features. */
  hooks?: readonly MessageHooks[]
}

export interface OutgoingMessage extends Hooked {
  room: { serverId: string; channelId: string }
  author: MessageAuthor
  input: MessageInput
  /** Skips the message limit: the route of incoming webhooks applies its own and reports it as Discord does. */
  hasOwnLimit?: boolean
}

/**
 * Sends a message; all transports and all kinds of authors call this. Returns the stored message, also when its author
 * sent the same id before. Fails: 403 (blocked), 404 (channel deleted), 409 (the id of another user's message), 429,
 * and with the refusals of the hooks.
 */
export async function sendMessage(services: Services, message: OutgoingMessage): Promise<Message> {
  const { room, author, input } = message
  const id = input.id ?? crypto.randomUUID()
  const isOwn = (stored: Message) => stored.userId === author.userId && stored.channelId === room.channelId

  const retryAfterSeconds = message.hasOwnLimit
    ? 0
    : await services.limits.get(messageLimit).take(messageKey(author.userId, room.channelId))
  if (retryAfterSeconds > 0) {
    // A retry of a stored message only missed the response, so the limit must not refuse it.
    const stored = await findMessage(services.db, id)
    if (stored && isOwn(stored)) return stored
    throw new Refusal(tooFast, 429, { retryAfterSeconds })
  }

  const content = await withEmoji(input.content)
  const { userId, username, pair } = author
  const hooks = message.hooks ?? services.messageHooks
  const refusal = await checkAttempt(hooks, { ...room, userId, username, content, input })
  if (refusal) {
    const stored = await findMessage(services.db, id)
    if (stored && isOwn(stored)) return stored
    throw refusal
  }

  const write = async (changes: ChangeSet) => {
    // Checked in the commit, since a block may have been committed meanwhile. Returned, not thrown: throwing would
    // roll back the shared commit.
    const denial = await denialToSend(changes.tx, userId, pair)
    if (denial) return denial

    const draft = {
      ...room,
      id,
      userId,
      username,
      content,
      createdAt: new Date(),
      bot: await author.bot?.(changes),
    }
    return createMessage(changes, hooks, { draft, input })
  }
  const change = await services.publisher.append(room.channelId, write, { isIndependent: isPlain(message) })
  if (change instanceof Refusal) throw change
  if (!change) throw new Refusal("This channel was deleted", 404)
  if (!isOwn(change.message)) throw new Refusal("Another message has this id already", 409)

  if (change.isNew) services.metrics.messages.add()
  return change.message
}

/** The refusal of a hook. Awaits nothing where no hook does: every message comes through here. */
async function checkAttempt(hooks: readonly MessageHooks[], attempt: Attempt): Promise<Refusal | undefined> {
  try {
    for (const hook of hooks) {
      const checking = hook.check?.(attempt)
      if (checking) await checking
    }
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

/** Files, polls and replies depend on what other messages of the channel do at the same time. */
function isPlain({ author, input: { id: _id, content: _content, ...others } }: OutgoingMessage): boolean {
  return !author.bot && Object.values(others).every((value) => value === undefined)
}

type Edit = Pick<Message, "id" | "serverId" | "channelId" | "userId" | "username" | "content"> & Hooked

/** Replaces the text of a message of any author. Fails: 410 (deleted), and with the refusals of the hooks. */
export async function sendEdit(
  services: Services,
  { id, serverId, channelId, userId, username, content: input, hooks = services.messageHooks }: Edit,
): Promise<Message> {
  const content = await withEmoji(input)
  const refusal = await checkAttempt(hooks, { serverId, channelId, userId, username, content })
  if (refusal) throw refusal

  return services.publisher.change(channelId, (changes) => editMessage(changes, hooks, { id, content }))
}
