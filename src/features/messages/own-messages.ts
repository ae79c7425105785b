import { type SQL, type SQLWrapper, sql } from "drizzle-orm"
import { readPositions } from "../../../drizzle/schema.ts"
import type { Tx } from "../../db/database.ts"
import { elementsOf } from "../../db/dialect.ts"
import { prepareWrites } from "../../db/prepare.ts"
import { readCountOf } from "../read-count.ts"
import type { Message } from "./contract.ts"

const number = (name: string) => sql`cast(${sql.placeholder(name)} as bigint)`
const valueAt = (index: number) => sql`cast(value ->> ${sql.raw(String(index))} as bigint)`

const hadReadAll = sql`${readPositions.userId} = cast(${sql.placeholder("firstAuthor")} as text)
  and ${readCountOf(readPositions)} = ${number("before")}`
const ifReadAll = (read: SQL, otherwise: SQLWrapper) =>
  sql`case when ${hadReadAll} then ${read} else ${otherwise} end`

const writes = prepareWrites((tx) => ({
  count: tx
    .insert(readPositions)
    .select(sql`
      select value ->> 0, cast(${sql.placeholder("channelId")} as text), ${valueAt(1)}, ${valueAt(2)}, ${valueAt(3)},
        cast(null as bigint), cast(null as bigint), cast(null as bigint)
      from ${elementsOf(tx, sql.placeholder("authors"))} where true`)
    .onConflictDoUpdate({
      target: [readPositions.userId, readPositions.channelId],
      set: {
        position: ifReadAll(number("position"), readPositions.position),
        ordinal: ifReadAll(number("ordinal"), readPositions.ordinal),
        countedAsRead: ifReadAll(
          number("read"),
          sql`${readCountOf(readPositions)} + excluded.counted_as_read`,
        ),
      },
    })
    .prepare(),
}))

type Added = Pick<Message, "userId" | "channelId" | "position" | "ordinal">

/**
 * Counts new messages of one channel, in their order, as read by their authors. An author who had read everything before has
 * read up to their own message: that can only be the author of the first one, with what they sent right after it. Runs
 * inside the commit that appends them.
 */
export async function readOwnMessages(tx: Tx, added: readonly Added[]): Promise<void> {
  const [oldest] = added
  if (!oldest) return

  const { userId: firstAuthor, channelId, ordinal: first } = oldest
  const ofOthers = added.findIndex((message) => message.userId !== firstAuthor)
  const { position, ordinal } = added.at(ofOthers === -1 ? -1 : ofOthers - 1) ?? oldest
  const before = first - 1
  const byAuthor = Map.groupBy(added, ({ userId }) => userId)
  const counted = before + (byAuthor.get(firstAuthor)?.length ?? 0)
  // Not stored where the ordinal says it: a node of the version before moves a position back without clearing the count.
  const read = counted > ordinal ? counted : 0
  const authors = byAuthor.entries().map(([userId, { length }]) => {
    // Nobody has a place in an empty channel: the first author gets theirs here.
    return userId === firstAuthor && before === 0 ? [userId, position, ordinal, read] : [userId, 0, 0, length]
  })
  await writes(tx).count.run({
    ...{ authors: JSON.stringify([...authors]), channelId, firstAuthor, before, position, ordinal, read },
  })
}
