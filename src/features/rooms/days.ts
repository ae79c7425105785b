const dayFormat = /^\d{4}-\d{2}-\d{2}$/

/** Is it a day of the calendar, as a date field sends it: `2026-01-31`? */
export function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return dayFormat.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

/** A time zone by its name, such as `Europe/Berlin`; UTC for one that nobody knows. */
export function zoneOf(name: string | undefined): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name || "UTC" }).resolvedOptions().timeZone
  } catch {
    return "UTC"
  }
}

/** When a day begins in a time zone. */
export function startOfDay(day: string, zone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  // What the clocks there say then tells how far they are off; once more, should they have been changed meanwhile.
  const guess = midnight - offsetAt(midnight, zone)
  return new Date(midnight - offsetAt(guess, zone))
}

/** How far the clocks of a time zone are ahead of UTC, in milliseconds. */
function offsetAt(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    hourCycle: "h23",
    ...{
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    },
  } as Intl.DateTimeFormatOptions).formatToParts(at)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
  const [year, month, day] = [part("year"), part("month"), part("day")]
  return Date.UTC(year, month - 1, day, part("hour"), part("minute"), part("second")) - at
}
