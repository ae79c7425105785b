import { type Placeholder, type SQL, type SQLWrapper, sql } from "drizzle-orm"
import { users } from "../../../drizzle/schema.ts"

/** The columns of a user that say whether they are suspended. */
export interface Suspension {
  suspendedAt: Date | null
  suspendedUntil: Date | null
  suspensionReason: string | null
}

/** Is the account suspended now? */
export function isSuspended(
  { suspendedAt, suspendedUntil }: Omit<Suspension, "suspensionReason">,
  now: Date,
): boolean {
  return suspendedAt !== null && (suspendedUntil === null || suspendedUntil > now)
}

/** The sentence for a suspended person who entered the right password. */
export function suspensionNotice({ suspendedUntil, suspensionReason }: Suspension): string {
  const end = suspendedUntil
    ? `until ${suspendedUntil.toISOString().slice(0, 16).replace("T", " ")} UTC`
    : "until an administrator ends it"
  return `Your account is suspended ${end}${suspensionReason ? `: ${suspensionReason}` : ""}`
}

/** For `where` on `users`: the person is not suspended. `now` is in milliseconds since 1970. */
export function notSuspended(now: Placeholder): SQL {
  return sql`(${users.suspendedAt} is null or ${users.suspendedUntil} <= ${now})`
}

/** For `where`: none of these people and bots is suspended. `now` is in milliseconds since 1970. */
export function noneSuspended(userIds: SQLWrapper[], now: Placeholder): SQL {
  return sql`not exists (select 1 from users held where held.id in (${sql.join(userIds, sql`, `)})
    and held.suspended_at is not null and (held.suspended_until is null or held.suspended_until > ${now}))`
}

/** For `where`: neither the bot nor the person who owns it is suspended. `now` is in milliseconds since 1970. */
export function botMayAct(botId: SQLWrapper, ownerId: SQLWrapper, now: Placeholder): SQL {
  return noneSuspended([botId, ownerId], now)
}
