import { type Clock, utc } from "../src/web/clock.ts"

/**
 * When something was. It is written in UTC, the same for everyone: a page puts the clock of its reader to it (`inClock`),
 * and so does a script (`static/times.js`).
 */
export function Time({ at }: { at: Date }) {
  return (
    <time datetime={at.toISOString()} safe>
      {utc.dateTime(at)}
    </time>
  )
}

/** The same where its day is said already: in the log, by the line above. */
export function ClockTime({ at }: { at: Date }) {
  return (
    <time class="clock" datetime={at.toISOString()} safe>
      {utc.time(at)}
    </time>
  )
}

/** Between what was said on one day and on the next. A script says so where it is today or yesterday. */
export function DayLine({ day, clock }: { day: string; clock: Clock }) {
  return (
    <p class="day">
      <time datetime={day} safe>
        {clock.dayName(day)}
      </time>
    </p>
  )
}
