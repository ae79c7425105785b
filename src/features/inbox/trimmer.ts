import { type SQL, sql } from "drizzle-orm"
import { inboxItems } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { defineLogTrimmer } from "../log-trimmer.ts"
import { keptDays } from "./contract.ts"

/** Done before a time, or about a message of before it that is deleted. The first part is what an index is searched by. */
const isOver = (before: Date): SQL => sql`at < ${before.getTime()} and (done_at < ${before.getTime()}
  or not exists (select 1 from messages y where y.id = message_id and y.deleted_at is null))`

async function hasOver(db: Db, before: Date): Promise<boolean> {
  const found = await db
    .select({ messageId: inboxItems.messageId })
    .from(inboxItems)
    .where(isOver(before))
    .limit(1)
    .all()
  return found.length > 0
}

async function deleteOver(tx: Tx, before: Date): Promise<void> {
  await tx.delete(inboxItems).where(isOver(before)).run()
}

/** Deletes items that nobody looks for any more. */
export const inboxTrimmer = defineLogTrimmer({
  name: "deleting old items of inboxes",
  days: () => keptDays,
  has: hasOver,
  remove: deleteOver,
})
