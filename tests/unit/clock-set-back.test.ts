import { afterEach, expect, setSystemTime, test } from "bun:test"
import { Readiness } from "../../src/observability/readiness.ts"
import { RateLimit } from "../../src/rate-limit.ts"
import { until } from "../support/listen.ts"

const dayMs = 86_400_000

afterEach(() => void setSystemTime())

test("nobody waits longer when the machine's clock is set back", () => {
  const limit = new RateLimit({ count: 1, windowMs: 10_000 })
  setSystemTime(new Date(Date.now() + dayMs))
  expect(limit.take("bob")).toBe(0)
  setSystemTime()

  expect(limit.take("bob")).toBeWithin(1, 11) // the limit still holds
})

test("readiness is looked at again when the machine's clock is set back", async () => {
  let isAway = false
  const ping = () => (isAway ? Promise.reject(new Error("away")) : Promise.resolve())
  const readiness = new Readiness({ ping, commits: { failure: undefined } as never })
  setSystemTime(new Date(Date.now() + dayMs))
  expect(await readiness.reason()).toBeNull()
  setSystemTime()
  isAway = true

  await until("it is unready", async () => (await readiness.reason()) !== null)
})
