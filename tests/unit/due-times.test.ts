import { describe, expect, test } from "bun:test"
import { dueTimeOf, dueTimes, requireDueTime, toLocalInput } from "../../src/features/due-times.ts"
import { Clock } from "../../src/web/clock.ts"

interface Case {
  zone: string
  now: string
  /** What a form names. */
  value: string
  at: string
  why: string
}

const cases: Case[] = [
  { zone: "UTC", now: "2026-11-29T12:00Z", value: "20m", at: "2026-11-29T12:20Z", why: "plain" },
  { zone: "UTC", now: "2026-11-29T12:00Z", value: "tomorrow", at: "2026-11-30T09:00Z", why: "plain" },
  { zone: "UTC", now: "2026-11-29T12:00Z", value: "monday", at: "2026-11-30T09:00Z", why: "a Sunday" },
  { zone: "UTC", now: "2026-11-30T06:00Z", value: "monday", at: "2026-12-07T09:00Z", why: "a Monday" },
  { zone: "UTC", now: "2026-12-31T12:00Z", value: "tomorrow", at: "2027-01-01T09:00Z", why: "a year ends" },
  {
    zone: "Europe/Berlin",
    now: "2026-11-28T23:30Z",
    value: "tomorrow",
    at: "2026-11-30T08:00Z",
    why: "past midnight there",
  },
  {
    zone: "Europe/Berlin",
    now: "2026-03-28T20:00Z",
    value: "tomorrow",
    at: "2026-03-29T07:00Z",
    why: "put forward at night",
  },
  {
    zone: "Europe/Berlin",
    now: "2026-10-24T20:00Z",
    value: "tomorrow",
    at: "2026-10-25T08:00Z",
    why: "put back at night",
  },
  {
    zone: "Europe/Berlin",
    now: "2026-03-29T00:50Z",
    value: "20m",
    at: "2026-03-29T01:10Z",
    why: "minutes are minutes",
  },
  {
    zone: "Europe/Berlin",
    now: "2026-01-01T00:00Z",
    value: "2026-03-29T02:30",
    at: "2026-03-29T01:30Z",
    why: "skipped",
  },
  {
    zone: "Europe/Berlin",
    now: "2026-01-01T00:00Z",
    value: "2026-10-25T02:30",
    at: "2026-10-25T00:30Z",
    why: "twice: the first",
  },
  {
    zone: "America/New_York",
    now: "2026-03-07T20:00Z",
    value: "tomorrow",
    at: "2026-03-08T13:00Z",
    why: "put forward at night",
  },
  {
    zone: "America/New_York",
    now: "2026-10-30T20:00Z",
    value: "monday",
    at: "2026-11-02T14:00Z",
    why: "put back before",
  },
  {
    zone: "America/New_York",
    now: "2026-01-01T00:00Z",
    value: "2026-03-08T02:30",
    at: "2026-03-08T07:30Z",
    why: "skipped",
  },
  {
    zone: "America/New_York",
    now: "2026-01-01T00:00Z",
    value: "2026-11-01T01:30",
    at: "2026-11-01T05:30Z",
    why: "twice: the first",
  },
  {
    zone: "Australia/Lord_Howe",
    now: "2026-10-03T00:00Z",
    value: "tomorrow",
    at: "2026-10-03T22:00Z",
    why: "by half an hour",
  },
  {
    zone: "Australia/Lord_Howe",
    now: "2026-01-01T00:00Z",
    value: "2026-10-04T02:15",
    at: "2026-10-03T15:45Z",
    why: "skipped",
  },
  {
    zone: "Australia/Lord_Howe",
    now: "2026-01-01T00:00Z",
    value: "2026-04-05T01:45",
    at: "2026-04-04T14:45Z",
    why: "twice: the first",
  },
  {
    zone: "Pacific/Apia",
    now: "2011-12-29T20:00Z",
    value: "tomorrow",
    at: "2011-12-30T19:00Z",
    why: "a day that was skipped: the next",
  },
  {
    zone: "Pacific/Apia",
    now: "2011-12-29T20:00Z",
    value: "monday",
    at: "2012-01-01T19:00Z",
    why: "behind the skipped day",
  },
]

test.each(cases)("$value in $zone at $now, $why", ({ zone, now, value, at }) => {
  expect(dueTimeOf(value, { clock: new Clock(zone), now: new Date(now) })).toEqual(new Date(at))
})

test.each(["", "yesterday", "2026-02-30T09:00", "2026-13-01T00:00", "2026-01-01", "2026-01-01T24:30"])(
  "%p is no time",
  (value) => {
    expect(dueTimeOf(value, { clock: new Clock("UTC"), now: new Date() })).toBeUndefined()
  },
)

describe("a time", () => {
  test("is in its field as the reader's clock shows it, and comes back as it was", () => {
    const now = new Date("2026-10-01T00:00Z")
    for (const zone of ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]) {
      const clock = new Clock(zone)
      for (const { at } of dueTimes({ clock, now }))
        expect(dueTimeOf(toLocalInput(at, clock), { clock, now })).toEqual(at)
    }
    expect(toLocalInput(now, new Clock("Europe/Berlin"))).toBe("2026-10-01T02:00")
  })

  test("is to come, and within a year", () => {
    const now = new Date("2026-10-01T00:00Z")
    const isRefused = (at: string) => {
      try {
        requireDueTime(new Date(at), now)
        return false
      } catch {
        return true
      }
    }
    expect(
      ["2026-10-01T00:00Z", "2026-10-01T00:01Z", "2027-10-01T00:00Z", "2027-10-03T00:00Z"].map(isRefused),
    ).toEqual([...[true, false, false, true]])
  })
})
