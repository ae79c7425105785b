import { and, asc, eq, gt, sql } from "drizzle-orm"
import { reactions, users } from "../../../drizzle/schema.ts"
import { type Named, shownName } from "../../../views/people.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
import { Refusal } from "../../kernel/index.ts"
import type { ChangeSet } from "../change-set.ts"
import { namesByMessage } from "../face-columns.ts"
import type { MessageExtras } from "../messages/extras.ts"
import { type Change, updateExtras } from "../messages/store.ts"
import { maxNamed, maxReactions } from "./contract.ts"
import type { Reaction } from "./message-fields.ts"

/** The number of recent reactions that frequent emoji are computed from. */
const maxRemembered = 500

const usual = ["👍", "❤️", "😂", "🎉", "👀", "🙏"]

const messageId = sql.placeholder("messageId")
const userId = sql.placeholder("userId")
const emoji = sql.placeholder("emoji")

const ofEmoji = and(eq(reactions.messageId, messageId), eq(reactions.emoji, emoji))

const person = { userId: reactions.userId, username: users.username }

const statements = prepare((db) => ({
  first: db
    .select({ ...person, ...namesByMessage(messageId) })
    .from(reactions)
    .innerJoin(users, eq(users.id, reactions.userId))
    .where(ofEmoji)
    .orderBy(asc(reactions.createdAt), asc(reactions.userId))
    .limit(maxNamed)
    .prepare(),
  named: db
    .select({ ...person, ...namesByMessage(messageId) })
    .from(reactions)
    .innerJoin(users, eq(users.id, reactions.userId))
    .where(and(ofEmoji, eq(reactions.userId, userId)))
    .prepare(),
  page: db
    .select({ ...person, ...namesByMessage(messageId) })
    .from(reactions)
    .innerJoin(users, eq(users.id, reactions.userId))
    .where(and(ofEmoji, gt(reactions.userId, sql.placeholder("after"))))
    .orderBy(asc(reactions.userId))
    .limit(sql.placeholder("limit"))
    .prepare(),
  frequent: db
    .select({ emoji: sql<string>`emoji` })
    .from(
      sql`(select emoji from ${reactions} where ${reactions.userId} = ${userId} order by created_at desc limit ${maxRemembered}) as recent`,
    )
    .groupBy(sql`emoji`)
    .orderBy(sql`count(*) desc`, sql`emoji`)
    .limit(sql.placeholder("limit"))
    .prepare(),
}))

const writes = prepareWrites((tx) => ({
  insert: tx
    .insert(reactions)
    .values({ messageId, userId, emoji, createdAt: sql.placeholder("createdAt") })
    .onConflictDoNothing()
    .returning({ emoji: reactions.emoji })
    .prepare(),
  delete: tx
    .delete(reactions)
    .where(and(ofEmoji, eq(reactions.userId, userId)))
    .returning({ emoji: reactions.emoji })
    .prepare(),
}))

interface Chosen {
  messageId: string
  userId: string
  emoji: string
}

/** The emoji a user reacted with most often recently. */
export async function listFrequent(db: Db, userId: string, limit: number): Promise<string[]> {
  return (await statements(db).frequent.all({ userId, limit })).map(({ emoji }) => emoji)
}

/** The emoji to offer first: the user's frequent ones, filled up with common ones. */
export async function listQuick(db: Db, userId: string): Promise<string[]> {
  const own = await listFrequent(db, userId, usual.length)
  return [...own, ...usual.filter((emoji) => !own.includes(emoji))].slice(0, usual.length)
}

/** Users who reacted with an emoji, by id, after an id. */
export async function listReactors(
  db: Db,
  { messageId, emoji }: Pick<Chosen, "messageId" | "emoji">,
  { after = "", limit }: { after?: string; limit: number },
) {
  return statements(db).page.all({ messageId, emoji, after, limit })
}

// These run inside a shared commit.

/** Adds a user's emoji to a message, as the channel's next change; once. `undefined` when it was deleted. */
export async function insertReaction(changes: ChangeSet, chosen: Chosen): Promise<Change | undefined> {
  return updateExtras(changes, chosen.messageId, (extras) => withOneMore(changes.tx, extras, chosen))
}

/** Removes a user's emoji from a message, as the channel's next change. `undefined` when it was deleted. */
export async function removeReaction(changes: ChangeSet, chosen: Chosen): Promise<Change | undefined> {
  return updateExtras(
    changes,
    chosen.messageId,
    async (extras) => (await withOneLess(changes.tx, extras, chosen)) ?? extras,
  )
}

/** Removes a user's emoji from a message, or adds it when it is not there. `undefined` when it was deleted. */
export async function toggleReaction(changes: ChangeSet, chosen: Chosen): Promise<Change | undefined> {
  const { tx } = changes
  return updateExtras(
    changes,
    chosen.messageId,
    async (extras) => (await withOneLess(tx, extras, chosen)) ?? (await withOneMore(tx, extras, chosen)),
  )
}

/** The extras with a user's emoji, which is stored; the same object when it was there already. */
async function withOneMore(tx: Tx, extras: MessageExtras, chosen: Chosen): Promise<MessageExtras> {
  const { reactions: all = [] } = extras
  const { emoji } = chosen
  const known = all.find((one) => one.emoji === emoji)
  if (!known && all.length >= maxReactions) {
    throw new Refusal(`A message has at most ${maxReactions} different reactions`, 400)
  }
  if (!(await writes(tx).insert.get({ ...chosen, createdAt: new Date() }))) return extras

  const { count, by } = known ?? { count: 0, by: [] }
  const person = by.length < maxNamed ? await statements(tx).named.get({ ...chosen }) : undefined
  const named = person ? [...by, asNamed(person)] : by
  return withReaction(extras, { emoji, count: count + 1, by: named })
}

/** The extras without a user's emoji, which is deleted; `undefined` when it was not there. */
async function withOneLess(
  tx: Tx,
  extras: MessageExtras,
  chosen: Chosen,
): Promise<MessageExtras | undefined> {
  const { emoji, userId, messageId } = chosen
  const known = extras.reactions?.find((one) => one.emoji === emoji)
  if (!known || !(await writes(tx).delete.get({ ...chosen }))) return undefined

  const isNamed = known.by.some((person) => person.userId === userId)
  const by = isNamed ? (await statements(tx).first.all({ messageId, emoji })).map(asNamed) : known.by
  return withReaction(extras, { emoji, count: known.count - 1, by })
}

/** A person as reactions store them: most are called by their username, which is then stored once. */
function asNamed({ userId, ...names }: Named & { userId: string }): Reaction["by"][number] {
  const { username } = names
  const name = shownName(names)
  return { userId, username, ...(name !== username && { name }) }
}

export async function deleteReactions(tx: Tx, messageId: string): Promise<void> {
  await tx.delete(reactions).where(eq(reactions.messageId, messageId)).run()
}

/** Replaces the reaction with the same emoji, or appends it; removes it when its count is 0. */
function withReaction(extras: MessageExtras, reaction: Reaction): MessageExtras {
  const { reactions: all = [] } = extras
  const isKnown = all.some(({ emoji }) => emoji === reaction.emoji)
  const next = isKnown
    ? all.map((one) => (one.emoji === reaction.emoji ? reaction : one))
    : [...all, reaction]
  const left = next.filter(({ count }) => count > 0)
  return { ...extras, reactions: left.length > 0 ? left : undefined }
}
