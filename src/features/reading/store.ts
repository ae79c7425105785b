import { sql } from "drizzle-orm"
import { readPositions } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"

/** Moves a reader's position forward, never back; returns where it now is. Runs inside a shared commit. */
export function advanceReadPosition(db: Db, userId: string, channelId: string, position: number): number {
  const row = db
    .insert(readPositions)
    .values({ userId, channelId, position })
    .onConflictDoUpdate({
      target: [readPositions.userId, readPositions.channelId],
      set: { position: sql`max(${readPositions.position}, excluded.position)` },
    })
    .returning({ position: readPositions.position })
    .get()
  return row.position
}
