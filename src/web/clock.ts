const months = [
  ...["January", "February", "March", "April", "May", "June", "July"],
  ...["August", "September", "October", "November", "December"],
]
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

/** How a message wants a time to be written. Source: Discord API docs, Message Formatting, Timestamp Styles. */
export type TimeStyle = "t" | "T" | "d" | "D" | "f" | "F" | "R"

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const daySeconds = dayMs / 1000
/** UTC offsets change at whole minutes, not always at quarters of an hour: St. John's changed at 0:01, Casey did in 2022. */
const stepMs = minuteMs
/** Cached offsets: sixteen years of messages on every day. */
const maxSteps = 6000

/**
 * Writes times in a time zone. The browser uses the same class (`static/times.js`), so that a page shows the same times
 * with a script and without: this file must not import anything of the server.
 */
export class Clock {
  /** An IANA name such as `Europe/Berlin`. */
  readonly zone: string
  /** Clocks with the same key write all times alike. */
  readonly key: string
  /** Not for UTC, which has no offset: the first format of a process takes 10 ms, and the server begins with that clock. */
  readonly #format: Intl.DateTimeFormat | undefined
  /** UTC offsets by the start of a step: `Intl` takes a hundred times as long. A plain map, since browsers load this file. */
  readonly #offsets = new Map<number, number>()
  /** The day that was named last: most messages of a page are of one day. */
  #named: { number: number; name: string } | undefined

  /** Without a zone, uses the machine's. Throws a `RangeError` for an unknown one. */
  constructor(
    zone: string | undefined,
    readonly isTwelve = false,
    /** Times name the zone, because the viewer did not choose it. */
    readonly namesZone = false,
  ) {
    if (zone !== "UTC") {
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
    }
    this.zone = this.#format?.resolvedOptions().timeZone ?? "UTC"
    this.key = `${isTwelve ? "12h" : "24h"}.${this.zone}${namesZone ? " named" : ""}`
  }

  /** The number of a local day: the next day has the next number. */
  dayNumber(at: Date): number {
    return Math.floor((at.getTime() + this.#offset(at.getTime())) / dayMs)
  }

  /** `09:05` or `9:05 AM`. */
  time(at: Date): string {
    return this.#withZone(this.#timeOfDay(at, false))
  }

  /** `28 Jul 2026, 09:05`. */
  dateTime(at: Date): string {
    return `${this.#shortDate(at)}, ${this.time(at)}`
  }

  /** `Tuesday, 28 July 2026, 09:05:07`. */
  full(at: Date): string {
    const number = this.dayNumber(at)
    if (this.#named?.number !== number) this.#named = { number, name: dayName(this.day(at)) }
    return this.#withZone(`${this.#named.name}, ${this.#timeOfDay(at, true)}`)
  }

  /** In the style of `<t:…:style>` in a message. Only a script can keep relative times (`R`) up to date. */
  styled(at: Date, style: TimeStyle): string {
    switch (style) {
      case "t":
        return this.time(at)
      case "T":
        return this.#withZone(this.#timeOfDay(at, true))
      case "d":
        return this.#withZone(this.#shortDate(at))
      case "D":
        return this.#withZone(dateName(this.day(at)))
      case "F":
        return this.#withZone(`${dayName(this.day(at))}, ${this.#timeOfDay(at, false)}`)
      default:
        return this.#withZone(`${dateName(this.day(at))}, ${this.#timeOfDay(at, false)}`)
    }
  }

  /** The local day: `2026-07-28`. */
  day(at: Date): string {
    return this.#local(at).toISOString().split("T")[0] ?? ""
  }

  /** The name of a local day: `Tuesday, 28 July 2026`. */
  dayName(day: string): string {
    return this.#withZone(dayName(day))
  }

  /** The start of a local day. */
  startOf(day: string): Date {
    const midnight = Date.parse(`${day}T00:00:00Z`)
    // The offset at midnight UTC gives a first guess; the offset at that time is exact.
    const guess = midnight - this.#offset(midnight)
    const start = new Date(midnight - this.#offset(guess))
    // Where clocks are put forward at midnight, that day has no midnight and begins later.
    return this.day(start) < day ? new Date(guess) : start
  }

  #shortDate(at: Date): string {
    const local = this.#local(at)
    const month = months[local.getUTCMonth()]?.slice(0, 3)
    return `${local.getUTCDate()} ${month} ${local.getUTCFullYear()}`
  }

  #timeOfDay(at: Date, withSeconds: boolean): string {
    const local = Math.floor((at.getTime() + this.#offset(at.getTime())) / 1000)
    const inDay = local - Math.floor(local / daySeconds) * daySeconds
    const hours = Math.floor(inDay / 3600)
    const rest = `${two(Math.floor(inDay / 60) % 60)}${withSeconds ? `:${two(inDay % 60)}` : ""}`
    return this.isTwelve ? `${hours % 12 || 12}:${rest} ${hours < 12 ? "AM" : "PM"}` : `${two(hours)}:${rest}`
  }

  #withZone(text: string): string {
    return this.namesZone ? `${text} ${this.zone}` : text
  }

  /** A date whose UTC fields are the local ones. */
  #local(at: Date): Date {
    return new Date(at.getTime() + this.#offset(at.getTime()))
  }

  /** The UTC offset. When it is the same at both ends of a day, it is the same all day: no zone ever changed twice in one. */
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
    const offset = this.#computeOffset(step)
    this.#offsets.set(step, offset)
    return offset
  }

  #computeOffset(at: number): number {
    const parts = this.#format?.formatToParts(at) ?? []
    const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
    const [year, month, day] = [part("year"), part("month"), part("day")]
    return Date.UTC(year, month - 1, day, part("hour"), part("minute"), part("second")) - at
  }
}

/** The fallback when a viewer's zone is unknown, and the clock of shared markup. */
export const utc = new Clock("UTC", false, true)

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
