import { and, asc, eq, getTableColumns, inArray, isNull } from "drizzle-orm"
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core"
import {
  files,
  linkPreviews,
  mentions,
  messages,
  messageVersions,
  pins,
  polls,
  pollVotes,
  reactions,
  replies,
  roles,
  savedMessages,
  users,
} from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import type { ChangeSet } from "../change-set.ts"
import type { Message } from "../messages/contract.ts"
import type { MessageExtras } from "../messages/extras.ts"
import type { MessageHooks } from "../messages/hooks.ts"
import { restoreContent, selectMessages } from "../messages/store.ts"
import { deleteMessage } from "../messages/write.ts"
import { updateQuotesOf } from "../replies/quotes.ts"
import { nameless, threadNameOf } from "../threads/names.ts"
import { renameThread } from "../threads/store.ts"

type OfMessages = SQLiteTable & { messageId: SQLiteColumn }

/** The rows that features delete with a message. */
const tables: Record<string, OfMessages> = {
  messageVersions,
  replies,
  mentions,
  reactions,
  polls,
  pollVotes,
  pins,
  savedMessages,
  files,
  linkPreviews,
}

type Row = Record<string, unknown>

interface KeptMessage {
  id: string
  content: string
  extras: MessageExtras | null
  /** When it was deleted, in milliseconds since 1970: restoring is for this deletion and no later one. */
  deletedAt: number
}

/** What it takes to restore messages of one channel, as JSON. */
export interface KeptMessages {
  channelId: string
  messages: KeptMessage[]
  rows: Record<string, Row[]>
}

interface Deletion {
  hooks: readonly MessageHooks[]
  channelId: string
  ids: string[]
}

/**
 * Deletes messages of one channel as if each was deleted for good, and returns what it takes to restore them. Messages
 * that are not there, or deleted already, are left out. The bytes of their files stay; `bytesOf` names them.
 */
export async function deleteKept(
  changes: ChangeSet,
  { hooks, channelId, ids }: Deletion,
): Promise<KeptMessages> {
  const { tx } = changes
  const before: Message[] = await selectMessages(tx)
    .where(and(inArray(messages.id, ids), eq(messages.channelId, channelId), isNull(messages.deletedAt)))
    .orderBy(asc(messages.position))
    .all()
  const rows = await keepRows(
    tx,
    before.map(({ id }) => id),
  )
  changes.keepBytes()
  const kept: KeptMessage[] = []
  for (const { id, content, extras } of before) {
    const deleted = await deleteMessage(changes, hooks, id)
    const at = deleted?.message.deletedAt
    if (at) kept.push({ id, content, extras, deletedAt: at.getTime() })
  }
  return { channelId, messages: kept, rows }
}

/** Restores messages as the next changes of their channel. Returns how many. */
export async function restoreKept(changes: ChangeSet, kept: KeptMessages): Promise<number> {
  const { tx } = changes
  const restored: Message[] = []
  for (const { id, deletedAt, ...before } of kept.messages) {
    const change = await restoreContent(changes, id, { ...before, deletedAt: new Date(deletedAt) })
    if (change) restored.push(change.message)
  }
  await restoreRows(tx, kept.rows, new Set(restored.map(({ id }) => id)))
  for (const message of restored) {
    // Replies that were not deleted quote it again.
    await updateQuotesOf(changes, message)
    const { thread } = message.extras ?? {}
    if (thread) await renameThread(tx, thread.channelId, nameless, threadNameOf(message))
  }
  return restored.length
}

/** The storage keys of files and of pictures in previews whose messages were deleted. */
export function bytesOf({ rows }: KeptMessages): { files: string[]; pictures: string[] } {
  const textsOf = (list: Row[] = [], field: string) =>
    list.flatMap((row) => (typeof row[field] === "string" ? [row[field]] : []))
  return { files: textsOf(rows.files, "key"), pictures: textsOf(rows.linkPreviews, "imageKey") }
}

async function keepRows(db: Db, ids: string[]): Promise<Record<string, Row[]>> {
  const rows: Record<string, Row[]> = {}
  if (ids.length === 0) return rows

  for (const [name, table] of Object.entries(tables)) {
    const found = await db.select().from(table).where(inArray(table.messageId, ids)).all()
    if (found.length > 0) rows[name] = found
  }
  return rows
}

/** Columns that refer to users. */
const userColumns = ["userId", "quotedUserId"]

async function restoreRows(tx: Tx, rows: Record<string, Row[]>, ids: ReadonlySet<string>): Promise<void> {
  const present = await findMentionable(tx, Object.values(rows).flat())
  for (const [name, table] of Object.entries(tables)) {
    const list = (rows[name] ?? []).filter(
      (row) => ids.has(String(row.messageId)) && userColumns.every((column) => isPresent(row[column])),
    )
    if (list.length > 0)
      await tx
        .insert(table)
        .values(list.map(revived(table)))
        .onConflictDoNothing()
        .run()
  }

  /** `everyone` is no row of a table. */
  function isPresent(id: unknown): boolean {
    return id === undefined || id === "everyone" || present.has(String(id))
  }
}

/** Which of the users that rows refer to are still there, and of the roles that mentions do. */
async function findMentionable(db: Db, rows: Row[]): Promise<Set<string>> {
  const ids = new Set(rows.flatMap((row) => userColumns.flatMap((column) => row[column] ?? []).map(String)))
  if (ids.size === 0) return ids

  const found = await db
    .select({ id: users.id })
    .from(users)
    .where(inArray(users.id, [...ids]))
    .all()
  const foundRoles = await db
    .select({ id: roles.id })
    .from(roles)
    .where(inArray(roles.id, [...ids]))
    .all()
  return new Set([...found, ...foundRoles].map(({ id }) => id))
}

/** Makes times of their texts in JSON. */
function revived(table: SQLiteTable): (row: Row) => Row {
  const times = Object.entries(getTableColumns(table)).flatMap(([name, column]) =>
    column.dataType === "date" ? [name] : [],
  )
  return (row) => ({
    ...row,
    ...Object.fromEntries(
      times.map((name) => [name, row[name] == null ? null : new Date(String(row[name]))]),
    ),
  })
}
