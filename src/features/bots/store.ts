import { and, asc, count, eq, isNotNull, sql } from "drizzle-orm"
import { botTokens, servers, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { anonymizeUser } from "../accounts/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { joinedBy } from "../permissions/scope.ts"
import { botMayAct } from "../permissions/suspension.ts"
import type { Bot } from "./contract.ts"

const statements = prepare((db) => ({
  byHash: db
    .select({ id: users.id, username: users.username, tokenId: botTokens.id })
    .from(botTokens)
    .innerJoin(users, eq(users.id, botTokens.userId))
    .where(
      and(
        eq(botTokens.hash, sql.placeholder("hash")),
        isNotNull(users.botOwnerId),
        botMayAct(users.id, users.botOwnerId, sql.placeholder("now")),
      ),
    )
    .prepare(),
}))

/** The bot whose token has that hash, with the token's id. None while its owner is suspended. */
export async function findBotByHash(db: Db, hash: string) {
  return statements(db).byHash.get({ hash, now: Date.now() })
}

/** A user's bots by name, with their tokens and servers, in three queries. */
export async function listBots(db: Db, creatorId: string): Promise<Bot[]> {
  const own = eq(users.botOwnerId, creatorId)
  const bots = await db
    .select({ id: users.id, username: users.username, createdAt: users.createdAt })
    .from(users)
    .where(own)
    .orderBy(asc(users.username))
    .all()
  const tokens = await db
    .select({
      id: botTokens.id,
      botId: botTokens.userId,
      createdAt: botTokens.createdAt,
      lastUsedAt: botTokens.lastUsedAt,
    })
    .from(botTokens)
    .innerJoin(users, eq(users.id, botTokens.userId))
    .where(own)
    .orderBy(asc(botTokens.createdAt), asc(botTokens.id))
    .all()
  const memberships = await db
    .select({ id: servers.id, name: servers.name, botId: users.id })
    .from(users)
    .innerJoin(servers, joinedBy(users.id))
    .where(own)
    .orderBy(asc(servers.name), asc(servers.id))
    .all()

  return bots.map((bot) => ({
    ...bot,
    tokens: tokens.filter(({ botId }) => botId === bot.id),
    servers: memberships.filter(({ botId }) => botId === bot.id),
  }))
}

/** A bot of that user. */
export async function findBot(db: Db, creatorId: string, id: string) {
  return db
    .select({ id: users.id, username: users.username })
    .from(users)
    .where(and(eq(users.id, id), eq(users.botOwnerId, creatorId)))
    .get()
}

/** The ids of a user's bots. */
export async function listBotIds(db: Db, creatorId: string): Promise<string[]> {
  const rows = await db.select({ id: users.id }).from(users).where(eq(users.botOwnerId, creatorId)).all()
  return rows.map(({ id }) => id)
}

/** Stores an account without a password: a bot signs in only by tokens. */
export async function insertBot(
  tx: Tx,
  bot: { id: string; username: string; creatorId: string; now: Date },
): Promise<void> {
  const { id, username, creatorId, now } = bot
  const email = `${username}@users.invalid`
  const names = { username, name: username, email }
  await tx
    .insert(users)
    .values({ id, ...names, botOwnerId: creatorId, createdAt: now, updatedAt: now })
    .run()
}

/** Removes a bot's name, tokens and memberships; its messages stay. */
export async function deleteBot(changes: ChangeSet, id: string, now: Date): Promise<void> {
  const { tx: db } = changes
  await anonymizeUser(changes, id, now)
  await db.delete(botTokens).where(eq(botTokens.userId, id)).run()
  await db.update(users).set({ botOwnerId: null }).where(eq(users.id, id)).run()
}

export async function countBotTokens(db: Db, botId: string): Promise<number> {
  const found = await db.select({ tokens: count() }).from(botTokens).where(eq(botTokens.userId, botId)).get()
  return found?.tokens ?? 0
}

export async function insertBotToken(
  tx: Tx,
  token: { id: string; userId: string; hash: string },
): Promise<void> {
  await tx.insert(botTokens).values(token).run()
}

/** Revokes a token; `false` when no bot of that user has such a token. */
export async function endBotToken(changes: ChangeSet, creatorId: string, id: string): Promise<boolean> {
  const { tx: db } = changes
  const found = await db
    .select({ id: botTokens.id })
    .from(botTokens)
    .innerJoin(users, eq(users.id, botTokens.userId))
    .where(and(eq(botTokens.id, id), eq(users.botOwnerId, creatorId)))
    .get()
  if (!found) return false

  await db.delete(botTokens).where(eq(botTokens.id, id)).run()
  changes.end({ of: "session", sessionId: id })
  return true
}

export async function updateLastUse(tx: Tx, tokenId: string, lastUsedAt: Date): Promise<void> {
  await tx.update(botTokens).set({ lastUsedAt }).where(eq(botTokens.id, tokenId)).run()
}
