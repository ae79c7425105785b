import { and, eq, sql } from "drizzle-orm"
import { readPositions } from "../../../drizzle/schema.ts"
import type { Tx } from "../../db/database.ts"
import { prepareWrites } from "../../db/prepare.ts"
import type { Message } from "./contract.ts"

const userId = sql.placeholder("userId")
const channelId = sql.placeholder("channelId")
const position = sql.placeholder("position")
const ordinal = sql.placeholder("ordinal")

const writes = prepareWrites((tx) => ({
  first: tx
    .insert(readPositions)
    .values({ userId, channelId, position, ordinal })
    .onConflictDoUpdate({
      target: [readPositions.userId, readPositions.channelId],
      set: { position: sql`excluded.position`, ordinal: sql`excluded.ordinal` },
      setWhere: sql`${readPositions.ordinal} = excluded.ordinal - 1`,
    })
    .prepare(),
  next: tx
    .update(readPositions)
    .set({ position: sql`${position}`, ordinal: sql`${ordinal}` })
    .where(
      and(
        eq(readPositions.userId, userId),
        eq(readPositions.channelId, channelId),
        eq(readPositions.ordinal, sql.placeholder("before")),
      ),
    )
    .prepare(),
}))

/** An author has read their own message if they had read everything before it. Runs inside the commit that appends it. */
export async function readOwnMessage(
  tx: Tx,
  { userId, channelId, position, ordinal }: Pick<Message, "userId" | "channelId" | "position" | "ordinal">,
): Promise<void> {
  const { first, next } = writes(tx)
  if (ordinal === 1) await first.run({ userId, channelId, position, ordinal })
  else await next.run({ userId, channelId, position, ordinal, before: ordinal - 1 })
}
