import { count, desc, eq, max, sql } from "drizzle-orm"
import { messages, pins } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { Refusal } from "../../kernel/index.ts"
import type { ChangeSet } from "../change-set.ts"
import type { Message } from "../messages/contract.ts"
import { type Change, selectMessages, updateExtras } from "../messages/store.ts"
import { maxPins } from "./contract.ts"

const statements = prepare((db) => ({
  list: selectMessages(db)
    .innerJoin(pins, eq(pins.messageId, messages.id))
    .where(eq(pins.channelId, sql.placeholder("channelId")))
    .orderBy(desc(pins.createdAt), desc(pins.messageId))
    .limit(maxPins)
    .prepare(),
}))

/** A channel's pinned messages, last pinned first. */
export async function listPins(db: Db, channelId: string): Promise<Message[]> {
  return statements(db).list.all({ channelId })
}

// These run inside a shared commit.

/** Pins a message, as the channel's next change; once. `undefined` when it was deleted. */
export async function insertPin(
  changes: ChangeSet,
  messageId: string,
  userId: string,
): Promise<Change | undefined> {
  const { tx } = changes
  return updateExtras(changes, messageId, async (extras, { channelId }) => {
    if (extras.pinned) return extras
    const inChannel = eq(pins.channelId, channelId)
    const columns = { count: count(), newestAt: max(pins.createdAt) }
    const pinned = await tx.select(columns).from(pins).where(inChannel).get()
    if ((pinned?.count ?? 0) >= maxPins) {
      throw new Refusal(`A channel has at most ${maxPins} pinned messages. Unpin one first`, 400)
    }

    // Later than the one before it, also within a millisecond, since pins are listed by this time.
    const createdAt = new Date(Math.max(Date.now(), Number(pinned?.newestAt ?? 0) + 1))
    await tx.insert(pins).values({ messageId, channelId, userId, createdAt }).run()
    return { ...extras, pinned: true }
  })
}

/** Unpins a message, as the channel's next change. `undefined` when it was deleted. */
export async function removePin(changes: ChangeSet, messageId: string): Promise<Change | undefined> {
  return updateExtras(changes, messageId, async (extras) => {
    if (!extras.pinned) return extras

    await deletePin(changes.tx, messageId)
    return { ...extras, pinned: undefined }
  })
}

export async function deletePin(tx: Tx, messageId: string): Promise<void> {
  await tx.delete(pins).where(eq(pins.messageId, messageId)).run()
}
