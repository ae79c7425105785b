import { and, asc, eq, sql } from "drizzle-orm"
import { passkeys } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"

type Row = typeof passkeys.$inferSelect

const statements = prepare((db) => ({
  list: db
    .select()
    .from(passkeys)
    .where(eq(passkeys.userId, sql.placeholder("userId")))
    .orderBy(asc(passkeys.createdAt), asc(passkeys.id))
    .prepare(),
  byCredential: db
    .select()
    .from(passkeys)
    .where(eq(passkeys.credentialId, sql.placeholder("credentialId")))
    .prepare(),
}))

export async function listPasskeysOf(db: Db, userId: string): Promise<Row[]> {
  return statements(db).list.all({ userId })
}

export async function findPasskey(db: Db, credentialId: string): Promise<Row | undefined> {
  return statements(db).byCredential.get({ credentialId })
}

/** `false` when somebody has this passkey already. */
export async function insertPasskey(tx: Tx, passkey: typeof passkeys.$inferInsert): Promise<boolean> {
  const stored = await tx
    .insert(passkeys)
    .values(passkey)
    .onConflictDoNothing()
    .returning({ id: passkeys.id })
    .get()
  return stored !== undefined
}

const own = (userId: string, id: string) => and(eq(passkeys.id, id), eq(passkeys.userId, userId))

export async function updatePasskeyName(
  tx: Tx,
  { userId, id, name }: { userId: string; id: string; name: string },
): Promise<boolean> {
  const renamed = await tx
    .update(passkeys)
    .set({ name })
    .where(own(userId, id))
    .returning({ id: passkeys.id })
    .get()
  return renamed !== undefined
}

export async function deletePasskey(tx: Tx, userId: string, id: string): Promise<boolean> {
  const deleted = await tx.delete(passkeys).where(own(userId, id)).returning({ id: passkeys.id }).get()
  return deleted !== undefined
}

/** Stores that a passkey was used. `false` when it was removed or used meanwhile: its counter may not go back. */
export async function markPasskeyUsed(
  tx: Tx,
  { id, counter }: Pick<Row, "id" | "counter">,
  newCounter: number,
): Promise<boolean> {
  const used = await tx
    .update(passkeys)
    .set({ counter: newCounter, lastUsedAt: new Date() })
    .where(and(eq(passkeys.id, id), eq(passkeys.counter, counter)))
    .returning({ id: passkeys.id })
    .get()
  return used !== undefined
}
