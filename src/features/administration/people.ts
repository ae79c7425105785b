import { and, asc, eq, gt, isNotNull, isNull, notLike, type SQL, sql } from "drizzle-orm"
import { users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { deletedPrefix } from "../accounts/contract.ts"
import { isSuspended } from "../permissions/suspension.ts"
import { type AdministeredPerson, administrationPageSize, type peopleFilters } from "./contract.ts"

/** Accounts of people: no bots, no webhooks, nobody deleted. */
const isPerson = and(isNull(users.botOwnerId), notLike(users.username, `${deletedPrefix}%`))

const instant = (value: unknown) => (value === null ? null : new Date(Number(value)))

/** The names of columns are written out: in a subquery Drizzle would write them without their table. */
const columns = (now: Date) => ({
  id: users.id,
  username: users.username,
  createdAt: users.createdAt,
  lastSeenAt: sql<Date | null>`(select max(updated_at) from sessions where user_id = users.id)`.mapWith(
    instant,
  ),
  sessions:
    sql<number>`(select count(*) from sessions where user_id = users.id and expires_at > ${now.getTime()})`.mapWith(
      Number,
    ),
  fileBytes: sql<number>`(select coalesce(sum(bytes), 0) from files where user_id = users.id)`.mapWith(
    Number,
  ),
  isAdministrator: users.isAdministrator,
  suspendedAt: users.suspendedAt,
  suspendedUntil: users.suspendedUntil,
  suspensionReason: users.suspensionReason,
  waitingSince: users.waitingSince,
  application: users.application,
})

type Row = Omit<AdministeredPerson, "isSuspended"> & { suspendedAt: Date | null }

function personOf({ suspendedAt, ...person }: Row, now: Date): AdministeredPerson {
  const suspended = isSuspended({ ...person, suspendedAt }, now)
  if (suspended) return { ...person, isSuspended: true }

  return { ...person, isSuspended: false, suspendedUntil: null, suspensionReason: null }
}

interface PeopleQuery {
  search?: string
  filter?: (typeof peopleFilters)[number]
  /** The name of the last person of the page before. */
  after?: string
}

const filters: Record<(typeof peopleFilters)[number], (now: Date) => SQL | undefined> = {
  all: () => undefined,
  administrators: () => sql`is_administrator = 1`,
  suspended: (now) =>
    and(
      isNotNull(users.suspendedAt),
      sql`(${users.suspendedUntil} is null or ${users.suspendedUntil} > ${now.getTime()})`,
    ),
  waiting: () => isNotNull(users.waitingSince),
}

/** A page of people by name. */
export async function listPeople(db: Db, { search, filter = "all", after }: PeopleQuery) {
  const now = new Date()
  const found = await db
    .select(columns(now))
    .from(users)
    .where(
      and(
        isPerson,
        filters[filter](now),
        search ? sql`${users.username} like ${containing(search)} escape '!'` : undefined,
        after === undefined ? undefined : gt(users.username, after),
      ),
    )
    .orderBy(asc(users.username))
    .limit(administrationPageSize + 1)
    .all()
  const people = found.slice(0, administrationPageSize).map((row) => personOf(row, now))
  return { people, next: found.length > people.length ? (people.at(-1)?.username ?? null) : null }
}

/** A pattern of `like`, escaped by `!`. Names are stored in small letters. */
export function containing(search: string): string {
  return `%${search.toLowerCase().replace(/[!%_]/g, "!$&")}%`
}

export async function findPerson(db: Db, userId: string): Promise<AdministeredPerson | undefined> {
  const now = new Date()
  const row = await db
    .select(columns(now))
    .from(users)
    .where(and(eq(users.id, userId), isPerson))
    .get()
  return row && personOf(row, now)
}
