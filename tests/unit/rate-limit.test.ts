import { expect, test } from "bun:test"
import { RateLimit } from "../../src/rate-limit.ts"

/** A limit with a clock that the test advances. */
function createLimit(count: number, windowMs: number) {
  const clock = { ms: 1_000_000 }
  return { clock, limit: new RateLimit({ count, windowMs }, () => clock.ms) }
}

test("over the limit the result is the time to wait", () => {
  const { clock, limit } = createLimit(3, 10_000)

  expect(limit.take("bob")).toBe(0)
  clock.ms += 3000
  expect(limit.take("bob")).toBe(0)
  expect(limit.take("bob")).toBe(0)
  expect(limit.take("bob")).toBe(7)
})

test("waiting that long is enough, and less is not", () => {
  const { clock, limit } = createLimit(1, 10_000)
  limit.take("bob")
  clock.ms += 500
  expect(limit.take("bob")).toBe(10) // whole seconds, rounded up

  clock.ms += 9499
  expect(limit.take("bob")).toBe(1)
  clock.ms += 1
  expect(limit.take("bob")).toBe(0)
})

test("the window slides: the limit holds in any window of that length", () => {
  const { clock, limit } = createLimit(2, 10_000)
  limit.take("bob")
  clock.ms += 9000
  limit.take("bob")
  clock.ms += 1000

  expect(limit.take("bob")).toBe(0) // the first has expired
  expect(limit.take("bob")).toBe(9) // the second has not
})

test("refused attempts do not count: trying again does not extend the wait", () => {
  const { clock, limit } = createLimit(1, 10_000)
  limit.take("bob")
  for (let second = 1; second < 10; second++) {
    clock.ms += 1000
    expect(limit.take("bob")).toBe(10 - second)
  }

  clock.ms += 1000

  expect(limit.take("bob")).toBe(0)
})

test("keys are limited separately", () => {
  const { limit } = createLimit(1, 10_000)
  limit.take("bob")

  expect(limit.take("alice")).toBe(0)
  expect(limit.take("bob")).toBe(10)
})

test("check does not count, count does", () => {
  const { limit } = createLimit(1, 10_000)

  expect(limit.check("bob")).toBe(0)
  expect(limit.check("bob")).toBe(0)
  limit.count("bob")
  expect(limit.check("bob")).toBe(10)
})

test("counting beyond the limit does not shorten the wait", () => {
  const { clock, limit } = createLimit(2, 10_000)
  for (let count = 0; count < 5; count++) {
    limit.count("bob")
    clock.ms += 1000
  }

  expect(limit.check("bob")).toBe(8) // until the last but one has expired
})

test("many keys evict only expired ones", () => {
  const { clock, limit } = createLimit(1, 10_000)
  for (let index = 0; index < 49_999; index++) limit.count(`old ${index}`)
  clock.ms += 5000
  limit.count("bob")
  clock.ms += 5000

  limit.count("one more")

  expect(limit.check("bob")).toBe(5)
  expect(limit.check("old 1")).toBe(0)
})

test("without a limit it never refuses", () => {
  const limit = new RateLimit(null)

  for (let count = 0; count < 100; count++) expect(limit.take("bob")).toBe(0)
})

test("the headers say how many are left, and the seconds until there are more", () => {
  const { clock, limit } = createLimit(2, 10_000)
  const told = (...keys: string[]) => new Map(limit.headers("messages", ...keys))

  expect(told("bob").get("ratelimit-policy")).toBe('"messages";q=2;w=10')
  expect(told("bob").get("ratelimit")).toBe('"messages";r=2;t=0')
  limit.take("bob")
  clock.ms += 2500
  limit.take("bob")
  expect(told("bob").get("ratelimit")).toBe('"messages";r=0;t=8')
  expect(told("bob").get("x-ratelimit-reset")).toBe(String(limit.take("bob")))
  expect(told("alice", "bob").get("x-ratelimit-remaining")).toBe("0") // the key with the least left
  expect(told("alice").get("x-ratelimit-remaining")).toBe("2")
  clock.ms += 7500
  expect(told("bob").get("ratelimit")).toBe('"messages";r=1;t=3')
  expect(new RateLimit(null).headers("messages", "bob")).toEqual([])
})
