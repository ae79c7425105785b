import { and, asc, desc, eq, gt, lt, notExists, sql } from "drizzle-orm"
import { channels, messages, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import type { ChangeSet } from "../change-set.ts"
import type { Message } from "./contract.ts"
import type { MessageExtras } from "./extras.ts"

/** A message as its readers get it; in a statement over messages, users and channels. */
export const messageColumns = {
  id: messages.id,
  serverId: channels.serverId,
  channelId: messages.channelId,
  userId: messages.userId,
  username: users.username,
  content: messages.content,
  createdAt: messages.createdAt,
  editedAt: messages.editedAt,
  deletedAt: messages.deletedAt,
  position: messages.position,
  ordinal: messages.ordinal,
  seq: messages.seq,
  extras: messages.extras,
}

const channelId = sql.placeholder("channelId")
const cursor = sql.placeholder("cursor")
const limit = sql.placeholder("limit")
const id = sql.placeholder("id")

/** Messages with whose they are and where; other lists of them join what they are about. */
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
    head: db.select({ seq: channels.seq }).from(channels).where(eq(channels.id, channelId)).prepare(),
    nextSeq: db
      .update(channels)
      .set({ seq: sql`${channels.seq} + 1` })
      .where(eq(channels.id, channelId))
      .returning({ seq: channels.seq })
      .prepare(),
    nextMessage: db
      .update(channels)
      .set({ seq: sql`${channels.seq} + 1`, messageCount: sql`${channels.messageCount} + 1` })
      .where(
        and(
          eq(channels.id, channelId),
          notExists(db.select({ one: sql`1` }).from(messages).where(eq(messages.id, id))),
        ),
      )
      .returning({ seq: channels.seq, ordinal: channels.messageCount })
      .prepare(),
    insert: db
      .insert(messages)
      .values({
        id,
        channelId,
        userId: sql.placeholder("userId"),
        content: sql.placeholder("content"),
        createdAt: sql.placeholder("createdAt"),
        position: sql.placeholder("seq"),
        seq: sql.placeholder("seq"),
        ordinal: sql.placeholder("ordinal"),
        extras: sql.placeholder("extras"),
      })
      .prepare(),
  }
})

export async function findMessage(db: Db, id: string): Promise<Message | undefined> {
  return statements(db).find.get({ id })
}

/** The same inside a shared commit. */
export function readMessage(db: Db, id: string): Message | undefined {
  return statements(db).find.get({ id })
}

/** Where a message of that channel stands; `undefined` when it is not there. */
export async function findPosition(db: Db, channelId: string, id: string): Promise<number | undefined> {
  return statements(db).position.get({ channelId, id })?.position
}

/**
 * The first message of a channel at a time or after it. Messages stand in the order of time, so it is sought by
 * halves: an index by time would cost every message sent something.
 */
export async function findFirstSince(db: Db, channelId: string, at: Date): Promise<string | undefined> {
  const { next } = statements(db)
  let found: string | undefined
  let low = 0
  let high = await findHead(db, channelId)
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const message = next.get({ channelId, cursor: middle })
    if (message && message.createdAt < at) {
      low = message.position
      continue
    }
    found = message?.id ?? found
    high = middle
  }
  return found
}

/** The number of a channel's last change; 0 for an empty or unknown one. */
export async function findHead(db: Db, channelId: string): Promise<number> {
  return statements(db).head.get({ channelId })?.seq ?? 0
}

/** How many messages stand after a position, deleted ones too. */
export async function countAfter(db: Db, channelId: string, position: number): Promise<number> {
  return db.$count(messages, and(eq(messages.channelId, channelId), gt(messages.position, position)))
}

/** The newest messages, oldest first. */
export async function listTail(db: Db, channelId: string, limit: number): Promise<Message[]> {
  return listBefore(db, channelId, Number.MAX_SAFE_INTEGER, limit)
}

/** The messages next before a position, oldest first. */
export async function listBefore(
  db: Db,
  channelId: string,
  position: number,
  limit: number,
): Promise<Message[]> {
  return statements(db).before.all({ channelId, cursor: position, limit }).reverse()
}

