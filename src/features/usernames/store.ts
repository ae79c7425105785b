import { and, eq, gt, lte, ne } from "drizzle-orm"
import { formerUsernames, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { heldDays } from "./contract.ts"

const dayMs = 86_400_000

/** Is a name somebody's, or was it until lately? Of the names that `userId` had, they may take each again. */
export async function isNameTaken(db: Db, name: string, userId = ""): Promise<boolean> {
  const username = name.toLowerCase()
  const owner = await db.select({ id: users.id }).from(users).where(eq(users.username, username)).get()
  if (owner) return true

  const isHeld = and(eq(formerUsernames.username, username), gt(formerUsernames.freeAt, new Date()))
  const held = await db
    .select({ userId: formerUsernames.userId })
    .from(formerUsernames)
    .where(and(isHeld, ne(formerUsernames.userId, userId)))
    .get()
  return held !== undefined
}

interface Renaming {
  userId: string
  before: string
  /** As it was typed. */
  typed: string
}

/** Gives a person another name and holds the one before. Ask `isNameTaken` in the same commit. */
export async function renameUser(tx: Tx, { userId, before, typed }: Renaming): Promise<void> {
  const [username, now] = [typed.toLowerCase(), new Date()]
  const freeAt = new Date(now.getTime() + heldDays * dayMs)
  await tx.delete(formerUsernames).where(lte(formerUsernames.freeAt, now)).run()
  await tx.delete(formerUsernames).where(eq(formerUsernames.username, username)).run()
  await tx
    .insert(formerUsernames)
    .values({ username: before, userId, freeAt })
    .onConflictDoUpdate({ target: formerUsernames.username, set: { userId, freeAt } })
    .run()
  // The made-up address is unique, too, and would keep the name from its next owner.
  const names = { username, name: typed, displayUsername: null, email: `${username}@users.invalid` }
  await tx
    .update(users)
    .set({ ...names, updatedAt: now })
    .where(eq(users.id, userId))
    .run()
}
