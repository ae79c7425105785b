import type { Clock } from "../../web/clock.ts"

const minuteMs = 60_000
const minutesPerHour = 60
const minutesPerDay = 24 * minutesPerHour

/** Minutes of a day: from 0 to 1439. */
export interface QuietHours {
  quietFrom: number | null
  quietUntil: number | null
}

/** Are they quiet hours at a time, by the reader's clock? They may go over midnight. */
export function isQuiet({ quietFrom, quietUntil }: QuietHours, now: Date, clock: Clock): boolean {
  if (quietFrom === null || quietUntil === null || quietFrom === quietUntil) return false

  const minute = minuteOfDay(now, clock)
  return quietFrom < quietUntil
    ? minute >= quietFrom && minute < quietUntil
    : minute >= quietFrom || minute < quietUntil
}

/** The quiet hours that are now, or come next, in milliseconds since 1970; `undefined`: there are none. */
export function nextQuiet(
  hours: QuietHours,
  now: Date,
  clock: Clock,
): [from: number, until: number] | undefined {
  const { quietFrom, quietUntil } = hours
  if (quietFrom === null || quietUntil === null || quietFrom === quietUntil) return undefined

  const minute = minuteOfDay(now, clock)
  const passed = (since: number, until: number) => (until - since + minutesPerDay) % minutesPerDay
  const start = Math.floor(now.getTime() / minuteMs)
  const from = isQuiet(hours, now, clock)
    ? start - passed(quietFrom, minute)
    : start + passed(minute, quietFrom)
  return [from * minuteMs, (from + passed(quietFrom, quietUntil)) * minuteMs]
}

/** `clock` writes 24 hours. */
function minuteOfDay(at: Date, clock: Clock): number {
  const [hours = 0, minutes = 0] = clock.time(at).match(/\d+/g)?.map(Number) ?? []
  return hours * minutesPerHour + minutes
}
