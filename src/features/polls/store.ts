import { and, asc, eq, gt, isNull, lte, sql } from "drizzle-orm"
import { messages, polls, pollVotes, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import { namesByMessage } from "../face-columns.ts"

const messageId = sql.placeholder("messageId")
const answer = sql.placeholder("answer")
const userId = sql.placeholder("userId")
const limit = sql.placeholder("limit")

const ofAnswer = and(eq(pollVotes.messageId, messageId), eq(pollVotes.answer, answer))

const statements = prepare((db) => {
  const voter = { userId: pollVotes.userId, username: users.username }
  return {
    find: db
      .select({ closesAt: polls.closesAt, closedAt: polls.closedAt })
      .from(polls)
      .where(eq(polls.messageId, messageId))
      .prepare(),
    due: db
      .select({ messageId: polls.messageId, channelId: messages.channelId })
      .from(polls)
      .innerJoin(messages, eq(messages.id, polls.messageId))
      .where(and(isNull(polls.closedAt), lte(polls.closesAt, sql.placeholder("now"))))
      .orderBy(asc(polls.closesAt))
      .limit(limit)
      .prepare(),
    next: db
      .select({ closesAt: polls.closesAt })
      .from(polls)
      .where(isNull(polls.closedAt))
      .orderBy(asc(polls.closesAt))
      .limit(1)
      .prepare(),
    votes: db
      .select({ answer: pollVotes.answer })
      .from(pollVotes)
      .where(and(eq(pollVotes.messageId, messageId), eq(pollVotes.userId, userId)))
      .prepare(),
    firstVoters: db
      .select(voter)
      .from(pollVotes)
      .innerJoin(users, eq(users.id, pollVotes.userId))
      .where(ofAnswer)
      .orderBy(asc(pollVotes.createdAt), asc(pollVotes.userId))
      .limit(limit)
      .prepare(),
    votersPage: db
      .select({ ...voter, ...namesByMessage(messageId) })
      .from(pollVotes)
      .innerJoin(users, eq(users.id, pollVotes.userId))
      .where(and(ofAnswer, gt(pollVotes.userId, sql.placeholder("after"))))
      .orderBy(asc(pollVotes.userId))
      .limit(limit)
      .prepare(),
  }
})

const writes = prepareWrites((tx) => ({
  insertPoll: tx
    .insert(polls)
    .values({ messageId, closesAt: sql.placeholder("closesAt") })
    .prepare(),
  insertVote: tx
    .insert(pollVotes)
    .values({ messageId, answer, userId, createdAt: sql.placeholder("createdAt") })
    .prepare(),
  deleteVote: tx
    .delete(pollVotes)
    .where(and(ofAnswer, eq(pollVotes.userId, userId)))
    .prepare(),
}))

/** The users who voted for an answer, ordered by id, after one of them. */
export async function listVoters(
  db: Db,
  query: { messageId: string; answer: number; after: string; limit: number },
) {
  return statements(db).votersPage.all(query)
}

/** The messages of open polls whose time is over, the longest overdue first. */
export async function listDuePolls(db: Db, now: Date, limit: number) {
  return statements(db).due.all({ now: now.getTime(), limit })
}

/** When the next open poll closes; `undefined` when none is open. */
export async function findNextClosing(db: Db): Promise<Date | undefined> {
  return (await statements(db).next.get())?.closesAt
}

// These run inside a shared commit.

export async function insertPoll(tx: Tx, messageId: string, closesAt: Date): Promise<void> {
  await writes(tx).insertPoll.run({ messageId, closesAt })
}

/** Is the poll of this message open at this time? `undefined` when it has none. */
export async function isPollOpen(tx: Db, messageId: string, now: Date): Promise<boolean | undefined> {
  const poll = await statements(tx).find.get({ messageId })
  return poll && poll.closedAt === null && poll.closesAt > now
}

/** Marks a poll as closed. `false` when it was closed before, or is gone. */
export async function markClosed(tx: Tx, messageId: string, closedAt: Date): Promise<boolean> {
  const open = and(eq(polls.messageId, messageId), isNull(polls.closedAt))
  return (
    (await tx.update(polls).set({ closedAt }).where(open).returning({ id: polls.messageId }).all()).length > 0
  )
}

/** The indexes of the answers that a user voted for. */
export async function listVotes(tx: Db, messageId: string, userId: string): Promise<number[]> {
  return (await statements(tx).votes.all({ messageId, userId })).map((vote) => vote.answer)
}

interface Vote {
  messageId: string
  userId: string
  answer: number
}

export async function insertVote(tx: Tx, vote: Vote): Promise<void> {
  await writes(tx).insertVote.run({ ...vote, createdAt: new Date() })
}

export async function deleteVote(tx: Tx, vote: Vote): Promise<void> {
  await writes(tx).deleteVote.run({ ...vote })
}

/** The users who voted for an answer first. */
export async function listFirstVoters(tx: Db, messageId: string, answer: number, limit: number) {
  return statements(tx).firstVoters.all({ messageId, answer, limit })
}

/** Deletes a poll and its votes. */
export async function deletePoll(tx: Tx, messageId: string): Promise<void> {
  await tx.delete(pollVotes).where(eq(pollVotes.messageId, messageId)).run()
  await tx.delete(polls).where(eq(polls.messageId, messageId)).run()
}
