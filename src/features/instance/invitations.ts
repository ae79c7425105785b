import { and, desc, eq, gt, isNull, lt, or, sql } from "drizzle-orm"
import { instanceInvitations } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { tokenHash } from "../token-hash.ts"
import { newToken } from "./one-time-links.ts"

/** Invitations that are listed. */
const maxListed = 200

const usable = (code: string, now: Date) =>
  and(
    eq(instanceInvitations.hash, tokenHash(code)),
    isNull(instanceInvitations.revokedAt),
    or(isNull(instanceInvitations.expiresAt), gt(instanceInvitations.expiresAt, now)),
    or(isNull(instanceInvitations.maxUses), lt(instanceInvitations.uses, instanceInvitations.maxUses)),
  )

/** Does an invitation work? */
export async function isInvitation(db: Db, code: string, now: Date): Promise<boolean> {
  const found = await db
    .select({ id: instanceInvitations.id })
    .from(instanceInvitations)
    .where(usable(code, now))
    .get()
  return found !== undefined
}

/** Counts one use of an invitation; `false` when it does not work. One statement: nobody shares the last use. */
export async function useInvitation(tx: Tx, code: string, now: Date): Promise<boolean> {
  const used = await tx
    .update(instanceInvitations)
    .set({ uses: sql`${instanceInvitations.uses} + 1` })
    .where(usable(code, now))
    .returning({ id: instanceInvitations.id })
    .get()
  return used !== undefined
}

/** Takes a use back, when the account could not be created. */
export async function releaseInvitation(tx: Tx, code: string): Promise<void> {
  await tx
    .update(instanceInvitations)
    .set({ uses: sql`${instanceInvitations.uses} - 1` })
    .where(eq(instanceInvitations.hash, tokenHash(code)))
    .run()
}

export interface NewInvitation {
  createdByName: string
  note: string
  expiresAt: Date | null
  maxUses: number | null
}

/** Stores an invitation and returns its id and its code, which is not stored. */
export async function insertInvitation(
  tx: Tx,
  invitation: NewInvitation,
): Promise<{ id: string; code: string }> {
  const [id, code] = [crypto.randomUUID(), newToken()]
  await tx
    .insert(instanceInvitations)
    .values({ id, hash: tokenHash(code), ...invitation })
    .run()
  return { id, code }
}

/** Invitations, newest first, also those that do not work any more. */
export async function listInvitations(db: Db) {
  return db
    .select({
      id: instanceInvitations.id,
      note: instanceInvitations.note,
      createdByName: instanceInvitations.createdByName,
      createdAt: instanceInvitations.createdAt,
      expiresAt: instanceInvitations.expiresAt,
      maxUses: instanceInvitations.maxUses,
      uses: instanceInvitations.uses,
      revokedAt: instanceInvitations.revokedAt,
    })
    .from(instanceInvitations)
    .orderBy(desc(instanceInvitations.createdAt), desc(instanceInvitations.id))
    .limit(maxListed)
    .all()
}

/** Revokes an invitation; `undefined` when there is none, or it is revoked already. */
export async function revokeInvitation(tx: Tx, id: string, now: Date) {
  return tx
    .update(instanceInvitations)
    .set({ revokedAt: now })
    .where(and(eq(instanceInvitations.id, id), isNull(instanceInvitations.revokedAt)))
    .returning({ note: instanceInvitations.note })
    .get()
}
