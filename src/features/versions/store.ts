import { and, asc, eq, sql } from "drizzle-orm"
import { messageVersions } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"
import { type MessageVersion, maxVersions } from "./contract.ts"

const ofMessage = eq(messageVersions.messageId, sql.placeholder("messageId"))

const statements = prepare((db) => ({
  insert: db
    .insert(messageVersions)
    .values({
      messageId: sql.placeholder("messageId"),
      seq: sql.placeholder("seq"),
      content: sql.placeholder("content"),
      writtenAt: sql.placeholder("writtenAt"),
    })
    .prepare(),
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
  delete: db.delete(messageVersions).where(ofMessage).prepare(),
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
export function insertVersion(db: Db, version: Version): void {
  const { insert, superfluous } = statements(db)
  const { messageId } = version
  const kept = superfluous.all({ messageId })
  const oldest = kept.length < maxVersions ? undefined : kept[1]
  if (oldest) {
    db.delete(messageVersions)
      .where(and(eq(messageVersions.messageId, messageId), eq(messageVersions.seq, oldest.seq)))
      .run()
  }
  insert.run({ ...version })
}

export function deleteVersions(db: Db, messageId: string): void {
  statements(db).delete.run({ messageId })
}
