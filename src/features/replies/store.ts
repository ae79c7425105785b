import { count, eq, sql } from "drizzle-orm"
import { replies } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"

const quotedId = sql.placeholder("quotedId")

const statements = prepare((db) => ({
  insert: db
    .insert(replies)
    .values({
      messageId: sql.placeholder("messageId"),
      quotedId,
      quotedUserId: sql.placeholder("quotedUserId"),
    })
    .prepare(),
  count: db.select({ quotes: count() }).from(replies).where(eq(replies.quotedId, quotedId)).prepare(),
  quoting: db.select({ id: replies.messageId }).from(replies).where(eq(replies.quotedId, quotedId)).prepare(),
  delete: db
    .delete(replies)
    .where(eq(replies.messageId, sql.placeholder("messageId")))
    .prepare(),
}))

interface Reply {
  messageId: string
  quotedId: string
  quotedUserId: string
}

// All of these run inside a shared commit.

export function insertReply(db: Db, reply: Reply): void {
  statements(db).insert.run({ ...reply })
}

/** How many messages quote this one. */
export function countQuotes(db: Db, quotedId: string): number {
  return statements(db).count.get({ quotedId })?.quotes ?? 0
}

/** The ids of the messages that quote this one. */
export function listQuoting(db: Db, quotedId: string): string[] {
  return statements(db)
    .quoting.all({ quotedId })
    .map(({ id }) => id)
}

export function deleteReply(db: Db, messageId: string): void {
  statements(db).delete.run({ messageId })
}
