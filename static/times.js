/**
 * Times as the reader's clock has them: the one they chose, else their browser's, which the server is told of for the
 * pages that have no script. What is of today says so for as long as it is.
 */

import { Clock } from "../src/web/clock.ts"

const dayMs = 86_400_000
/** How often is looked whether today is over. */
const lookMs = 60_000
const cookieSeconds = 31_536_000
/** Where times come in that neither the log nor the dialog sees to. */
const places = ["preview", "search-found"]

/** How many of each make one of the next. */
const units = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30.44],
  ["month", 12],
  ["year", Number.POSITIVE_INFINITY],
]
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" })

let clock = readClock()
/** By which clock, and on which day, each time was written. */
const written = new WeakMap()

export function startTimes() {
  tellServer()
  localizeTimes(document)
  setInterval(() => localizeTimes(document), lookMs)
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    const { id } = detail.ctx?.target ?? {}
    // What was asked for may have replaced what it was asked for.
    const place = places.includes(id) && document.getElementById(id)
    if (place) localizeTimes(place)
  })
  document.addEventListener("look:changed", () => {
    clock = readClock()
    localizeTimes(document)
  })
}

export function localizeTimes(root) {
  const today = clock.day(new Date())
  const now = `${today} ${clock.key}`
  for (const time of root.querySelectorAll("time[datetime]:not(.sending)")) {
    // How far off something is changes all the time.
    const isRelative = time.dataset.style === "R"
    if (written.get(time) === now && !isRelative) continue

    written.set(time, now)
    const isDay = time.dateTime.length === today.length
    time.title = isDay ? clock.dayName(time.dateTime) : clock.full(new Date(time.dateTime))
    time.textContent = isDay ? nameOf(time.dateTime, today) : textOf(time, today)
  }
}

/** When that was, with all that can be said of it. */
export function fullTime(at) {
  return clock.full(at)
}

/** The day that something was on, as a time's `datetime`. */
export function dayOf(at) {
  return clock.day(at)
}

function textOf(time, today) {
  const at = new Date(time.dateTime)
  const { style } = time.dataset
  if (style) return style === "R" ? howFar(at) : clock.styled(at, style)

  const isPlain = time.classList.contains("clock") || clock.day(at) === today
  return isPlain ? clock.time(at) : clock.dateTime(at)
}

/** `in 5 minutes`, `2 days ago`. */
function howFar(at) {
  let count = (at - Date.now()) / 1000
  for (const [unit, size] of units) {
    if (Math.abs(Math.round(count)) < size) return relative.format(Math.round(count), unit)
    count /= size
  }
}

function nameOf(day, today) {
  if (day === today) return "Today"

  const isYesterday = Date.parse(day) + dayMs === Date.parse(today)
  return isYesterday ? "Yesterday" : clock.dayName(day)
}

function readClock() {
  const { zone, clock: format } = document.documentElement.dataset
  const isTwelve = (format ?? ownFormat()) === "12h"
  try {
    return new Clock(zone, isTwelve)
  } catch {
    // The server knows a zone that this browser does not.
    return new Clock(undefined, isTwelve)
  }
}

function ownFormat() {
  const { hour12 } = new Intl.DateTimeFormat([], { hour: "numeric" }).resolvedOptions()
  return hour12 ? "12h" : "24h"
}

/** In a cookie, since it has to come with whatever is asked for without a script. */
function tellServer() {
  const cookie = `clock=${ownFormat()}.${new Clock().zone}`
  if (document.cookie.split("; ").includes(cookie)) return

  const secure = location.protocol === "https:" ? "; secure" : ""
  // biome-ignore lint/suspicious/noDocumentCookie: the other way to set one is missing on plain http.
  document.cookie = `${cookie}; path=/; max-age=${cookieSeconds}; samesite=lax${secure}`
}
