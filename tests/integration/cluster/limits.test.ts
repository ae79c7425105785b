import { afterEach, expect, test } from "bun:test"
import { startRedis } from "../../../src/cli/services/redis.ts"
import { RedisConnection } from "../../../src/cluster/redis-connection.ts"
import { RedisLimit } from "../../../src/cluster/redis-limit.ts"
import { RateLimit } from "../../../src/rate-limit.ts"
import { until } from "../../support/listen.ts"
import { ownTime } from "../../support/own-time.ts"
import { createProxy } from "../../support/proxy.ts"
import { describeWithServices, sharedRedis } from "../../support/services.ts"

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean()
})

/** On a busy machine Redis may take longer than the tenth of a second after which a node decides by itself. */
const patient = { limit: { count: 3, windowMs: 60_000 }, timeoutMs: 10_000 }

async function createLimit(url: string, prefix: string, { limit, timeoutMs }: Options = patient) {
  const redis = new RedisConnection({ url })
  cleanups.push(() => redis.close())
  await until("it is connected", () => redis.isUp)
  return { redis, limit: new RedisLimit({ redis, prefix, limit, timeoutMs, fallback: new RateLimit(limit) }) }
}

interface Options {
  limit: { count: number; windowMs: number }
  timeoutMs?: number
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
    const windowMs = 1000
    const options = { ...patient, limit: { count: 1, windowMs } }
    const { limit } = await createLimit((await sharedRedis()).url, crypto.randomUUID(), options)
    const askedAt = performance.now()
    expect(await limit.take("bob")).toBe(0)
    const takenAt = performance.now()
    let refusedAt = takenAt

    await until("it is allowed again", async () => {
      const at = performance.now()
      const waitSeconds = await limit.take("bob")
      if (waitSeconds === 0) return true

      expect(waitSeconds).toBe(1)
      refusedAt = at
      return false
    })
    // Redis counts whole milliseconds.
    expect(performance.now() - askedAt).toBeGreaterThan(windowMs - 2)
    expect(refusedAt - takenAt).toBeLessThan(windowMs + 2)
  })

  test("each node limits by itself while Redis is gone, and at once", async () => {
    const redis = await startRedis()
    cleanups.push(() => redis[Symbol.asyncDispose]())
    const { limit, redis: connection } = await createLimit(redis.url, "limit ")
    await limit.count("bob")

    await redis.kill()
    await until("the connection is lost", () => !connection.isUp)
    let decided: number[] = []
    void Promise.all([1, 2, 3, 4].map(() => limit.take("bob"))).then((taken) => {
      decided = taken
    })
    await new Promise(setImmediate)

    expect(decided.map((wait) => wait > 0)).toEqual([false, false, false, true])
    expect(await headersOf(limit, "bob")).toMatchObject({ "x-ratelimit-remaining": "0" })
    await redis.startAgain()
    await until("it is shared again", () => connection.isUp)
    expect(await limit.take("bob")).toBe(0)
  })

  test("a Redis that does not answer costs a tenth of a second", async () => {
    const proxy = await createProxy(Number(new URL((await sharedRedis()).url).port))
    cleanups.push(() => proxy.close())
    const url = proxy.origin.replace("http", "redis")
    const { limit } = await createLimit(url, crypto.randomUUID(), { limit: patient.limit })

    proxy.freeze()
    const askedAt = performance.now()
    using asked = ownTime()
    expect(await limit.take("bob")).toBe(0)
    expect(performance.now() - askedAt).toBeGreaterThan(90)
    expect(asked.ms()).toBeLessThan(400)
  })
})
