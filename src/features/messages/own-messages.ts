import { and, eq, sql } from "drizzle-orm"
import { readPositions } from "../../../drizzle/schema.ts"
import type { Tx } from "../../db/database.ts"
import { prepareWrites } from "../../db/prepare.ts"
import type { Message } from "./contract.ts"

const userId = sql.placeholder("userId")
const channelId = sql.placeholder("channelId")
const position = sql.placeholder("position")
const ordinal = sql.placeholder("ordinal")
const before = sql.placeholder("before")

const writes = prepareWrites((tx) => ({
  first: tx
    .insert(readPositions)
    .values({ userId, channelId, position, ordinal })
    .onConflictDoUpdate({
      target: [readPositions.userId, readPositions.channelId],
      set: { position: sql`excluded.position`, ordinal: sql`excluded.ordinal` },
      setWhere: eq(readPositions.ordinal, before),
    })
    .prepare(),
  next: tx
    .update(readPositions)
    .set({ position: sql`${position}`, ordinal: sql`${ordinal}` })
    .where(
      and(
        eq(readPositions.userId, userId),
        eq(readPositions.channelId, channelId),
        eq(readPositions.ordinal, before),
      ),
    )
    .prepare(),
}))

type Added = Pick<Message, "userId" | "channelId" | "position" | "ordinal">

/**
 * An author has read their own message if they had read everything before it. Of several new messages of one channel, in
 * their order, that can only be the author of the first one, and what they sent right after it. Runs inside the commit that
 * appends them.
 */
export async function readOwnMessages(tx: Tx, added: readonly Added[]): Promise<void> {
  const [oldest] = added
  if (!oldest) return

  const { userId, channelId } = oldest
  const ofOthers = added.findIndex((message) => message.userId !== userId)
  const { position, ordinal } = added.at(ofOthers === -1 ? -1 : ofOthers - 1) ?? oldest
  const { first, next } = writes(tx)
  const read = { userId, channelId, position, ordinal, before: oldest.ordinal - 1 }
  await (read.before === 0 ? first : next).run(read)
}
