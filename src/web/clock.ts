const months = [
  ...["January", "February", "March", "April", "May", "June", "July"],
  ...["August", "September", "October", "November", "December"],
]
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

/** How a time in a message is to be written. Source: Discord API docs, Message Formatting, Timestamp Styles. */
export type TimeStyle = "t" | "T" | "d" | "D" | "f" | "F" | "R"

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const daySeconds = dayMs / 1000
/** Clocks are changed when a new minute begins, not always a new quarter of an hour: St. John's had 0:01, as Casey still in 2022. */
const stepMs = minuteMs
/** Steps remembered: sixteen years of messages on every day. */
const maxSteps = 6000

/**
 * A clock that times are written by. The browser's script writes them by the same (`static/times.js`), so that a page
 * says the same with it and without: nothing of the server may come in here.
 */
export class Clock {
  /** An IANA name such as `Europe/Berlin`. */
  readonly zone: string
  /** Tells clocks apart that write anything differently. */
  readonly key: string
  readonly #format: Intl.DateTimeFormat
  /** How far it is ahead of UTC when a step begins: to ask `Intl` costs a hundred times as much. */
  readonly #offsets = new Map<number, number>()
  /** The day last written in full: what is on a page is mostly of one. */
  #named: { number: number; name: string } | undefined

  /** Throws a `RangeError` for a zone that nobody knows; without one it is the machine's. */
  constructor(
    zone: string | undefined,
    readonly isTwelve = false,
    /** Times say which zone they are in: whoever reads them did not choose it. */
    readonly saysZone = false,
  ) {
    this.#format = new Intl.DateTimeFormat("en", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    })
    this.zone = this.#format.resolvedOptions().timeZone
    this.key = `${isTwelve ? "12h" : "24h"}.${this.zone}${saysZone ? " said" : ""}`
  }

  /** Which of its days that is: a number that grows by one with each. */
  dayNumber(at: Date): number {
    return Math.floor((at.getTime() + this.#offset(at.getTime())) / dayMs)
  }

  /** `09:05` or `9:05 AM`. */
  time(at: Date): string {
    return this.#marked(this.#hands(at, false))
  }

  /** `28 Jul 2026, 09:05`. */
  dateTime(at: Date): string {
    return `${this.#shortDate(at)}, ${this.time(at)}`
  }

  /** `Tuesday, 28 July 2026, 09:05:07`. */
  full(at: Date): string {
    const number = this.dayNumber(at)
    if (this.#named?.number !== number) this.#named = { number, name: dayName(this.day(at)) }
    return this.#marked(`${this.#named.name}, ${this.#hands(at, true)}`)
  }

  /** As `<t:…:style>` in a message asks for it. How far off that is has to be told by a script. */
  styled(at: Date, style: TimeStyle): string {
    switch (style) {
      case "t":
        return this.time(at)
      case "T":
        return this.#marked(this.#hands(at, true))
      case "d":
        return this.#marked(this.#shortDate(at))
      case "D":
        return this.#marked(dateName(this.day(at)))
      case "F":
        return this.#marked(`${dayName(this.day(at))}, ${this.#hands(at, false)}`)
      default:
        return this.#marked(`${dateName(this.day(at))}, ${this.#hands(at, false)}`)
    }
  }

  /** The day that it shows: `2026-07-28`. */
  day(at: Date): string {
    return this.#there(at).toISOString().split("T")[0] ?? ""
  }

  /** What a day that it shows is called: `Tuesday, 28 July 2026`. */
  dayName(day: string): string {
    return this.#marked(dayName(day))
  }

  /** When a day begins by it. */
  startOf(day: string): Date {
    const midnight = Date.parse(`${day}T00:00:00Z`)
    // What it shows then tells how far off it is; once more, should it have been changed meanwhile.
    const guess = midnight - this.#offset(midnight)
    const start = new Date(midnight - this.#offset(guess))
    // Where clocks are put forward at midnight there is none, and the day begins later.
    return this.day(start) < day ? new Date(guess) : start
  }

  #shortDate(at: Date): string {
    const there = this.#there(at)
    const month = months[there.getUTCMonth()]?.slice(0, 3)
    return `${there.getUTCDate()} ${month} ${there.getUTCFullYear()}`
  }

  #hands(at: Date, withSeconds: boolean): string {
    const there = Math.floor((at.getTime() + this.#offset(at.getTime())) / 1000)
    const inDay = there - Math.floor(there / daySeconds) * daySeconds
    const hours = Math.floor(inDay / 3600)
    const rest = `${two(Math.floor(inDay / 60) % 60)}${withSeconds ? `:${two(inDay % 60)}` : ""}`
    return this.isTwelve ? `${hours % 12 || 12}:${rest} ${hours < 12 ? "AM" : "PM"}` : `${two(hours)}:${rest}`
  }

  #marked(text: string): string {
    return this.saysZone ? `${text} ${this.zone}` : text
  }

  /** A time whose UTC says what this clock says. */
  #there(at: Date): Date {
    return new Date(at.getTime() + this.#offset(at.getTime()))
  }

  /** How far it is ahead of UTC. Both ends of a day tell for all of it: no clock was ever changed twice in one. */
  #offset(at: number): number {
    if (this.zone === "UTC") return 0

    const day = Math.floor(at / dayMs) * dayMs
    const offset = this.#offsetAt(day)
    return offset === this.#offsetAt(day + dayMs) ? offset : this.#offsetAt(Math.floor(at / stepMs) * stepMs)
  }

  #offsetAt(step: number): number {
    const known = this.#offsets.get(step)
    if (known !== undefined) return known

    if (this.#offsets.size >= maxSteps) this.#offsets.clear()
    const offset = this.#ask(step)
    this.#offsets.set(step, offset)
    return offset
  }

  #ask(at: number): number {
    const parts = this.#format.formatToParts(at)
    const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
    const [year, month, day] = [part("year"), part("month"), part("day")]
    return Date.UTC(year, month - 1, day, part("hour"), part("minute"), part("second")) - at
  }
}

/** The clock of those of whom nobody knows theirs. What is written for everyone is written by it. */
export const utc = new Clock("UTC", false, true)

/** A rendered time, as `views/times.tsx` and messages have it. People's text has no such quotes in it. */
const renderedTime = /<time( class="clock"| data-style="\w")? datetime="(\d{4}-[^"]+Z)">[^<]*<\/time>/g

/**
 * Markup whose times are written by `utc`, with all of them by another clock. It is how one rendering, kept and sent to
 * everyone, becomes the page of someone who has no script that would do it.
 */
export function inClock(markup: string, clock: Clock): string {
  return markup.replace(renderedTime, (_, how: string | undefined, iso: string) => {
    const at = new Date(iso)
    const style = how?.match(/data-style="(\w)"/)?.[1]
    const text = style ? clock.styled(at, style as TimeStyle) : how ? clock.time(at) : clock.dateTime(at)
    return `<time${how ?? ""} datetime="${iso}" title="${clock.full(at)}">${text}</time>`
  })
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number)
}

function dayName(day: string): string {
  return `${weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()]}, ${dateName(day)}`
}

function dateName(day: string): string {
  const at = new Date(`${day}T00:00:00Z`)
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`
}
