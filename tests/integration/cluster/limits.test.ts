import { afterEach, expect, test } from "bun:test"
import { startRedis } from "../../../src/cli/services/redis.ts"
import { RedisConnection } from "../../../src/cluster/redis-connection.ts"
import { RedisLimit } from "../../../src/cluster/redis-limit.ts"
import { RateLimit } from "../../../src/rate-limit.ts"
import { until } from "../../support/listen.ts"
import { createProxy } from "../../support/proxy.ts"
import { describeWithServices, sharedRedis } from "../../support/services.ts"

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean()
})

async function createLimit(url: string, prefix: string, limit = { count: 3, windowMs: 60_000 }) {
  const redis = new RedisConnection({ url })
  cleanups.push(() => redis.close())
  await until("it is connected", () => redis.isUp)
  return { redis, limit: new RedisLimit({ redis, prefix, limit, fallback: new RateLimit(limit) }) }
}

const headersOf = async (limit: RedisLimit, ...keys: string[]) =>
  Object.fromEntries(await limit.headers("messages", ...keys))

describeWithServices("a limit in Redis", () => {
  test("is one for all nodes", async () => {
    const { url } = await sharedRedis()
    const prefix = crypto.randomUUID()
    const [one, two] = [await createLimit(url, prefix), await createLimit(url, prefix)]

    const taken = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => [one, two][n % 2]?.limit.take("bob")))

    expect(taken.filter((wait) => wait === 0)).toHaveLength(3)
    expect(taken.filter((wait) => wait === 60)).toHaveLength(3)
    expect(one.limit.refused + two.limit.refused).toBe(3)
    expect(await one.limit.take("alice")).toBe(0)
    expect(await headersOf(two.limit, "alice")).toMatchObject({ ratelimit: '"messages";r=2;t=60' })
    expect(await headersOf(two.limit, "alice", "bob")).toMatchObject({ "x-ratelimit-remaining": "0" })
  })

  test("checking counts nothing, and counting checks nothing", async () => {
    const { limit } = await createLimit((await sharedRedis()).url, crypto.randomUUID())

    for (let n = 0; n < 5; n++) expect(await limit.check("bob")).toBe(0)
    for (let n = 0; n < 5; n++) await limit.count("bob")

    expect(await limit.check("bob")).toBe(60)
    expect(await headersOf(limit, "bob")).toMatchObject({ "x-ratelimit-remaining": "0" })
  })

  test("waiting as long as it said is enough, and less is not", async () => {
    const limits = { count: 1, windowMs: 1000 }
    const { limit } = await createLimit((await sharedRedis()).url, crypto.randomUUID(), limits)
    const takenAt = performance.now()
    expect(await limit.take("bob")).toBe(0)
    expect(await limit.take("bob")).toBe(1)

    await until("it is allowed again", async () => (await limit.take("bob")) === 0)
    expect(performance.now() - takenAt).toBeWithin(950, 1500)
  })

  test("each node limits by itself while Redis is gone, and at once", async () => {
    const redis = await startRedis()
    cleanups.push(() => redis[Symbol.asyncDispose]())
    const { limit, redis: connection } = await createLimit(redis.url, "limit ")
    await limit.count("bob")

    await redis.kill()
    await until("the connection is lost", () => !connection.isUp)
    const startedAt = performance.now()
    const taken = [1, 2, 3, 4].map(() => limit.take("bob"))

    expect((await Promise.all(taken)).map((wait) => wait > 0)).toEqual([false, false, false, true])
    expect(performance.now() - startedAt).toBeLessThan(100)
    expect(await headersOf(limit, "bob")).toMatchObject({ "x-ratelimit-remaining": "0" })
    await redis.startAgain()
    await until("it is shared again", () => connection.isUp)
    expect(await limit.take("bob")).toBe(0)
  })

  test("a Redis that does not answer costs a tenth of a second", async () => {
    const proxy = await createProxy(Number(new URL((await sharedRedis()).url).port))
    cleanups.push(() => proxy.close())
    const { limit } = await createLimit(proxy.origin.replace("http", "redis"), crypto.randomUUID())

    proxy.freeze()
    const startedAt = performance.now()
    expect(await limit.take("bob")).toBe(0)
    expect(performance.now() - startedAt).toBeWithin(90, 400)
  })
})
