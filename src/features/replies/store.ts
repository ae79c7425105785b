import { count, eq, sql } from "drizzle-orm"
import { replies } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"

const quotedId = sql.placeholder("quotedId")

const statements = prepare((db) => ({
  count: db.select({ quotes: count() }).from(replies).where(eq(replies.quotedId, quotedId)).prepare(),
  quoting: db.select({ id: replies.messageId }).from(replies).where(eq(replies.quotedId, quotedId)).prepare(),
}))

const writes = prepareWrites((tx) => ({
  insert: tx
    .insert(replies)
    .values({
      messageId: sql.placeholder("messageId"),
      quotedId,
      quotedUserId: sql.placeholder("quotedUserId"),
    })
    .prepare(),
  delete: tx
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

export async function insertReply(tx: Tx, reply: Reply): Promise<void> {
  await writes(tx).insert.run({ ...reply })
}

/** How many messages quote this one. */
export async function countQuotes(db: Db, quotedId: string): Promise<number> {
  return (await statements(db).count.get({ quotedId }))?.quotes ?? 0
}

/** The ids of the messages that quote this one. */
export async function listQuoting(db: Db, quotedId: string): Promise<string[]> {
  return (await statements(db).quoting.all({ quotedId })).map(({ id }) => id)
}

export async function deleteReply(tx: Tx, messageId: string): Promise<void> {
  await writes(tx).delete.run({ messageId })
}
