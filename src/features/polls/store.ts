import { and, asc, eq, gt, isNull, lte, sql } from "drizzle-orm"
import { polls, pollVotes, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/open.ts"
import { prepare } from "../../db/prepare.ts"

const messageId = sql.placeholder("messageId")
const answer = sql.placeholder("answer")
const userId = sql.placeholder("userId")
const limit = sql.placeholder("limit")

const statements = prepare((db) => {
  const ofAnswer = and(eq(pollVotes.messageId, messageId), eq(pollVotes.answer, answer))
  const voters = () =>
    db
      .select({ userId: pollVotes.userId, username: users.username })
      .from(pollVotes)
      .innerJoin(users, eq(users.id, pollVotes.userId))
  return {
    insertPoll: db
      .insert(polls)
      .values({ messageId, closesAt: sql.placeholder("closesAt") })
      .prepare(),
    find: db
      .select({ closesAt: polls.closesAt, closedAt: polls.closedAt })
      .from(polls)
      .where(eq(polls.messageId, messageId))
      .prepare(),
    due: db
      .select({ messageId: polls.messageId })
      .from(polls)
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
    insertVote: db
      .insert(pollVotes)
      .values({ messageId, answer, userId, createdAt: sql.placeholder("createdAt") })
      .prepare(),
    deleteVote: db
      .delete(pollVotes)
      .where(and(ofAnswer, eq(pollVotes.userId, userId)))
      .prepare(),
    firstVoters: voters()
      .where(ofAnswer)
      .orderBy(asc(pollVotes.createdAt), asc(pollVotes.userId))
      .limit(limit)
      .prepare(),
    votersPage: voters()
      .where(and(ofAnswer, gt(pollVotes.userId, sql.placeholder("after"))))
      .orderBy(asc(pollVotes.userId))
      .limit(limit)
      .prepare(),
  }
})

/** The users who voted for an answer, ordered by id, after one of them. */
export async function listVoters(
  db: Db,
  query: { messageId: string; answer: number; after: string; limit: number },
) {
  return statements(db).votersPage.all(query)
}

/** The messages of open polls whose time is over, the longest overdue first. */
export function listDuePolls(db: Db, now: Date, limit: number): string[] {
  return statements(db)
    .due.all({ now: now.getTime(), limit })
    .map((poll) => poll.messageId)
}

/** When the next open poll closes; `undefined` when none is open. */
export function findNextClosing(db: Db): Date | undefined {
  return statements(db).next.get()?.closesAt
}

// These run inside a shared commit.

export function insertPoll(tx: Db, messageId: string, closesAt: Date): void {
  statements(tx).insertPoll.run({ messageId, closesAt })
}

/** Is the poll of this message open at this time? `undefined` when it has none. */
export function isPollOpen(tx: Db, messageId: string, now: Date): boolean | undefined {
  const poll = statements(tx).find.get({ messageId })
  return poll && poll.closedAt === null && poll.closesAt > now
}

/** Marks a poll as closed. `false` when it was closed before, or is gone. */
export function markClosed(tx: Db, messageId: string, closedAt: Date): boolean {
  const open = and(eq(polls.messageId, messageId), isNull(polls.closedAt))
  return tx.update(polls).set({ closedAt }).where(open).returning({ id: polls.messageId }).all().length > 0
}

/** The indexes of the answers that a user voted for. */
export function listVotes(tx: Db, messageId: string, userId: string): number[] {
  return statements(tx)
    .votes.all({ messageId, userId })
    .map((vote) => vote.answer)
}

interface Vote {
  messageId: string
  userId: string
  answer: number
}

export function insertVote(tx: Db, vote: Vote): void {
  statements(tx).insertVote.run({ ...vote, createdAt: new Date() })
}

export function deleteVote(tx: Db, vote: Vote): void {
  statements(tx).deleteVote.run({ ...vote })
}

/** The users who voted for an answer first. */
export function listFirstVoters(tx: Db, messageId: string, answer: number, limit: number) {
  return statements(tx).firstVoters.all({ messageId, answer, limit })
}

/** Deletes a poll and its votes. */
export function deletePoll(tx: Db, messageId: string): void {
  tx.delete(pollVotes).where(eq(pollVotes.messageId, messageId)).run()
  tx.delete(polls).where(eq(polls.messageId, messageId)).run()
}