/** The messages next after a position, oldest first. */
export async function listAfter(
  db: Db,
  channelId: string,
  position: number,
  limit: number,
): Promise<Message[]> {
  return statements(db).after.all({ channelId, cursor: position, limit })
}

/** What changed since `seq`: each changed message once, as it is now, in the order of last change. */
export async function listChanges(db: Db, channelId: string, seq: number, limit: number): Promise<Message[]> {
  return statements(db).changes.all({ channelId, cursor: seq, limit })
}

export type Draft = Pick<
  Message,
  "id" | "serverId" | "channelId" | "userId" | "username" | "content" | "createdAt"
>

/** A message after a write, and whether the write changed it. */
export interface Change {
  message: Message
  isNew: boolean
}

// These run inside a shared commit and collect what they changed, to be announced after it.

/**
 * Appends to the channel's log and returns the message, or the stored one when that id exists already. `undefined`
 * when the channel is gone. `compose` makes the extras of a message that is new.
 */
export function appendMessage(
  changes: ChangeSet,
  draft: Draft,
  compose: () => MessageExtras | null = () => null,
): Change | undefined {
  const { find, insert, nextMessage } = statements(changes.tx)
  const next = nextMessage.get({ channelId: draft.channelId, id: draft.id })
  if (!next) {
    const stored = find.get({ id: draft.id })
    return stored && { message: stored, isNew: false }
  }

  const { seq, ordinal } = next
  const extras = compose()
  insert.run({ ...draft, seq, ordinal, extras })
  const message = { ...draft, extras, editedAt: null, deletedAt: null, position: seq, ordinal, seq }
  changes.collect(message)
  return { message, isNew: true }
}

/** A message's new text, and the extras that follow from it. */
export interface Revision {
  content: string
  editedAt: Date
  compose?(before: Message): MessageExtras | null
}

/**
 * Replaces a message's text, as the channel's next change; the same text is no change. `undefined` when the message
 * is gone. Like all writes here it reads again inside the commit: a deletion may have come between.
 */
export function updateContent(changes: ChangeSet, id: string, revision: Revision): Change | undefined {
  const { content, editedAt, compose = ({ extras }) => extras } = revision
  const message = statements(changes.tx).find.get({ id })
  if (!message || message.deletedAt) return undefined
  if (message.content === content) return { message, isNew: false }

  return change(changes, { ...message, content, editedAt, extras: compose(message) })
}

/**
 * Leaves a tombstone without a text, as the channel's next change; once. `compose` makes the extras that the
 * tombstone keeps. `undefined` when the message is gone.
 */
export function deleteContent(
  changes: ChangeSet,
  id: string,
  deletedAt: Date,
  compose: (before: Message) => MessageExtras | null = () => null,
): Change | undefined {
  const message = statements(changes.tx).find.get({ id })
  if (!message) return undefined
  if (message.deletedAt) return { message, isNew: false }

  return change(changes, { ...message, content: "", extras: compose(message), deletedAt })
}

/**
 * Changes what is shown with a message's text, as the channel's next change: reactions, a pin, a preview. `edit`
 * takes the extras and returns the new ones, or the same object for no change. `undefined` when the message is gone
 * or, unless `deletedToo`, deleted.
 */
export function updateExtras(
  changes: ChangeSet,
  id: string,
  edit: (extras: MessageExtras, message: Message) => MessageExtras,
  { deletedToo = false } = {},
): Change | undefined {
  const message = statements(changes.tx).find.get({ id })
  if (!message || (message.deletedAt && !deletedToo)) return undefined

  const before = message.extras ?? {}
  const after = edit(before, message)
  if (after === before) return { message, isNew: false }

  const isEmpty = Object.values(after).every((value) => value === undefined)
  return change(changes, { ...message, extras: isEmpty ? null : after })
}

function change(changes: ChangeSet, changed: Message): Change | undefined {
  const { tx } = changes
  const next = statements(tx).nextSeq.get({ channelId: changed.channelId })
  if (!next) return undefined

  const { content, editedAt, deletedAt, extras } = changed
  tx.update(messages)
    .set({ content, editedAt, deletedAt, extras, seq: next.seq })
    .where(eq(messages.id, changed.id))
    .run()
  const message = { ...changed, seq: next.seq }
  changes.collect(message)
  return { message, isNew: true }
}
