import { describe, expect, test } from "bun:test"
import { AdmissionFilter, Cache } from "../../src/cache/cache.ts"
import { memoize } from "../../src/cache/memoize.ts"

describe("a cache", () => {
  test("returns a value for the version it was set for, and for no other", () => {
    const cache = new Cache<string>({ maxEntries: 10 })
    cache.set("a", "1", "first")

    expect([cache.get("a", "1"), cache.get("a", "2"), cache.get("b", "1")]).toEqual([
      "first",
      undefined,
      undefined,
    ])
    cache.set("a", "2", "second")
    expect([cache.get("a", "1"), cache.get("a", "2")]).toEqual([undefined, "second"])
  })

  test("creates a value once for each version, also one that is false", async () => {
    const cache = new Cache<boolean>({ maxEntries: 10 })
    let created = 0
    const create = () => ++created < 0

    for (const version of ["1", "1", "2", "2"])
      expect(await cache.getOrCreate("a", version, create)).toBe(false)
    expect(created).toBe(2)
  })

  test("does not cache missing values", async () => {
    const cache = new Cache<string>({ maxEntries: 10 })
    const found = [undefined, "found", "not asked for"]
    const load = async () => found.shift()

    for (const expected of [undefined, "found", "found"])
      expect(await cache.getOrLoad("a", "1", load)).toBe(expected)
  })

  test("loads once for all who ask meanwhile, but not for another version or after a failure", async () => {
    const cache = new Cache<string>({ maxEntries: 10 })
    const loads: string[] = []
    const ask = (version: string, isBroken = false) =>
      cache.getOrLoad("key", version, async () => {
        loads.push(version)
        if (isBroken) throw new Error("It cannot be read")
        return version
      })

    const failed = await Promise.allSettled([ask("1", true), ask("1")])
    const found = await Promise.all([ask("1"), ask("1"), ask("2"), ask("2")])

    expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"])
    expect(found).toEqual(["1", "1", "2", "2"])
    expect(loads).toEqual(["1", "1", "2"])
  })

  test("evicts the oldest entries first; setting one again makes it the newest", () => {
    const cache = new Cache<number>({ maxEntries: 10 })
    for (let key = 0; key < 10; key++) cache.set(String(key), "1", key)
    cache.set("0", "2", 0)
    expect(cache.get("1", "1")).toBe(1) // or it was evicted already

    cache.set("new", "1", 10)

    expect([cache.get("1", "1"), cache.get("2", "1")]).toEqual([undefined, undefined])
    expect([cache.get("3", "1"), cache.get("0", "2"), cache.get("new", "1")]).toEqual([3, 0, 10])
  })

  test("is bounded by the bytes of values and keys", () => {
    const held = (cache: Cache<string>, keys: string[]) =>
      keys.filter((key) => cache.get(key, "1") !== undefined).length
    const keys = Array.from({ length: 100 }, (_, i) => `${i}`)
    const longKeys = keys.map((key) => key.padEnd(10_000, "x"))
    const cacheOf = () => new Cache<string>({ maxBytes: 100_000, bytesOf: (value) => value.length })

    const [byValue, byKey] = [cacheOf(), cacheOf()]
    for (const key of keys) byValue.set(key, "1", "y".repeat(10_000))
    for (const key of longKeys) byKey.set(key, "1", "y")

    for (const count of [held(byValue, keys), held(byKey, longKeys)]) {
      expect(count).toBeGreaterThan(5)
      expect(count).toBeLessThan(10)
    }
  })

  test("counts an entry that grew by its size when it was set last", () => {
    const cache = new Cache<{ bytes: number }>({ maxBytes: 10_000, bytesOf: ({ bytes }) => bytes })
    const entry = cache.set("grows", "1", { bytes: 1000 })
    cache.set("other", "1", { bytes: 1000 })
    entry.bytes = 9500
    cache.set("grows", "1", entry)
    expect(cache.get("other", "1")).toBeUndefined()

    cache.delete("grows")
    for (let key = 0; key < 7; key++) cache.set(String(key), "1", { bytes: 1000 })
    expect(cache.get("0", "1")).toBeDefined()
  })

  test("deletes what matches", () => {
    const cache = new Cache<number>({ maxEntries: 10 })
    for (let key = 0; key < 4; key++) cache.set(String(key), "1", key)

    cache.deleteWhere((value) => value % 2 === 0)

    expect([0, 1, 2, 3].map((key) => cache.get(String(key), "1"))).toEqual([undefined, 1, undefined, 3])
  })
})

test("an admission filter admits keys requested twice in one version", () => {
  const filter = new AdmissionFilter()

  expect(filter.admits("a", "1")).toBe(false)
  expect(filter.admits("b", "1")).toBe(false)
  expect(filter.admits("a", "2")).toBe(false)
  expect(filter.admits("a", "2")).toBe(true)
  expect(filter.admits("b", "1")).toBe(true)
})

test("a memoized function computes once for each object", () => {
  let computed = 0
  const compute = memoize(({ name }: { name: string }) => `${name} ${++computed}`)
  const [one, other] = [{ name: "one" }, { name: "other" }]

  expect([compute(one), compute(other), compute(one)]).toEqual(["one 1", "other 2", "one 1"])
})
