import { and, desc, eq, sql } from "drizzle-orm"
import { channels, messages, savedMessages, servers, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { messageColumns } from "../messages/store.ts"
import { readableBy } from "../permissions/scope.ts"
import type { SavedMessage } from "./contract.ts"

const userId = sql.placeholder("userId")
const messageId = sql.placeholder("messageId")

const statements = prepare((db) => ({
  find: db
    .select({ savedAt: savedMessages.createdAt })
    .from(savedMessages)
    .where(and(eq(savedMessages.userId, userId), eq(savedMessages.messageId, messageId)))
    .prepare(),
  list: db
    .select({
      message: messageColumns,
      serverName: servers.name,
      channelName: channels.name,
      savedAt: savedMessages.createdAt,
    })
    .from(savedMessages)
    .innerJoin(messages, eq(messages.id, savedMessages.messageId))
    .innerJoin(users, eq(users.id, messages.userId))
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .where(
      and(
        eq(savedMessages.userId, userId),
        readableBy(userId),
        sql`(${savedMessages.createdAt}, ${savedMessages.messageId}) < (${sql.placeholder("beforeAt")}, ${sql.placeholder("beforeId")})`,
      ),
    )
    .orderBy(desc(savedMessages.createdAt), desc(savedMessages.messageId))
    .limit(sql.placeholder("limit"))
    .prepare(),
}))

interface Place {
  savedAt: Date
  messageId: string
}

/** The time when a user saved a message; `undefined` when they did not. */
export async function findSaved(db: Db, userId: string, messageId: string): Promise<Date | undefined> {
  return (await statements(db).find.get({ userId, messageId }))?.savedAt
}

/** A user's saved messages that they may still read, last saved first. */
export async function listSaved(
  db: Db,
  userId: string,
  { before, limit }: { before?: Place; limit: number },
): Promise<SavedMessage[]> {
  const beforeAt = before?.savedAt.getTime() ?? Number.MAX_SAFE_INTEGER
  return statements(db).list.all({ userId, beforeAt, beforeId: before?.messageId ?? "", limit })
}

// These run inside a shared commit.

export async function countSaved(db: Db, userId: string): Promise<number> {
  const row = await db
    .select({ saved: sql<number>`count(*)` })
    .from(savedMessages)
    .where(eq(savedMessages.userId, userId))
    .get()
  return row?.saved ?? 0
}

export async function insertSaved(tx: Tx, userId: string, messageId: string): Promise<void> {
  await tx.insert(savedMessages).values({ userId, messageId }).onConflictDoNothing().run()
}

export async function deleteSaved(tx: Tx, userId: string, messageId: string): Promise<void> {
  await tx
    .delete(savedMessages)
    .where(and(eq(savedMessages.userId, userId), eq(savedMessages.messageId, messageId)))
    .run()
}

/** Deletes a message from all users' saved messages. */
export async function deleteAllSaved(tx: Tx, messageId: string): Promise<void> {
  await tx.delete(savedMessages).where(eq(savedMessages.messageId, messageId)).run()
}
