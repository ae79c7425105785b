import { type MaybePromise, Refusal } from "../../kernel/index.ts"
import type { ChangeSet } from "../change-set.ts"
import { withEmoji } from "../emoji/shortcodes.ts"
import { denialOfPace, findPace } from "../moderation/slow-mode.ts"
import { denialOf, type PlaceAction } from "../permissions/can.ts"
import { type Sender, webhookSender } from "../permissions/senders.ts"
import type { Standing } from "../permissions/standing.ts"
import { messageDeleted } from "../permissions/wording.ts"
import type { Services } from "../services.ts"
import type { Turn } from "../turns.ts"
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
  isBot?: true
  /** Set in a direct conversation of two, where either may have blocked the other. */
  pair?: string | null
  /** Its permission is that of an incoming webhook, and not of a member. */
  isWebhook?: true
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
 * sent the same id before. Fails: 403 (blocked, or without the permission), 404 (channel deleted), 409 (the id of another user's message), 429,
 * and with the refusals of the hooks.
 */
export async function sendMessage(services: Services, message: OutgoingMessage): Promise<Message> {
  const id = message.input.id ?? Bun.randomUUIDv7()
  const turn = services.turns.take(`${message.author.userId} ${message.room.channelId}`)
  // Of the same message sent twice at once, the second finds the first stored.
  const same = services.turns.take(`message ${id}`)
  try {
    if (same.before) await same.before
    return await sendInTurn(services, { ...message, id }, turn)
  } finally {
    turn.end()
    same.end()
  }
}

type Identified = OutgoingMessage & { id: string }

async function sendInTurn(services: Services, message: Identified, turn: Turn): Promise<Message> {
  const { id, room, author, input } = message
  const isOwn = (stored: Message) => stored.userId === author.userId && stored.channelId === room.channelId
  const hooks = message.hooks ?? services.messageHooks
  const sender = await findSender(services, message)
  const needed = actionsOf(hooks, input)
  const denial = sender.standing && denialOfAll(sender.standing, needed)
  if (denial) return (await findOwn(services, id, isOwn)) ?? refuse(denial)

  const retryAfterSeconds = message.hasOwnLimit
    ? 0
    : await services.limits.get(messageLimit).take(messageKey(author.userId, room.channelId))
  if (retryAfterSeconds > 0) {
    return (await findOwn(services, id, isOwn)) ?? refuse(new Refusal(tooFast, 429, { retryAfterSeconds }))
  }

  const content = await withEmoji(input.content)
  const { userId, username } = author
  const refusal = await checkAttempt(hooks, { ...room, userId, username, content, input })
  if (refusal) return (await findOwn(services, id, isOwn)) ?? refuse(refusal)

  const pace = author.bot ? undefined : await findPace(services, { id: author.userId }, room.channelId)
  const write = async (changes: ChangeSet) => {
    // In a commit of several messages, one whose author's rights are read again must not be overtaken by their next.
    const storing = services.turns.take(`${author.userId} ${room.channelId} store`)
    try {
      // Checked in the commit, since a block or a change of rights may have been committed meanwhile. Returned, not thrown:
      // throwing would roll back the shared commit.
      const reading = sender.inCommit(changes.tx)
      // Without waiting where nothing is read, so that the messages of a commit are stored in step, see `appendMessage`.
      const standing = reading instanceof Promise ? await reading : reading
      // The same object was judged above: nothing has changed since.
      const denial = standing && standing !== sender.standing && denialOfAll(standing, needed)
      if (denial) return denial
      const tooSoon = pace && (await denialOfPace(changes.tx, pace, "message"))
      if (tooSoon) return tooSoon

      const bot = author.bot && (await author.bot(changes))
      const draft = { ...room, id, userId, username, content, createdAt: new Date(), bot, standing }
      if (storing.before) await storing.before
      // Not awaited: its first statement, which numbers it, is on its way, and the next message may follow.
      return createMessage(changes, hooks, { draft, input })
    } finally {
      storing.end()
    }
  }
  if (turn.before) await turn.before
  const isIndependent = pace === undefined && isPlain(message)
  const appending = services.publisher.append(room.channelId, write, { isIndependent })
  turn.end()
  const change = await appending
  if (change instanceof Refusal) return (await findOwn(services, id, isOwn)) ?? refuse(change)
  if (!change) throw new Refusal("This channel was deleted", 404)
  if (!isOwn(change.message)) throw new Refusal("Another message has this id already", 409)

  if (change.isNew) services.metrics.messages.add()
  return change.message
}

/** A retry of a stored message only missed the response, so nothing must refuse it. */
async function findOwn(
  { db }: Services,
  id: string,
  isOwn: (stored: Message) => boolean,
): Promise<Message | undefined> {
  const stored = await findMessage(db, id)
  return stored && isOwn(stored) ? stored : undefined
}

function refuse(refusal: Refusal): never {
  throw refusal
}

/** Who sends, with what they may do. */
function findSender({ senders }: Services, { room, author }: OutgoingMessage): MaybePromise<Sender> {
  const { userId: id, isBot, pair, isWebhook } = author
  return isWebhook ? webhookSender : senders.find({ id, isBot }, room.channelId, pair)
}

/** What a message needs permission for. */
function actionsOf(hooks: readonly MessageHooks[], input: MessageInput): PlaceAction[] {
  const actions: PlaceAction[] = ["send"]
  for (const hook of hooks) {
    const action = hook.requires?.(input)
    if (action) actions.push(action)
  }
  return actions
}

function denialOfAll(standing: Standing, actions: readonly PlaceAction[]): Refusal | null {
  for (const action of actions) {
    const denial = denialOf(standing, action)
    if (denial) return denial
  }
  return null
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
function isPlain({ author, input }: OutgoingMessage): boolean {
  const fields = Object.keys(input) as (keyof MessageInput)[]
  return (
    !author.bot && fields.every((name) => name === "id" || name === "content" || input[name] === undefined)
  )
}

type Edit = Pick<Message, "id" | "serverId" | "channelId" | "userId" | "username" | "content"> &
  Hooked & {
    /** The author, as they are now. */
    sender: Sender
  }

/** Replaces the text of a message. Fails: 403, 410 (deleted), and with the refusals of the hooks. */
export async function sendEdit(
  services: Services,
  { id, sender, content: input, hooks = services.messageHooks, ...place }: Edit,
): Promise<Message> {
  const { serverId, channelId, userId, username } = place
  const content = await withEmoji(input)
  const refusal = await checkAttempt(hooks, { serverId, channelId, userId, username, content })
  if (refusal) throw refusal

  const change = await services.publisher.append(channelId, async (changes) => {
    const standing = await sender.inCommit(changes.tx)
    const denial = standing && denialOf({ ...standing, isAuthor: true }, "edit")
    return denial ?? editMessage(changes, hooks, { id, content, standing })
  })
  if (change instanceof Refusal) throw change
  if (!change) throw new Refusal(messageDeleted, 410)

  return change.message
}
