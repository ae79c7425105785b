import type { z } from "zod"
import type { Db } from "../../db/open.ts"
import type { Derived } from "../services.ts"
import type { Message, messagesChannels } from "./contract.ts"
import type { MessageExtras } from "./extras.ts"
import { appendMessage, type Change, type Draft, deleteContent, updateContent } from "./store.ts"

export type SentMessage = z.infer<typeof messagesChannels.chat.clientMessage>

/**
 * What another feature has to do with a message: quotes, files, mentions. Everything here runs inside the shared
 * commit, so it is synchronous, costs a plain message no query, and may throw a `Refusal`: then nothing is stored.
 */
export interface MessagePart {
  /** What it adds to a message about to be stored. */
  compose?(db: Db, draft: Draft, sent: SentMessage): Partial<MessageExtras> | undefined
  /** Keeps its own rows beside a message that has just got its place. */
  sent?(db: Db, message: Message, sent: SentMessage): void
  /** What changes with the text; `before` is the message as it was. */
  edited?(db: Db, before: Message, content: string, also: Also): Partial<MessageExtras> | undefined
  /** Removes what would tell what a deleted message said; `before` is the message as it was. */
  deleted?(db: Db, before: Message, also: Also): void
}

/** Takes the change of another message that comes with this one, to be announced with it. */
type Also = (change: Change | undefined) => void

/** Stores a new message with all its parts; the stored one when its id is there already. `bot` marks a program's. */
export function sendMessage(
  db: Db,
  parts: MessagePart[],
  draft: Draft & Pick<MessageExtras, "bot">,
  sent: SentMessage,
): Change | undefined {
  const { bot, ...plain } = draft
  const compose = () => combine([bot && { bot }, ...parts.map((part) => part.compose?.(db, plain, sent))])
  const change = appendMessage(db, plain, compose)
  if (change?.isNew) for (const part of parts) part.sent?.(db, change.message, sent)
  return change
}

/** Changes what a message says, and with it what its parts say. */
export function editMessage(
  db: Db,
  parts: MessagePart[],
  id: string,
  content: string,
): WideChange | undefined {
  return withOthers((also) =>
    updateContent(db, id, content, new Date(), (before) =>
      combine([before.extras ?? undefined, ...parts.map((part) => part.edited?.(db, before, content, also))]),
    ),
  )
}

/** Leaves a tombstone, and nothing of its parts. */
export function deleteMessage(db: Db, parts: MessagePart[], id: string): WideChange | undefined {
  return withOthers((also) =>
    deleteContent(db, id, new Date(), (before) => {
      for (const part of parts) part.deleted?.(db, before, also)
    }),
  )
}

/** A change that brought changes of other messages with it. */
export interface WideChange extends Change {
  /** All that is news, in the order in which it is to be announced. */
  news: Message[]
}

function withOthers(run: (also: Also) => Change | undefined): WideChange | undefined {
  const all: Change[] = []
  const also: Also = (change) => void (change && all.push(change))
  const change = run(also)
  if (!change) return undefined

  also(change)
  const news = all.filter(({ isNew }) => isNew).map(({ message }) => message)
  return { ...change, news: news.sort((a, b) => a.seq - b.seq) }
}

/** Tells everyone of changes that share a commit. In one go: what others announce must not come between. */
export async function announceAll(derived: Pick<Derived, "announce">, news: Message[]): Promise<void> {
  await Promise.all(news.map((message) => derived.announce(message)))
}

/** Later ones win; a part takes something away by saying `undefined`. */
function combine(all: (Partial<MessageExtras> | undefined)[]): MessageExtras | null {
  const given = all.filter((one) => one !== undefined)
  if (given.length === 0) return null

  const combined: MessageExtras = Object.assign({}, ...given)
  return Object.values(combined).some((value) => value !== undefined) ? combined : null
}
