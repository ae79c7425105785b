import type { DueTime } from "../../views/due-times.tsx"
import { type ProcedureError, Refusal } from "../kernel/index.ts"
import type { Clock } from "../web/clock.ts"
import { field } from "./form-fields.ts"

/** How far ahead something may be put off. */
const maxDaysAhead = 366
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** At which hour of a day "tomorrow" and "Monday" are. */
const morning = "09:00"

const isMonday = 1

interface Moment {
  /** Decides when days begin, and what "9:00" is. */
  clock: Pick<Clock, "zone">
  now: Date
}

/** The times that forms offer, as of now. */
export function dueTimes({ clock, now }: Moment): DueTime[] {
  const later = (ms: number) => new Date(now.getTime() + ms)
  const today = localTime(clock, now).toPlainDate()
  const daysToMonday = (7 + isMonday - today.dayOfWeek) % 7 || 7
  return [
    { choice: "20m", label: "In 20 minutes", at: later(20 * minuteMs) },
    { choice: "1h", label: "In 1 hour", at: later(hourMs) },
    { choice: "3h", label: "In 3 hours", at: later(3 * hourMs) },
    { choice: "tomorrow", label: "Tomorrow", at: morningOf(today.add({ days: 1 }), clock) },
    { choice: "monday", label: "Monday", at: morningOf(today.add({ days: daysToMonday }), clock) },
  ]
}

/**
 * The time that a form names: one of its choices, or a local time such as `2026-07-28T09:05`. A local time that is skipped
 * when clocks are put forward counts as if they had not been; one that comes twice is the first. `undefined` for anything
 * else.
 */
export function dueTimeOf(value: string, moment: Moment): Date | undefined {
  const offered = dueTimes(moment).find(({ choice }) => choice === value)
  if (offered) return offered.at
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/.test(value)) return undefined

  try {
    return instantOf(Temporal.PlainDateTime.from(value, { overflow: "reject" }), moment.clock)
  } catch (error) {
    // A day that no calendar has.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** A time as the field for a local time has it: `2026-07-28T09:05`. */
export function toLocalInput(at: Date, clock: Pick<Clock, "zone">): string {
  return localTime(clock, at).toString({ smallestUnit: "minute" })
}

/** A time that an address says, such as `?at=2026-07-28T09:05:00.000Z`; `undefined` for anything else. */
export function dateIn(query: URLSearchParams, name: string): Date | undefined {
  const at = new Date(query.get(name) ?? "")
  return Number.isNaN(at.getTime()) ? undefined : at
}

/** Refuses a time that nothing can be put off until. Fails: 400, at the field `dueAt`. */
export function requireDueTime(at: Date, now: Date): void {
  const isTooFar = at.getTime() - now.getTime() > maxDaysAhead * dayMs
  const message =
    at <= now ? "Choose a time that is still to come" : isTooFar && "Choose a time within a year"
  if (message) throw new Refusal(message, 400, { issues: [{ path: "dueAt", message }] })
}

function morningOf(day: Temporal.PlainDate, clock: Pick<Clock, "zone">): Date {
  return instantOf(day.toPlainDateTime(morning), clock)
}

function instantOf(local: Temporal.PlainDateTime, { zone }: Pick<Clock, "zone">): Date {
  return new Date(local.toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds)
}

function localTime({ zone }: Pick<Clock, "zone">, at: Date): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone).toPlainDateTime()
}

const chooseTime = "Choose a day and a time"

/** The time chosen in a form: by a button, or in the field for a custom time. Refuses anything that is no time. */
export function chosenDueTime(body: unknown, moment: Moment): { at: Date } | { error: ProcedureError } {
  const at = dueTimeOf(field(body, "when") || field(body, "dueAt"), moment)
  if (at) return { at }

  return { error: { message: chooseTime, code: 400, issues: [{ path: "dueAt", message: chooseTime }] } }
}
