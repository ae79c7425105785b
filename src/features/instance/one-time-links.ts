import { and, eq, gt, isNull, lt, or } from "drizzle-orm"
import { oneTimeLinks } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { tokenHash } from "../token-hash.ts"

/** How long a one-time address works, in minutes. */
export const linkMinutes = 15

/** What a one-time address does. */
export type LinkPurpose = "setup" | "password"

const paths: Record<LinkPurpose, string> = { setup: "/setup", password: "/reset" }

/** 256 random bits: not guessable, so a fast hash is enough to store it. */
export function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true })
}

/** The path of the page that a token opens. */
export function linkPath(purpose: LinkPurpose, token: string): string {
  return `${paths[purpose]}/${token}`
}

/**
 * Stores the hash of a new one-time address and returns its token and its end. Earlier ones of the same purpose and user
 * stop working, unless they `keepOthers`: then those that are over are deleted.
 */
export async function insertLink(
  tx: Tx,
  { purpose, userId = null }: { purpose: LinkPurpose; userId?: string | null },
  { keepOthers = false } = {},
): Promise<{ token: string; expiresAt: Date }> {
  const token = newToken()
  const now = new Date()
  const expiresAt = new Date(now.getTime() + linkMinutes * 60_000)
  const same = and(
    eq(oneTimeLinks.purpose, purpose),
    userId === null ? isNull(oneTimeLinks.userId) : eq(oneTimeLinks.userId, userId),
  )
  const over = lt(oneTimeLinks.expiresAt, now)
  await tx
    .delete(oneTimeLinks)
    .where(keepOthers ? over : or(same, over))
    .run()
  await tx
    .insert(oneTimeLinks)
    .values({ hash: tokenHash(token), purpose, userId, expiresAt })
    .run()
  return { token, expiresAt }
}

const usable = (token: string, purpose: LinkPurpose, now: Date) =>
  and(
    eq(oneTimeLinks.hash, tokenHash(token)),
    eq(oneTimeLinks.purpose, purpose),
    isNull(oneTimeLinks.usedAt),
    gt(oneTimeLinks.expiresAt, now),
  )

/** The link of a token, if it is still valid. */
export async function findLink(db: Db, token: string, purpose: LinkPurpose, now: Date) {
  return db
    .select({ userId: oneTimeLinks.userId })
    .from(oneTimeLinks)
    .where(usable(token, purpose, now))
    .get()
}

/** Uses an address; `undefined` when it does not work any more. One statement, so that it works only once. */
export async function useLink(tx: Tx, token: string, purpose: LinkPurpose, now: Date) {
  return tx
    .update(oneTimeLinks)
    .set({ usedAt: now })
    .where(usable(token, purpose, now))
    .returning({ userId: oneTimeLinks.userId })
    .get()
}

/** Makes an address usable again, when what it was used for could not be done. */
export async function releaseLink(tx: Tx, token: string): Promise<void> {
  await tx
    .update(oneTimeLinks)
    .set({ usedAt: null })
    .where(eq(oneTimeLinks.hash, tokenHash(token)))
    .run()
}
