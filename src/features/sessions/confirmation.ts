import { eq, sql } from "drizzle-orm"
import { sessions } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { Refusal } from "../../kernel/index.ts"

/** How long who signed in, or confirmed who they are, need not do so again, in minutes. Source: GitHub asks after hours, Google after minutes. */
const confirmedMinutes = 10

/** The field of the issue by which pages know that a confirmation is missing. */
export const confirmationPath = "confirmation"
const confirmFirst = "Confirm who you are first: this needs your password, or a code"

const statements = prepare((db) => ({
  confirmed: db
    .select({ createdAt: sessions.createdAt, confirmedAt: sessions.confirmedAt })
    .from(sessions)
    .where(eq(sessions.id, sql.placeholder("id")))
    .prepare(),
}))

/**
 * Refuses sessions that began, or were confirmed, too long ago: what cannot be undone must not be possible by a browser
 * that was left open. Fails: 403 with an issue at `confirmation`; `confirmIdentity` helps.
 */
export async function requireRecentConfirmation(
  source: { db: Db },
  session: { sessionId: string },
): Promise<void> {
  if (await isRecentlyConfirmed(source, session)) return

  const issues = [{ path: confirmationPath, message: confirmFirst }]
  throw new Refusal(confirmFirst, 403, { issues })
}

/** Did the user of the session sign in, or confirm who they are, within the last ten minutes? */
export async function isRecentlyConfirmed(
  { db }: { db: Db },
  { sessionId }: { sessionId: string },
): Promise<boolean> {
  const session = await statements(db).confirmed.get({ id: sessionId })
  const at = session && (session.confirmedAt ?? session.createdAt)
  return at !== undefined && at.getTime() > Date.now() - confirmedMinutes * 60_000
}

/** Stores that the user of the session has just confirmed their identity. */
export async function confirmSession(tx: Tx, sessionId: string): Promise<void> {
  await tx.update(sessions).set({ confirmedAt: new Date() }).where(eq(sessions.id, sessionId)).run()
}
