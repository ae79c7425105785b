import { and, asc, eq, sql } from "drizzle-orm"
import { messageVersions } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import { type MessageVersion, maxVersions } from "./contract.ts"

const ofMessage = eq(messageVersions.messageId, sql.placeholder("messageId"))

const statements = prepare((db) => ({
  list: db
    .select({ content: messageVersions.content, writtenAt: messageVersions.writtenAt })
    .from(messageVersions)
    .where(ofMessage)
    .orderBy(asc(messageVersions.seq))
    .prepare(),
  // To delete the second oldest of too many: the first version is retained.
  superfluous: db
    .select({ seq: messageVersions.seq })
    .from(messageVersions)
    .where(ofMessage)
    .orderBy(asc(messageVersions.seq))
    .limit(maxVersions)
    .prepare(),
}))

const writes = prepareWrites((tx) => ({
  insert: tx
    .insert(messageVersions)
    .values({
      messageId: sql.placeholder("messageId"),
      seq: sql.placeholder("seq"),
      content: sql.placeholder("content"),
      writtenAt: sql.placeholder("writtenAt"),
    })
    .prepare(),
  delete: tx.delete(messageVersions).where(ofMessage).prepare(),
}))

/** The earlier texts of a message, oldest first. */
export async function listVersions(db: Db, messageId: string): Promise<MessageVersion[]> {
  return statements(db).list.all({ messageId })
}

interface Version extends MessageVersion {
  messageId: string
  seq: number
}

// These run inside a shared commit.

/** Stores the previous text of a message; above `maxVersions` deletes the second oldest. */
export async function insertVersion(tx: Tx, version: Version): Promise<void> {
  const { messageId } = version
  const kept = await statements(tx).superfluous.all({ messageId })
  const oldest = kept.length < maxVersions ? undefined : kept[1]
  if (oldest) {
    await tx
      .delete(messageVersions)
      .where(and(eq(messageVersions.messageId, messageId), eq(messageVersions.seq, oldest.seq)))
      .run()
  }
  await writes(tx).insert.run({ ...version })
}

export async function deleteVersions(tx: Tx, messageId: string): Promise<void> {
  await writes(tx).delete.run({ messageId })
}
