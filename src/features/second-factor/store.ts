import { and, desc, eq, gt, isNotNull, isNull, lt, sql } from "drizzle-orm"
import {
  passkeys,
  recoveryCodes,
  signInSteps,
  totpSecrets,
  trustedDevices,
  users,
} from "../../../drizzle/schema.ts"
import type { Config } from "../../config.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { open, seal } from "../secret-box.ts"
import { tokenHash } from "../token-hash.ts"
import { backupCodeCount, newBackupCode } from "./backup-codes.ts"
import { matchingStep } from "./totp.ts"

const userId = sql.placeholder("userId")

const statements = prepare((db) => ({
  factors: db
    .select({
      hasApp:
        sql<boolean>`exists (select 1 from totp_secrets t where t.user_id = ${userId} and t.confirmed_at is not null)`.mapWith(
          Boolean,
        ),
      hasPasskey: sql<boolean>`exists (select 1 from passkeys p where p.user_id = ${userId})`.mapWith(
        Boolean,
      ),
    })
    .from(users)
    .where(eq(users.id, userId))
    .prepare(),
  totp: db.select().from(totpSecrets).where(eq(totpSecrets.userId, userId)).prepare(),
  unusedCodes: db
    .select({ count: sql<number>`count(*)`.mapWith(Number) })
    .from(recoveryCodes)
    .where(unused(userId))
    .prepare(),
}))

function unused(ofUser: string | typeof userId) {
  return and(
    eq(recoveryCodes.userId, ofUser),
    eq(recoveryCodes.purpose, "factor"),
    isNull(recoveryCodes.usedAt),
  )
}

/** Which second factors a user has. */
export async function findFactors(db: Db, id: string): Promise<{ hasApp: boolean; hasPasskey: boolean }> {
  return (await statements(db).factors.get({ userId: id })) ?? { hasApp: false, hasPasskey: false }
}

/** Whether the password alone does not sign the user in. */
export async function hasSecondFactor(db: Db, id: string): Promise<boolean> {
  const { hasApp, hasPasskey } = await findFactors(db, id)
  return hasApp || hasPasskey
}

/** When the user confirmed an authenticator app, and the secret that waits for its first code. */
export async function findTotp(db: Db, config: Pick<Config, "authSecret">, id: string) {
  const found = await statements(db).totp.get({ userId: id })
  return found && { ...found, secret: open(config, found.secret) }
}

/** Stores the secret of an app that is not confirmed yet. `false` when the user has one that is. */
export async function insertTotp(
  tx: Tx,
  config: Pick<Config, "authSecret">,
  id: string,
  secret: string,
): Promise<boolean> {
  await tx
    .delete(totpSecrets)
    .where(and(eq(totpSecrets.userId, id), isNull(totpSecrets.confirmedAt)))
    .run()
  const stored = await tx
    .insert(totpSecrets)
    .values({ userId: id, secret: seal(config, secret) })
    .onConflictDoNothing()
    .returning({ userId: totpSecrets.userId })
    .all()
  return stored.length > 0
}

/** Makes an app the user's second factor. `false` when another one was begun meanwhile. */
export async function confirmTotp(
  tx: Tx,
  { userId: id, createdAt, step }: { userId: string; createdAt: Date; step: number },
): Promise<boolean> {
  const confirmed = await tx
    .update(totpSecrets)
    .set({ confirmedAt: new Date(), lastStep: step })
    .where(
      and(eq(totpSecrets.userId, id), isNull(totpSecrets.confirmedAt), eq(totpSecrets.createdAt, createdAt)),
    )
    .returning({ userId: totpSecrets.userId })
    .get()
  return confirmed !== undefined
}

export async function deleteTotp(tx: Tx, id: string): Promise<void> {
  await tx.delete(totpSecrets).where(eq(totpSecrets.userId, id)).run()
}

/** Removes every second factor of a user, and what belongs to them. */
export async function deleteFactors(tx: Tx, id: string): Promise<void> {
  await deleteTotp(tx, id)
  await tx.delete(passkeys).where(eq(passkeys.userId, id)).run()
  await forgetWithoutFactor(tx, id)
}

/** A code that is right: of the app at a time step, or a backup code. */
export type RightCode = { step: number } | { backupId: string }

/** Finds what a code is; `undefined` for a wrong one. */
export async function findCode(
  db: Db,
  config: Pick<Config, "authSecret">,
  { userId: id, code }: { userId: string; code: string },
): Promise<RightCode | undefined> {
  const typed = code.replace(/[\s-]/g, "").toLowerCase()
  if (/^\d{6}$/.test(typed)) {
    const totp = await findTotp(db, config, id)
    if (!totp?.confirmedAt || totp.secret === undefined) return undefined
    const step = matchingStep(totp.secret, typed, new Date(), totp.lastStep)
    return step === undefined ? undefined : { step }
  }
  const found = await db
    .select({ id: recoveryCodes.id })
    .from(recoveryCodes)
    .where(and(unused(id), eq(recoveryCodes.hash, tokenHash(typed))))
    .get()
  return found && { backupId: found.id }
}

