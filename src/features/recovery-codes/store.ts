import { and, eq, sql } from "drizzle-orm"
import { recoveryCodes, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { tokenHash } from "../token-hash.ts"
import { newRecoveryCode, normalizedCode } from "./code.ts"

const ofAccount = (userId: string) =>
  and(eq(recoveryCodes.userId, userId), eq(recoveryCodes.purpose, "account"))

/** When the recovery code of an account was made; `undefined` without one. */
export async function findRecovery(db: Db, userId: string): Promise<Date | undefined> {
  const found = await db
    .select({ createdAt: recoveryCodes.createdAt })
    .from(recoveryCodes)
    .where(ofAccount(userId))
    .get()
  return found?.createdAt
}

/** Stores the hash of a new recovery code in place of the one before, and returns the code. */
export async function replaceRecoveryCode(tx: Tx, userId: string): Promise<string> {
  const code = newRecoveryCode()
  await tx.delete(recoveryCodes).where(ofAccount(userId)).run()
  const hash = tokenHash(normalizedCode(code))
  await tx.insert(recoveryCodes).values({ id: crypto.randomUUID(), userId, purpose: "account", hash }).run()
  return code
}

const statements = prepare((db) => ({
  matching: db
    .select({ userId: users.id, username: users.username })
    .from(users)
    .innerJoin(recoveryCodes, and(eq(recoveryCodes.userId, users.id), eq(recoveryCodes.purpose, "account")))
    .where(
      and(eq(users.username, sql.placeholder("username")), eq(recoveryCodes.hash, sql.placeholder("hash"))),
    )
    .prepare(),
}))

/** The account that has this name and this code. One statement, which takes as long for names that do not exist. */
export async function findByCode(db: Db, username: string, code: string) {
  return statements(db).matching.get({
    username: username.trim().toLowerCase(),
    hash: tokenHash(normalizedCode(code)),
  })
}

/** Uses up a code; `false` when it does not work any more. One statement, so that it works only once. */
export async function useRecoveryCode(tx: Tx, userId: string, code: string): Promise<boolean> {
  const used = await tx
    .delete(recoveryCodes)
    .where(and(ofAccount(userId), eq(recoveryCodes.hash, tokenHash(normalizedCode(code)))))
    .returning({ id: recoveryCodes.id })
    .get()
  return used !== undefined
}
