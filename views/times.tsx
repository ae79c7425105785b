import { type Clock, type TimeStyle, utc } from "../src/web/clock.ts"

/** With its date, as a time of a day that is named above it, or in the style that a message asks for. */
export type TimeFormat = "date" | "clock" | TimeStyle

/** Without a clock, the time is in UTC: for shared markup, which `localize` or a script (`static/times.js`) rewrites. */
export function timeHtml(at: Date, format: TimeFormat, clock?: Clock): string {
  if (format === "clock") return clockTimeHtml(at, clock)

  const how = format === "date" ? "" : ` data-style="${format}"`
  const title = clock ? ` title="${Bun.escapeHTML(clock.full(at))}"` : ""
  const text = Bun.escapeHTML(textOf(at, format, clock ?? utc))
  return `<time${how} datetime="${at.toISOString()}"${title}>${text}</time>`
}

/** Of a message: short, as all have one. Without a clock it is empty, by which `localize` knows it. */
function clockTimeHtml(at: Date, clock?: Clock): string {
  const text = clock ? Bun.escapeHTML(clock.time(at)) : ""
  return `<time datetime="${at.toISOString().slice(0, secondsEnd)}Z">${text}</time>`
}

const secondsEnd = "2026-07-28T09:05:07".length

function textOf(at: Date, format: Exclude<TimeFormat, "clock">, clock: Clock): string {
  return format === "date" ? clock.dateTime(at) : clock.styled(at, format)
}

/** When something happened. `clock`: the viewer's, or `undefined` in shared markup. */
export function Time({ at, clock }: { at: Date; clock: Clock | undefined }) {
  return timeHtml(at, "date", clock)
}

/** Names the day of the messages below it. A script replaces the name of today and of yesterday. */
export function DayLine({ day, clock }: { day: string; clock: Clock }) {
  return (
    <p class="day">
      <time datetime={day} safe>
        {clock.dayName(day)}
      </time>
    </p>
  )
}
