import { and, asc, desc, eq, gt, lt, sql } from "drizzle-orm"
import { channels, messages, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { gathered } from "../../db/gather.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import type { MaybePromise } from "../../kernel/index.ts"
import type { ChangeSet } from "../change-set.ts"
import { authorColumns, peopleNamed } from "../face-columns.ts"
import type { Message } from "./contract.ts"
import type { MessageExtras } from "./extras.ts"
import { takeNames } from "./shown-names.ts"

/** What a message has in common with no other, in a statement over messages and channels. */
export const ownColumns = {
  id: messages.id,
  userId: messages.userId,
  content: messages.content,
  createdAt: messages.createdAt,
  editedAt: messages.editedAt,
  deletedAt: messages.deletedAt,
  position: messages.position,
  ordinal: messages.ordinal,
  seq: messages.seq,
  extras: messages.extras,
  names: peopleNamed,
}

const { id: messageId, userId, ...content } = ownColumns

/** The columns of a `Message`, in a statement over messages, users and channels. JSON has them in this order. */
export const messageColumns = {
  id: messageId,
  serverId: channels.serverId,
  channelId: messages.channelId,
  userId,
  username: users.username,
  ...authorColumns,
  ...content,
}

const channelId = sql.placeholder("channelId")
const cursor = sql.placeholder("cursor")
const limit = sql.placeholder("limit")
const id = sql.placeholder("id")

/** Selects messages with their authors and channels; lists such as pins join their own table. */
export function selectMessages(db: Db) {
  return db
    .select(messageColumns)
    .from(messages)
    .innerJoin(users, eq(users.id, messages.userId))
    .innerJoin(channels, eq(channels.id, messages.channelId))
}

const statements = prepare((db) => {
  const select = () => selectMessages(db)
  const inChannel = eq(messages.channelId, channelId)

  return {
    find: select().where(eq(messages.id, id)).prepare(),
    before: select()
      .where(and(inChannel, lt(messages.position, cursor)))
      .orderBy(desc(messages.position))
      .limit(limit)
      .prepare(),
    after: select()
      .where(and(inChannel, gt(messages.position, cursor)))
      .orderBy(asc(messages.position))
      .limit(limit)
      .prepare(),
    changes: select()
      .where(and(inChannel, gt(messages.seq, cursor)))
      .orderBy(asc(messages.seq))
      .limit(limit)
      .prepare(),
    position: db
      .select({ position: messages.position })
      .from(messages)
      .where(and(eq(messages.id, id), inChannel))
      .prepare(),
    next: db
      .select({ id: messages.id, position: messages.position, createdAt: messages.createdAt })
      .from(messages)
      .where(and(inChannel, gt(messages.position, cursor)))
      .orderBy(asc(messages.position))
      .limit(1)
      .prepare(),
    heads: db
      .select({ id: channels.id, seq: channels.seq })
      .from(channels)
      .where(sql`${channels.id} in ${textsIn(db, sql.placeholder("channelIds"))}`)
      .prepare(),
  }
})

const headsOf = gathered(
  (db, channelIds) => statements(db).heads.all({ channelIds: JSON.stringify(channelIds) }),
  ({ id }) => id,
)

const writes = prepareWrites((tx) => ({
  nextSeq: tx
    .update(channels)
    .set({ seq: sql`${channels.seq} + 1` })
    .where(eq(channels.id, channelId))
    .returning({ seq: channels.seq })
    .prepare(),
}))

export async function findMessage(db: Db, id: string): Promise<Message | undefined> {
  return statements(db).find.get({ id })
}

/** The position of a message; `undefined` when it is not in that channel. */
export async function findPosition(db: Db, channelId: string, id: string): Promise<number | undefined> {
  return (await statements(db).position.get({ channelId, id }))?.position
}

/**
 * The id of a channel's first message at or after a time. Messages are in the order of time, so a binary search finds
 * it: an index by time would make every insert slower.
 */
export async function findFirstSince(db: Db, channelId: string, at: Date): Promise<string | undefined> {
  const { next } = statements(db)
  let candidateId: string | undefined
  let low = 0
  let high = await findHead(db, channelId)
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const message = await next.get({ channelId, cursor: middle })
    if (message && message.createdAt < at) {
      low = message.position
      continue
    }
    candidateId = message?.id ?? candidateId
    high = middle
  }
  return candidateId
}

/** The `seq` of a channel's last change; 0 for an empty or unknown channel. */
export async function findHead(db: Db, channelId: string): Promise<number> {
  return (await headsOf(db, channelId))[0]?.seq ?? 0
}

/** The number of messages after a position, deleted ones included. */
export async function countAfter(db: Db, channelId: string, position: number): Promise<number> {
  return db.$count(messages, and(eq(messages.channelId, channelId), gt(messages.position, position)))
}

