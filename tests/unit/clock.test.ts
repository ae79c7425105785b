import { describe, expect, test } from "bun:test"
import { renderContent } from "../../src/features/messages/render.ts"
import { Clock, utc } from "../../src/web/clock.ts"
import { Clocks, isZone } from "../../src/web/clocks.ts"
import { localize } from "../../views/localize.ts"
import { timeHtml } from "../../views/times.tsx"

const at = new Date("2026-07-28T22:05:07.123Z")

test("a clock formats times by its zone and format", () => {
  const [berlin, newYork] = [new Clock("Europe/Berlin"), new Clock("America/New_York", true)]

  expect([berlin.time(at), berlin.dateTime(at)]).toEqual(["00:05", "29 Jul 2026, 00:05"])
  expect(berlin.full(at)).toBe("Wednesday, 29 July 2026, 00:05:07")
  expect([newYork.time(at), newYork.dateTime(at)]).toEqual(["6:05 PM", "28 Jul 2026, 6:05 PM"])
  expect([berlin.day(at), newYork.day(at)]).toEqual(["2026-07-29", "2026-07-28"])
  expect(newYork.dayName("2026-07-28")).toBe("Tuesday, 28 July 2026")
  expect(new Clock("UTC", true).time(new Date("2026-01-01T00:00:00Z"))).toBe("12:00 AM")
  expect(new Clock("UTC", true).time(new Date("2026-01-01T12:30:00Z"))).toBe("12:30 PM")
})

test("times in messages are written as they ask for it, by the clock of who reads them", () => {
  const markup = renderContent("<t:1785276307:F> <t:1785276307:T> <t:1785276307:R> datetime=&quot;")
  const [, ...texts] =
    localize(markup, { clock: new Clock("America/New_York", true) }).match(/>[^<]+<|title="[^"]+"/g) ?? []

  expect(localize(markup, { clock: utc })).toContain(">22:05:07 UTC<")
  expect(texts.join()).toContain(">Tuesday, 28 July 2026, 6:05 PM<")
  expect(texts.join()).toContain(">6:05:07 PM<")
  // Without a script it would not stay true how far off it is.
  expect(texts.at(-1)).toBe(">28 July 2026, 6:05 PM<")
})

test("the fallback clock says that it is UTC", () => {
  expect(utc.time(at)).toBe("22:05 UTC")
  expect(utc.dateTime(at)).toBe("28 Jul 2026, 22:05 UTC")
  expect(utc.dayName(utc.day(at))).toBe("Tuesday, 28 July 2026 UTC")
  expect(new Clock("UTC").time(at)).toBe("22:05")
})

test("what all zones show is what Intl shows, also around the hours in which clocks are changed", () => {
  const hourMs = 3_600_000
  const changes = [
    "2026-03-29T01:00:00Z",
    "2026-10-25T01:00:00Z",
    "2026-03-08T10:00:00Z",
    "2026-04-04T15:00:00Z",
  ]
  const times = changes.flatMap((change) =>
    [-13, -1, -0.001, 0, 0.25, 13].map((hours) => new Date(Date.parse(change) + hours * hourMs)),
  )
  for (const zone of Intl.supportedValuesOf("timeZone")) {
    const clock = new Clock(zone)
    const format = new Intl.DateTimeFormat("sv-SE", {
      timeZone: zone,
      dateStyle: "short",
      timeStyle: "short",
    })
    for (const time of times) {
      expect([zone, `${clock.day(time)} ${clock.time(time)}`]).toEqual([zone, format.format(time)])
    }
  }
})

test("a clock that was changed a minute after midnight shows it from that minute on", () => {
  const stJohns = new Clock("America/St_Johns")
  const shown = ["03:30:59", "03:31:00", "03:44:00"].map((time) =>
    stJohns.time(new Date(`2010-03-14T${time}Z`)),
  )

  expect(shown).toEqual(["00:00", "01:01", "01:14"])
})

