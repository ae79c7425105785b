import { and, eq, gt, lt, sql } from "drizzle-orm"
import { signInSteps } from "../../drizzle/schema.ts"
import type { Db, Tx } from "../db/database.ts"
import { newToken } from "./instance/one-time-links.ts"
import { tokenHash } from "./token-hash.ts"

type Step = typeof signInSteps.$inferSelect
type StepKind = Step["kind"]

/** Wrong answers that end a step. */
const maxFailures = 5

interface NewStep {
  kind: StepKind
  userId: string | null
  data: Record<string, unknown>
  minutes: number
}

/** Stores what a sign-in continues with, and returns its token. Steps that are over are deleted. */
export async function insertStep(tx: Tx, { kind, userId, data, minutes }: NewStep): Promise<string> {
  const [token, now] = [newToken(), new Date()]
  const expiresAt = new Date(now.getTime() + minutes * 60_000)
  await tx.delete(signInSteps).where(lt(signInSteps.expiresAt, now)).run()
  await tx
    .insert(signInSteps)
    .values({ hash: tokenHash(token), kind, userId, data, expiresAt })
    .run()
  return token
}

const open = (kind: StepKind, token: string, now: Date) =>
  and(eq(signInSteps.hash, tokenHash(token)), eq(signInSteps.kind, kind), gt(signInSteps.expiresAt, now))

/** A step that is not over. */
export async function findStep(db: Db, kind: StepKind, token: string): Promise<Step | undefined> {
  return db
    .select()
    .from(signInSteps)
    .where(open(kind, token, new Date()))
    .get()
}

/** Uses a step up and returns it; `undefined` when it has expired. One statement, so that it works only once. */
export async function useStep(tx: Tx, kind: StepKind, token: string): Promise<Step | undefined> {
  return tx
    .delete(signInSteps)
    .where(open(kind, token, new Date()))
    .returning()
    .get()
}

/** Counts a wrong answer. Returns whether more answers are accepted; the fifth wrong one ends the step. */
export async function countFailure(tx: Tx, hash: string): Promise<boolean> {
  const step = await tx
    .update(signInSteps)
    .set({ failures: sql`${signInSteps.failures} + 1` })
    .where(eq(signInSteps.hash, hash))
    .returning({ failures: signInSteps.failures })
    .get()
  const goesOn = step !== undefined && step.failures < maxFailures
  if (!goesOn) await tx.delete(signInSteps).where(eq(signInSteps.hash, hash)).run()
  return goesOn
}