/** The newest messages, oldest first. */
export async function listTail(db: Db, channelId: string, limit: number): Promise<Message[]> {
  return listBefore(db, channelId, Number.MAX_SAFE_INTEGER, limit)
}

/** The messages immediately before a position, oldest first. */
export async function listBefore(
  db: Db,
  channelId: string,
  position: number,
  limit: number,
): Promise<Message[]> {
  return (await statements(db).before.all({ channelId, cursor: position, limit })).reverse()
}

/** The messages immediately after a position, oldest first. */
export async function listAfter(
  db: Db,
  channelId: string,
  position: number,
  limit: number,
): Promise<Message[]> {
  return statements(db).after.all({ channelId, cursor: position, limit })
}

/** The messages changed after `seq`, each once with its current state, in the order of last change. */
export async function listChanges(db: Db, channelId: string, seq: number, limit: number): Promise<Message[]> {
  return statements(db).changes.all({ channelId, cursor: seq, limit })
}

/** The result of a write to the log. */
export interface Change {
  message: Message
  /** `false` when the write changed nothing: the message is as it was before. */
  isNew: boolean
}

// The functions below run inside a shared commit and collect their changes, which are announced after it.

/** A message's new text, and the extras that depend on it. */
export interface Revision {
  content: string
  editedAt: Date
  compose?(before: Message): MaybePromise<MessageExtras | null>
}

/**
 * Replaces a message's text, as the channel's next change; the same text is no change. `undefined` when the message
 * was deleted. Reads the message inside the commit, like all writes here: another commit may have deleted it.
 */
export async function updateContent(
  changes: ChangeSet,
  id: string,
  revision: Revision,
): Promise<Change | undefined> {
  const { content, editedAt, compose = ({ extras }) => extras } = revision
  const message = await statements(changes.tx).find.get({ id })
  if (!message || message.deletedAt) return undefined
  if (message.content === content) return { message, isNew: false }

  return change(changes, { ...message, content, editedAt, extras: await compose(message) })
}

/**
 * Turns a message into a tombstone without text, as the channel's next change; a repeated call changes nothing.
 * `compose` returns the extras that the tombstone retains. `undefined` when there is no such message.
 */
export async function deleteContent(
  changes: ChangeSet,
  id: string,
  deletedAt: Date,
  compose: (before: Message) => MaybePromise<MessageExtras | null> = () => null,
): Promise<Change | undefined> {
  const message = await statements(changes.tx).find.get({ id })
  if (!message) return undefined
  if (message.deletedAt) return { message, isNew: false }

  return change(changes, { ...message, content: "", extras: await compose(message), deletedAt })
}

/**
 * Turns a tombstone back into the message it was, as the channel's next change. `undefined` when it is not the tombstone
 * of that deletion. What happened to its thread meanwhile stays.
 */
export async function restoreContent(
  changes: ChangeSet,
  id: string,
  { content, extras, deletedAt }: Pick<Message, "content" | "extras" | "deletedAt">,
): Promise<Change | undefined> {
  const tombstone = await statements(changes.tx).find.get({ id })
  if (!tombstone?.deletedAt || tombstone.deletedAt.getTime() !== deletedAt?.getTime()) return undefined

  const { thread } = tombstone.extras ?? {}
  const merged = thread ? { ...extras, thread } : extras
  return change(changes, { ...tombstone, content, extras: merged, deletedAt: null })
}

/**
 * Changes the extras of a message, such as its reactions, as the channel's next change. `edit` takes the extras and
 * returns the new ones, or the same object for no change. `undefined` when there is no such message or, unless
 * `deletedToo`, when it was deleted.
 */
export async function updateExtras(
  changes: ChangeSet,
  id: string,
  edit: (extras: MessageExtras, message: Message) => MaybePromise<MessageExtras>,
  { deletedToo = false } = {},
): Promise<Change | undefined> {
  const message = await statements(changes.tx).find.get({ id })
  if (!message || (message.deletedAt && !deletedToo)) return undefined

  const before = message.extras ?? {}
  const after = await edit(before, message)
  if (after === before) return { message, isNew: false }

  const isEmpty = Object.values(after).every((value) => value === undefined)
  return change(changes, { ...message, extras: isEmpty ? null : after })
}

async function change(changes: ChangeSet, changed: Message): Promise<Change | undefined> {
  const { tx } = changes
  const next = await writes(tx).nextSeq.get({ channelId: changed.channelId })
  if (!next) return undefined

  const { content, editedAt, deletedAt } = changed
  const { extras, names } = takeNames(changed.extras, changed.names)
  await tx
    .update(messages)
    .set({ content, editedAt, deletedAt, extras, seq: next.seq })
    .where(eq(messages.id, changed.id))
    .run()
  const message = { ...changed, extras, names, seq: next.seq }
  changes.collect(message)
  return { message, isNew: true }
}
