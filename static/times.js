import { Clock } from "../src/web/clock.ts"
import { findAll } from "./elements.js"
import { on } from "./events.js"

const dayMs = 86_400_000
/** How often is checked whether a new day began. */
const pollMs = 60_000
const cookieSeconds = 31_536_000
/** Swap targets in which times appear, besides the log and the dialog, which localize their own. */
const swapTargets = ["preview", "search-found", "inbox-list"]

/** Units of relative times, with how many of each make one of the next. */
const units = /** @type {const} */ ([
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30.44],
  ["month", 12],
  ["year", Number.POSITIVE_INFINITY],
])
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" })

/**
 * Writes the page's times in the viewer's time zone and format: the chosen ones, else the browser's. Tells the server
 * the browser's, for pages without scripting. Names of days like "Today" are kept up to date.
 */
export class LocalTimes {
  #clock = readClock()
  /**
   * The day and the clock that each element's text was written by.
   * @type {WeakMap<Element, string>}
   */
  #written = new WeakMap()

  constructor() {
    tellServer()
    this.localize(document)
    setInterval(() => this.localize(document), pollMs)
    document.addEventListener("htmx:after:swap", ({ detail }) => {
      const id = detail.ctx?.target?.id ?? ""
      // By id: the swap may have replaced the target.
      const place = swapTargets.includes(id) && document.getElementById(id)
      if (place) this.localize(place)
    })
    on("appearance:changed", () => {
      this.#clock = readClock()
      this.localize(document)
    })
  }

  /** @param {ParentNode} root */
  localize(root) {
    const today = this.dayOf(new Date())
    const version = `${today} ${this.#clock.key}`
    for (const element of findAll(root, "time[datetime]:not(.sending)")) {
      const time = /** @type {HTMLTimeElement} */ (element)
      const isRelative = time.dataset.style === "R"
      if (this.#written.get(time) === version && !isRelative) continue

      this.#written.set(time, version)
      const isDay = time.dateTime.length === today.length
      time.title = isDay ? this.#clock.dayName(time.dateTime) : this.full(new Date(time.dateTime))
      time.textContent = isDay ? this.#nameOfDay(time.dateTime, today) : this.#textOf(time, today)
    }
  }

  /**
   * Date, time and weekday.
   * @param {Date} at
   */
  full(at) {
    return this.#clock.full(at)
  }

  /**
   * The day of a time, as the `datetime` of a day.
   * @param {Date} at
   */
  dayOf(at) {
    return this.#clock.day(at)
  }

  /**
   * @param {HTMLTimeElement} time
   * @param {string} today
   */
  #textOf(time, today) {
    const at = new Date(time.dateTime)
    const style = /** @type {import("../src/web/clock.ts").TimeStyle | undefined} */ (time.dataset.style)
    if (style) return style === "R" ? relativeTime(at) : this.#clock.styled(at, style)

    const isTimeOnly = time.matches(".message > header time") || this.dayOf(at) === today
    return isTimeOnly ? this.#clock.time(at) : this.#clock.dateTime(at)
  }

  /**
   * @param {string} day
   * @param {string} today
   */
  #nameOfDay(day, today) {
    if (day === today) return "Today"

    const isYesterday = Date.parse(day) + dayMs === Date.parse(today)
    return isYesterday ? "Yesterday" : this.#clock.dayName(day)
  }
}

/**
 * `in 5 minutes`, `2 days ago`.
 * @param {Date} at
 */
function relativeTime(at) {
  let count = (at.getTime() - Date.now()) / 1000
  for (const [unit, size] of units) {
    if (Math.abs(Math.round(count)) < size) return relative.format(Math.round(count), unit)
    count /= size
  }
  return ""
}

function readClock() {
  const { zone, clock: format } = document.documentElement.dataset
  const isTwelve = (format ?? browserFormat()) === "12h"
  try {
    return new Clock(zone, isTwelve)
  } catch {
    // The server knows a zone that this browser does not know.
    return new Clock(undefined, isTwelve)
  }
}

function browserFormat() {
  const { hour12 } = new Intl.DateTimeFormat([], { hour: "numeric" }).resolvedOptions()
  return hour12 ? "12h" : "24h"
}

/** In a cookie, because requests without scripting have to send it too. */
function tellServer() {
  const cookie = `clock=${browserFormat()}.${new Clock(undefined).zone}`
  if (document.cookie.split("; ").includes(cookie)) return

  const secure = location.protocol === "https:" ? "; secure" : ""
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http.
  document.cookie = `${cookie}; path=/; max-age=${cookieSeconds}; samesite=lax${secure}`
}
