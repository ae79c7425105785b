import type { Clock } from "../../web/clock.ts"

const minuteMs = 60_000

/**
 * When a status ends by the choice of its form: after so many minutes, or at the next midnight of the viewer. `undefined`:
 * when it is changed.
 */
export function endOf(duration: string, now: Date, clock: Pick<Clock, "zone">): Date | undefined {
  if (duration === "today") return nextMidnight(now, clock.zone)

  const minutes = /^\d{1,4}$/.test(duration) ? Number(duration) : 0
  return minutes > 0 ? new Date(now.getTime() + minutes * minuteMs) : undefined
}

/** The first minute of the next day in a time zone: days are not all 24 hours long, and zones may skip midnight. */
function nextMidnight(now: Date, zone: string): Date {
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, dateStyle: "short" })
  const today = format.format(now)
  // No day is longer than 25 hours. The day changes once between the two.
  let [before, after] = [Math.floor(now.getTime() / minuteMs), Math.ceil(now.getTime() / minuteMs) + 26 * 60]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (format.format(new Date(middle * minuteMs)) === today) before = middle
    else after = middle
  }
  return new Date(after * minuteMs)
}