/** Uses a code up. `false` when it was used meanwhile. One statement, so that each works only once. */
export async function useCode(tx: Tx, id: string, code: RightCode): Promise<boolean> {
  if ("backupId" in code) {
    const used = await tx
      .update(recoveryCodes)
      .set({ usedAt: new Date() })
      .where(and(eq(recoveryCodes.id, code.backupId), unused(id)))
      .returning({ id: recoveryCodes.id })
      .get()
    return used !== undefined
  }
  const used = await tx
    .update(totpSecrets)
    .set({ lastStep: code.step })
    .where(
      and(
        eq(totpSecrets.userId, id),
        lt(totpSecrets.lastStep, code.step),
        isNotNull(totpSecrets.confirmedAt),
      ),
    )
    .returning({ userId: totpSecrets.userId })
    .get()
  return used !== undefined
}

export async function countBackupCodes(db: Db, id: string): Promise<number> {
  return (await statements(db).unusedCodes.get({ userId: id }))?.count ?? 0
}

/** Replaces all backup codes of the second factor and returns the new ones, which are stored only as hashes. */
export async function renewBackupCodes(tx: Tx, id: string): Promise<string[]> {
  await deleteBackupCodes(tx, id)
  const codes = Array.from({ length: backupCodeCount }, newBackupCode)
  const rows = codes.map((code) => ({
    id: crypto.randomUUID(),
    userId: id,
    purpose: "factor" as const,
    hash: tokenHash(code.replaceAll("-", "")),
  }))
  await tx.insert(recoveryCodes).values(rows).run()
  return codes
}

async function deleteBackupCodes(tx: Tx, id: string): Promise<void> {
  await tx
    .delete(recoveryCodes)
    .where(and(eq(recoveryCodes.userId, id), eq(recoveryCodes.purpose, "factor")))
    .run()
}

/** For who gets a second factor: new codes, unless they have some. */
export async function ensureBackupCodes(tx: Tx, id: string): Promise<string[]> {
  return (await countBackupCodes(tx, id)) > 0 ? [] : renewBackupCodes(tx, id)
}

/** After a factor was removed: without any, its codes and trusted devices are worth nothing. */
export async function forgetWithoutFactor(tx: Tx, id: string): Promise<void> {
  if (await hasSecondFactor(tx, id)) return

  await deleteBackupCodes(tx, id)
  await tx.delete(trustedDevices).where(eq(trustedDevices.userId, id)).run()
  await tx
    .delete(signInSteps)
    .where(and(eq(signInSteps.userId, id), eq(signInSteps.kind, "factor")))
    .run()
}

/** How long a browser is trusted, in days. */
export const trustedDays = 30

/** Trusts a browser, by the token in its cookie. Deletes expired ones. */
export async function insertTrustedDevice(
  tx: Tx,
  { token, userId: id, userAgent }: { token: string; userId: string; userAgent: string },
): Promise<void> {
  const now = new Date()
  const expiresAt = new Date(now.getTime() + trustedDays * 24 * 60 * 60 * 1000)
  await tx.delete(trustedDevices).where(lt(trustedDevices.expiresAt, now)).run()
  await tx
    .insert(trustedDevices)
    .values({ hash: tokenHash(token), userId: id, userAgent, expiresAt })
    .run()
}

/** Whether the token is of a browser that this user trusts. */
export async function isTrustedDevice(db: Db, id: string, token: string | undefined): Promise<boolean> {
  if (!token) return false

  const found = await db
    .select({ userId: trustedDevices.userId })
    .from(trustedDevices)
    .where(
      and(
        eq(trustedDevices.hash, tokenHash(token)),
        eq(trustedDevices.userId, id),
        gt(trustedDevices.expiresAt, new Date()),
      ),
    )
    .get()
  return found !== undefined
}

/** The browsers that a user trusts, newest first. */
export async function listTrustedDevices(db: Db, id: string) {
  return db
    .select()
    .from(trustedDevices)
    .where(and(eq(trustedDevices.userId, id), gt(trustedDevices.expiresAt, new Date())))
    .orderBy(desc(trustedDevices.createdAt), desc(trustedDevices.hash))
    .limit(100)
    .all()
}

/** Trusts a browser no longer. `false` when it is not among the user's. */
export async function deleteTrustedDevice(tx: Tx, id: string, hash: string): Promise<boolean> {
  const deleted = await tx
    .delete(trustedDevices)
    .where(and(eq(trustedDevices.hash, hash), eq(trustedDevices.userId, id)))
    .returning({ hash: trustedDevices.hash })
    .get()
  return deleted !== undefined
}
