import { and, asc, eq, gte, isNull, lt, sql } from "drizzle-orm"
import { channels, messages } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import type { Message } from "./contract.ts"
import { selectMessages } from "./store.ts"

// Reads whole logs in parts: for background work on messages that no index finds. Messages have no index by author or time,
// which would make every insert slower.

/** Numbers of a log that one statement looks at. */
const windowSize = 5000
/** Channels that one statement returns. */
const pageSize = 500

const channelId = sql.placeholder("channelId")
const low = sql.placeholder("low")

const statements = prepare((db) => ({
  next: db
    .select({ position: messages.position, createdAt: messages.createdAt })
    .from(messages)
    .where(and(eq(messages.channelId, channelId), gte(messages.position, low)))
    .orderBy(asc(messages.position))
    .limit(1)
    .prepare(),
  authored: selectMessages(db)
    .where(
      and(
        eq(messages.channelId, channelId),
        gte(messages.position, low),
        lt(messages.position, sql.placeholder("high")),
        eq(messages.userId, sql.placeholder("userId")),
        isNull(messages.deletedAt),
      ),
    )
    .orderBy(asc(messages.position))
    .prepare(),
  channels: db
    .select({ id: channels.id })
    .from(channels)
    .where(sql`${channels.id} > ${sql.placeholder("after")} and ${channels.messageCount} > 0`)
    .orderBy(asc(channels.id))
    .limit(pageSize)
    .prepare(),
}))

/** Positions of a log, without `high`. */
export interface LogWindow {
  low: number
  high: number
  /** When its first message was written. */
  firstAt: Date
}

/** The parts of a log that have messages, oldest first. Lets other work in between. */
export async function* logWindows(db: Db, channelId: string): AsyncGenerator<LogWindow> {
  let low = 0
  for (;;) {
    const first = await statements(db).next.get({ channelId, low })
    if (!first) return

    const high = first.position + windowSize
    yield { low: first.position, high, firstAt: first.createdAt }
    low = high
    await Bun.sleep(0)
  }
}

/** The ids of all channels, threads and conversations with messages. */
export async function* allLogs(db: Db): AsyncGenerator<string> {
  let after = ""
  for (;;) {
    const page = await statements(db).channels.all({ after })
    yield* page.map(({ id }) => id)
    const last = page.at(-1)
    if (!last || page.length < pageSize) return
    after = last.id
  }
}

/** What somebody wrote in a channel, oldest first and some at a time, without deleted messages. */
export async function* authoredIn(db: Db, channelId: string, userId: string): AsyncGenerator<Message[]> {
  for await (const { low, high } of logWindows(db, channelId)) {
    const found = await statements(db).authored.all({ channelId, low, high, userId })
    if (found.length > 0) yield found
  }
}
