import { eq, sql } from "drizzle-orm"
import { instanceSettings, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { Refusal } from "../../kernel/index.ts"
import type { Identity } from "./standing.ts"
import { notSuspended } from "./suspension.ts"
import { administratorsOnly, factorFirst, lastAdministrator } from "./wording.ts"

// Administrators of the instance. Being one gives no access to servers, channels and messages: what they may read there
// is decided as for everyone.

const id = sql.placeholder("id")

const statements = prepare((db) => ({
  administrator: db
    .select({
      isAdministrator: users.isAdministrator,
      lacksFactor: sql<boolean>`exists (select 1 from instance_settings i where i.needs_second_factor = 1)
          and not exists (select 1 from totp_secrets t where t.user_id = ${id} and t.confirmed_at is not null)
          and not exists (select 1 from passkeys p where p.user_id = ${id})`.mapWith(Boolean),
    })
    .from(users)
    .where(eq(users.id, id))
    .prepare(),
  rule: db
    .select({ needsSecondFactor: instanceSettings.needsSecondFactor })
    .from(instanceSettings)
    .limit(1)
    .prepare(),
  any: db.select({ id: users.id }).from(users).where(sql`is_administrator = 1`).limit(1).prepare(),
  other: db
    .select({ id: users.id })
    .from(users)
    .where(sql`is_administrator = 1 and ${users.id} <> ${id} and ${notSuspended(sql.placeholder("now"))}`)
    .limit(1)
    .prepare(),
}))

/** Does the user administer the instance? */
export async function isAdministrator(db: Db, userId: string): Promise<boolean> {
  return (await statements(db).administrator.get({ id: userId }))?.isAdministrator ?? false
}

/** The field of the issue by which pages know that a second factor is missing. */
export const secondFactorPath = "secondFactor"

/**
 * Refuses everyone but administrators of the instance, and those without a second factor where they need one. Fails: 403.
 * In a commit, call it again with its handle.
 */
export async function requireAdministrator({ db }: { db: Db }, viewer: Identity): Promise<void> {
  const found = await statements(db).administrator.get({ id: viewer.id })
  if (!found?.isAdministrator) throw new Refusal(administratorsOnly, 403)
  if (!found.lacksFactor) return

  const issues = [{ path: secondFactorPath, message: factorFirst }]
  throw new Refusal(factorFirst, 403, { issues })
}

/** Whether administrators need a second factor. */
export async function findSecondFactorRule(db: Db): Promise<boolean> {
  return (await statements(db).rule.get({}))?.needsSecondFactor ?? false
}

/** Does anyone administer the instance? Without anyone, its one-time address makes its opener administrator. */
export async function hasAdministrator(db: Db): Promise<boolean> {
  return (await statements(db).any.get({})) !== undefined
}

/** Is the user the only administrator who is not suspended? Call it in the commit that removes one. */
export async function isLastAdministrator(db: Db, userId: string): Promise<boolean> {
  if (!(await isAdministrator(db, userId))) return false

  return (await statements(db).other.get({ id: userId, now: Date.now() })) === undefined
}

/** Refuses to remove the last administrator. Fails: 400. */
export async function assertNotLastAdministrator(db: Db, userId: string): Promise<void> {
  if (await isLastAdministrator(db, userId)) throw new Refusal(lastAdministrator, 400)
}

/** Who may create servers, as the settings of the instance say. */
type ServerCreation = "everyone" | "administrators"

/** Refuses viewers who may not create servers. Fails: 403. */
export async function requireServerCreation(
  { db }: { db: Db },
  viewer: Identity,
  allowed: ServerCreation,
): Promise<void> {
  if (allowed === "everyone" || (await isAdministrator(db, viewer.id))) return

  throw new Refusal("Only administrators may create servers here", 403)
}