test("a day begins when the clock begins it, also where no clock shows midnight", () => {
  const begins = (zone: string, day: string) => new Clock(zone).startOf(day).toISOString()

  expect(begins("Asia/Tokyo", "2026-01-05")).toBe("2026-01-04T15:00:00.000Z")
  expect(begins("Europe/Berlin", "2026-03-30")).toBe("2026-03-29T22:00:00.000Z")
  expect(begins("UTC", "2026-01-05")).toBe("2026-01-05T00:00:00.000Z")
  // In Santiago it was 1:00 after 23:59.
  expect(new Clock("America/Santiago").day(new Clock("America/Santiago").startOf("2025-09-07"))).toBe(
    "2025-09-07",
  )
})

describe("markup that is rendered once for everyone", () => {
  const markup = `<p>${timeHtml(at, "date")} ${timeHtml(at, "clock")}</p>`

  test("says UTC, and by another clock what that shows", () => {
    expect(markup).toContain(">28 Jul 2026, 22:05 UTC<")
    // Of a message: the place of its time.
    expect(markup).toEndWith("></time></p>")

    const there = localize(markup, { clock: new Clock("Asia/Tokyo", true) })
    expect(there.match(/>[^<]+</g)).toEqual([">29 Jul 2026, 7:05 AM<", "> <", ">7:05 AM<"])
    expect(there.match(/datetime="[^"]+"/g)).toEqual(markup.match(/datetime="[^"]+"/g))
    expect(there.match(/title="Wednesday, 29 July 2026, 7:05:07 AM"/g)).toHaveLength(1)
    expect(localize(there, { clock: utc })).toBe(there)
  })

  test("changes in its times only", () => {
    const written = `<p alt="<time datetime=&#34;2026-07-28T22:05:07.123Z&#34;>x</time>">&lt;time datetime="2026-07-28T22:05:07.123Z">x&lt;/time></p>`
    expect(localize(written, { clock: new Clock("Asia/Tokyo") })).toBe(written)
    const day = `<time datetime="2026-07-28">Tuesday, 28 July 2026</time>`
    expect(localize(day, { clock: new Clock("Asia/Tokyo") })).toBe(day)
  })
})

describe("whose clock it is", () => {
  const clocks = new Clocks()
  const asking = (cookie = "") => new Request("http://localhost/", { headers: { cookie } })
  const told = asking("a=b; clock=12h.Asia/Tokyo; covenant.session_token=x")

  test("is the chosen zone, else the browser's, else UTC, which says so", async () => {
    expect((await clocks.of(told, {})).key).toBe("12h.Asia/Tokyo")
    expect((await clocks.of(told, { zone: "Europe/Berlin" })).key).toBe("12h.Europe/Berlin")
    expect((await clocks.of(told, { zone: "Europe/Berlin", isTwelve: false })).key).toBe("24h.Europe/Berlin")
    expect(await clocks.of(asking(), {})).toBe(utc)
    expect((await clocks.of(asking(), { isTwelve: true })).time(at)).toBe("10:05 PM UTC")
    expect(await clocks.of(told, {})).toBe(await clocks.of(told, {}))
  })

  test("is UTC for invalid zones", async () => {
    const nonsense = [
      "12h.",
      "12h.Nowhere/Land",
      `24h.${"x".repeat(5000)}`,
      "99h.Asia/Tokyo",
      "24h.__proto__",
    ]
    for (const cookie of nonsense)
      expect([cookie, (await clocks.of(asking(`clock=${cookie}`), {})).zone]).toEqual([cookie, "UTC"])
  })

  test("is in a zone that there is", () => {
    for (const zone of Intl.supportedValuesOf("timeZone")) expect([zone, isZone(zone)]).toEqual([zone, true])
    expect(["", "UTC", "Nowhere/Land", "../etc", "x".repeat(64)].map(isZone)).toEqual([
      ...[false, true, false, false, false],
    ])
  })
})
