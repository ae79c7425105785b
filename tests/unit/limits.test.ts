import { expect, test } from "bun:test"
import { parseConfig } from "../../src/config.ts"
import { features } from "../../src/features/index.ts"
import { defineLimit, Limits } from "../../src/features/limits.ts"

const fixed = defineLimit({ name: "fixed", count: 1, windowMs: 60_000 })
const switched = defineLimit({ name: "switched", count: 1, windowMs: 60_000, offWith: "messageLimit" })
const configured = defineLimit({ name: "configured", configured: "messageLimit" })
const all = [fixed, switched, configured]

/** Which of two calls in a row each limit refuses, where a limit of messages is configured. */
async function refused(RATE_LIMIT_MESSAGES: string) {
  const limits = new Limits(all, parseConfig({ RATE_LIMIT_MESSAGES, AUTH_SECRET: "x".repeat(32) }))
  const take = async (definition: (typeof all)[number]) => (await limits.get(definition).take("alice")) > 0
  return Promise.all(all.map(async (definition) => [await take(definition), await take(definition)]))
}

test("a feature's limit is what it declares, or what is configured", async () => {
  expect(await refused("2/10s")).toEqual([
    [false, true],
    [false, true],
    [false, false],
  ])
  expect(await refused("off")).toEqual([
    [false, true],
    [false, false],
    [false, false],
  ])
})

test("a limit that no feature lists is an error, not a limit that is off", () => {
  const limits = new Limits([fixed], parseConfig({ AUTH_SECRET: "x".repeat(32) }))

  expect(() => limits.get(switched)).toThrow("switched")
})

test("limits are shared but for those of one node, and those that are off", () => {
  const perNode = defineLimit({ name: "per node", count: 1, windowMs: 60_000, isPerNode: true })
  const config = parseConfig({ RATE_LIMIT_MESSAGES: "off", AUTH_SECRET: "x".repeat(32) })
  const shared: string[] = []

  new Limits([...all, perNode], config, (name, _rate, fallback) => {
    shared.push(name)
    return fallback
  })

  expect(shared).toEqual(["fixed"])
})

test("limits have unique names, by which metrics and headers distinguish them", () => {
  const names = Object.values(features).flatMap(({ limits = [] }) => limits.map(({ name }) => name))

  expect(names).toEqual([...new Set(names)])
})
