import { and, desc, eq, isNotNull, ne, or } from "drizzle-orm"
import { emailAddresses, oneTimeLinks, signInSteps, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"

// The table has only verified addresses: one that was entered may be somebody else's, so until its owner has followed
// the link it is in `sign_in_steps` alone.

/** The verified address of an account. */
export async function findAddress(db: Db, userId: string): Promise<string | undefined> {
  const found = await db
    .select({ address: emailAddresses.address })
    .from(emailAddresses)
    .where(and(eq(emailAddresses.userId, userId), isNotNull(emailAddresses.verifiedAt)))
    .get()
  return found?.address
}

const stepsOf = (userId: string) => and(eq(signInSteps.kind, "email"), eq(signInSteps.userId, userId))

/** The address that an account waits to verify, if its link still works. */
export async function findPending(db: Db, userId: string, now: Date): Promise<string | undefined> {
  const found = await db
    .select({ data: signInSteps.data, expiresAt: signInSteps.expiresAt })
    .from(signInSteps)
    .where(stepsOf(userId))
    .orderBy(desc(signInSteps.expiresAt))
    .get()
  return found && found.expiresAt > now ? addressIn(found) : undefined
}

/** The address in a step of a verification. */
export function addressIn({ data }: { data: Record<string, unknown> }): string {
  return String(data.address)
}

/** Links of earlier verifications stop working. */
export async function deletePending(tx: Tx, userId: string): Promise<void> {
  await tx.delete(signInSteps).where(stepsOf(userId)).run()
}

/** Makes an address that of an account, in place of the one before. `false` when another account has it. */
export async function storeAddress(tx: Tx, userId: string, address: string): Promise<boolean> {
  const taken = await tx
    .select({ userId: emailAddresses.userId })
    .from(emailAddresses)
    .where(
      and(
        eq(emailAddresses.address, address),
        isNotNull(emailAddresses.verifiedAt),
        ne(emailAddresses.userId, userId),
      ),
    )
    .get()
  if (taken) return false

  const verifiedAt = new Date()
  await tx
    .insert(emailAddresses)
    .values({ userId, address, verifiedAt })
    .onConflictDoUpdate({ target: emailAddresses.userId, set: { address, verifiedAt } })
    .run()
  await deletePasswordLinks(tx, userId)
  return true
}

/** Removes an account's address; `false` without one. */
export async function deleteAddress(tx: Tx, userId: string): Promise<boolean> {
  const deleted = await tx
    .delete(emailAddresses)
    .where(eq(emailAddresses.userId, userId))
    .returning({ userId: emailAddresses.userId })
    .get()
  await deletePasswordLinks(tx, userId)
  return deleted !== undefined
}

/** Links that were sent to an address do not outlive it. */
async function deletePasswordLinks(tx: Tx, userId: string): Promise<void> {
  const ofUser = and(eq(oneTimeLinks.userId, userId), eq(oneTimeLinks.purpose, "password"))
  await tx.delete(oneTimeLinks).where(ofUser).run()
}

/** The account with a verified address that is named by its username or by that address. */
export async function findMailable(db: Db, account: string) {
  const named = account.trim().toLowerCase().replace(/^@/, "")
  return db
    .select({ userId: users.id, username: users.username, address: emailAddresses.address })
    .from(emailAddresses)
    .innerJoin(users, eq(users.id, emailAddresses.userId))
    .where(
      and(
        isNotNull(emailAddresses.verifiedAt),
        // Usernames have no @, so nobody is named by both.
        or(eq(users.username, named), eq(emailAddresses.address, named)),
      ),
    )
    .get()
}
