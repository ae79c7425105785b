import { and, asc, eq, sql } from "drizzle-orm"
import { accounts, identityProviders, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import type { IdentityProvider, SignInWays } from "./contract.ts"
import { allowsPasswords } from "./password-sign-in.ts"

/** A provider with its sealed secret. */
export type StoredProvider = typeof identityProviders.$inferSelect

const id = sql.placeholder("id")
const userId = sql.placeholder("userId")
const inOrder = [asc(sql`lower(${identityProviders.name})`), asc(identityProviders.id)]
// Written out: in a subquery Drizzle would write columns without their table.
const people = sql<number>`(select count(*) from accounts where provider_id = identity_providers.id)`.mapWith(
  Number,
)

const statements = prepare((db) => ({
  enabled: db
    .select({ id: identityProviders.id, name: identityProviders.name })
    .from(identityProviders)
    .where(eq(identityProviders.isEnabled, true))
    .orderBy(...inOrder)
    .prepare(),
  list: db
    .select({ provider: identityProviders, people })
    .from(identityProviders)
    .orderBy(...inOrder)
    .prepare(),
  find: db
    .select({ provider: identityProviders, people })
    .from(identityProviders)
    .where(eq(identityProviders.id, id))
    .prepare(),
  person: db
    .select({
      id: users.id,
      username: users.username,
      suspendedAt: users.suspendedAt,
      suspendedUntil: users.suspendedUntil,
      suspensionReason: users.suspensionReason,
      waitingSince: users.waitingSince,
    })
    .from(accounts)
    .innerJoin(users, eq(users.id, accounts.userId))
    .where(and(eq(accounts.providerId, id), eq(accounts.accountId, sql.placeholder("accountId"))))
    .prepare(),
  connected: db
    .select({ id: identityProviders.id })
    .from(accounts)
    .innerJoin(identityProviders, eq(identityProviders.id, accounts.providerId))
    .where(eq(accounts.userId, userId))
    .prepare(),
  ways: db
    .select({
      password: sql<unknown>`exists (select 1 from accounts where user_id = ${userId} and provider_id = 'credential')`,
      passkeys: sql<unknown>`exists (select 1 from passkeys where user_id = ${userId})`,
      providers:
        sql<number>`(select count(*) from accounts a join identity_providers p on p.id = a.provider_id
        where a.user_id = ${userId} and p.is_enabled = ${true} and p.id <> ${id})`.mapWith(Number),
    })
    .from(sql`(select 1) as one`)
    .prepare(),
  worked: db
    .select({ id: accounts.id })
    .from(accounts)
    .innerJoin(
      identityProviders,
      and(eq(identityProviders.id, accounts.providerId), eq(identityProviders.isEnabled, true)),
    )
    .limit(1)
    .prepare(),
}))

const ownStatements = prepare((db) => ({
  connected: db
    .select({ id: identityProviders.id, name: identityProviders.name })
    .from(accounts)
    .innerJoin(
      identityProviders,
      and(eq(identityProviders.id, accounts.providerId), eq(identityProviders.isEnabled, true)),
    )
    .where(eq(accounts.userId, userId))
    .orderBy(...inOrder)
    .prepare(),
}))

/** The providers that people may sign in at. */
export async function listEnabledProviders(db: Db): Promise<{ id: string; name: string }[]> {
  return statements(db).enabled.all({})
}

/** The providers that a person can sign in at. */
export async function listConnected(db: Db, ofUser: string): Promise<{ id: string; name: string }[]> {
  return ownStatements(db).connected.all({ userId: ofUser })
}

interface Counted {
  provider: StoredProvider
  people: number
}

/** A provider as administrators see it. */
function shown({ provider, people }: Counted): IdentityProvider {
  const { clientSecret, groupRoles, ...rest } = provider
  return {
    ...rest,
    hasSecret: clientSecret !== "",
    groupRoles: groupRoles.map(({ administrator, ...role }) => ({
      ...role,
      ...(administrator && { administrator }),
    })),
    people,
  }
}

export async function listShownProviders(db: Db): Promise<IdentityProvider[]> {
  return (await statements(db).list.all({})).map(shown)
}

export async function findShownProvider(db: Db, providerId: string): Promise<IdentityProvider | undefined> {
  const found = await statements(db).find.get({ id: providerId })
  return found && shown(found)
}

/** A provider with its secret. */
export async function findProvider(db: Db, providerId: string): Promise<StoredProvider | undefined> {
  return (await statements(db).find.get({ id: providerId }))?.provider
}

export async function insertProvider(tx: Tx, provider: Omit<StoredProvider, "createdAt">): Promise<void> {
  await tx.insert(identityProviders).values(provider).run()
}

export async function updateProvider(
  tx: Tx,
  providerId: string,
  fields: Partial<Omit<StoredProvider, "id" | "createdAt">>,
): Promise<void> {
  if (Object.keys(fields).length === 0) return
  await tx.update(identityProviders).set(fields).where(eq(identityProviders.id, providerId)).run()
}

/** Deletes a provider and what connects people to it. */
export async function deleteProvider(tx: Tx, providerId: string): Promise<void> {
  await tx.delete(accounts).where(eq(accounts.providerId, providerId)).run()
  await tx.delete(identityProviders).where(eq(identityProviders.id, providerId)).run()
}

/** The person whom a provider knows by this id. */
export async function findPersonAt(db: Db, providerId: string, accountId: string) {
  return statements(db).person.get({ id: providerId, accountId })
}

/** Connects a person to an account at a provider. `false`: that one is somebody's already. */
export async function insertConnection(
  tx: Tx,
  { providerId, accountId, userId }: { providerId: string; accountId: string; userId: string },
): Promise<boolean> {
  const values = { id: crypto.randomUUID(), providerId, accountId, userId, updatedAt: new Date() }
  const added = await tx
    .insert(accounts)
    .values(values)
    .onConflictDoNothing()
    .returning({ id: accounts.id })
    .all()
  return added.length > 0
}

/** `false` when the person was not connected. */
export async function deleteConnection(tx: Tx, providerId: string, userId: string): Promise<boolean> {
  const removed = await tx
    .delete(accounts)
    .where(and(eq(accounts.userId, userId), eq(accounts.providerId, providerId)))
    .returning({ id: accounts.id })
    .all()
  return removed.length > 0
}

/** The ids of the providers that a person is connected to, also disabled ones. */
export async function listConnectedIds(db: Db, userId: string): Promise<string[]> {
  return (await statements(db).connected.all({ userId })).map(({ id }) => id)
}

/** The ways in which a person can sign in, without one provider. */
export async function findOtherWays(db: Db, userId: string, providerId: string) {
  const row = await statements(db).ways.get({ userId, id: providerId })
  return {
    hasPassword: Boolean(row?.password),
    hasPasskey: Boolean(row?.passkeys),
    providers: row?.providers ?? 0,
  }
}

/** Is anyone connected to a provider that is enabled? Only a sign-in that worked connects. */
export async function hasWorked(db: Db): Promise<boolean> {
  return (await statements(db).worked.get({})) !== undefined
}

/** How one signs in here: with a password or not, and at which providers. */
export async function findSignInWays(db: Db): Promise<SignInWays> {
  const [passwords, providers] = await Promise.all([allowsPasswords(db), listEnabledProviders(db)])
  return { passwords, providers }
}
