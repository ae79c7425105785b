import { afterEach, expect, test } from "bun:test"
import { startRedis } from "../../../src/cli/services/redis.ts"
import type { BusEvent } from "../../../src/cluster/bus.ts"
import { RedisBus } from "../../../src/cluster/redis-bus.ts"
import { silent } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"
import { ownTime } from "../../support/own-time.ts"
import { createProxy } from "../../support/proxy.ts"
import { describeWithServices, sharedRedis } from "../../support/services.ts"

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean()
})

const redisOf = (origin: string) => origin.replace("http:", "redis:")

/** A node's bus, what it was told on the topic "open", and its events. */
function createNode(url: string, channel: string) {
  const bus = new RedisBus({ url, channel, log: silent, report: (error) => errors.push(error) })
  const errors: unknown[] = []
  const received: unknown[] = []
  const events: BusEvent[] = []
  bus.handle("/said", { wants: (topic) => topic === "open", receive: (body) => received.push(body) })
  bus.subscribe((event) => events.push(event))
  cleanups.push(() => bus.close())
  const say = (body: unknown, topic = "open") => bus.publish({ path: "/said", topic, body })
  const kinds = () => events.map(({ kind }) => kind)
  return { bus, received, events, errors, say, kinds }
}

async function createPair(url: string, urlOfSecond = url) {
  const channel = crypto.randomUUID()
  const [one, two] = [createNode(url, channel), createNode(urlOfSecond, channel)]
  await until("both hear each other", () => [one, two].every(({ bus }) => bus.isUp && bus.nodes.length === 1))
  return { one, two }
}

describeWithServices("the bus", () => {
  test("carries posts in order to the others, and not back", async () => {
    const { one, two } = await createPair((await sharedRedis()).url)
    const numbers = Array.from({ length: 1500 }, (_, index) => index)

    for (const number of numbers) one.say({ number, text: "line\nbreak" })
    one.say("not wanted", "closed")
    one.bus.publish({ path: "/of-a-newer-version", body: null })
    two.say("back")

    await until("all have arrived", () => two.received.length === 1500 && one.received.length === 1)
    expect(two.received).toEqual(numbers.map((number) => ({ number, text: "line\nbreak" })))
    await until("the last two were skipped", () => two.bus.stats().skipped === 2)
    expect(one.kinds()).not.toContain("missed")
    expect(two.kinds()).not.toContain("missed")
  })

  test("a node knows whether it has received all posts of another", async () => {
    const { one, two } = await createPair((await sharedRedis()).url)

    one.say(1)
    const { position } = one.bus
    expect(one.bus.hasHeard(position)).toBe(true)
    expect(two.bus.hasHeard(position)).toBe(false)
    await until("it has heard it", () => two.received.length === 1)

    expect(two.bus.hasHeard(position)).toBe(true)
    expect(two.bus.hasHeard("some-other-node.1")).toBe(false)
    expect(two.bus.hasHeard("no position at all")).toBe(false)
  })

  test("a post that fails to be handled is reported, and the next one arrives", async () => {
    const { one, two } = await createPair((await sharedRedis()).url)
    two.bus.handle("/failing", {
      receive() {
        throw new Error("planned")
      },
    })

    one.bus.publish({ path: "/failing", body: 1 })
    one.say(2)

    await until("the next one has arrived", () => two.received.length === 1)
    expect(two.errors).toEqual([new Error("planned")])
  })

  test("a node that ends says so", async () => {
    const { one, two } = await createPair((await sharedRedis()).url)

    one.say("last words")
    await one.bus.close()

    await until("it is gone", () => two.kinds().includes("left"))
    expect(two.received).toEqual(["last words"])
  })

  test("a node whose connections are cut is down at once, misses posts, and knows it when it is back", async () => {
    const { url } = await sharedRedis()
    const proxy = await createProxy(Number(new URL(url).port))
    cleanups.push(() => proxy.close())
    const { one, two } = await createPair(url, redisOf(proxy.origin))

    proxy.cut()
    await until("it is down", () => !two.bus.isUp && two.kinds().includes("down"))
    two.say("is lost")
    one.say("is missed")
    await until("it was sent", () => one.bus.stats().sent > 1)
    proxy.restore()
    await until("it is up again", () => two.bus.isUp)

    await until("both know", () => [one, two].every(({ kinds }) => kinds().includes("missed")))
    expect(two.kinds().filter((kind) => kind === "up")).toHaveLength(2)
    expect(two.received).toEqual([])
    one.say("after")
    two.say("after")
    await until("both hear again", () => one.received.length + two.received.length === 2)
    expect(one.bus.isUp).toBe(true)
  })

  test("a node with dead connections is down after three seconds, and reconnects", async () => {
    const { url } = await sharedRedis()
    const proxy = await createProxy(Number(new URL(url).port))
    cleanups.push(() => proxy.close())
    const { one, two } = await createPair(url, redisOf(proxy.origin))

    using frozen = ownTime()
    proxy.freeze()
    await until("it is down", () => !two.bus.isUp)
    expect(frozen.ms()).toBeLessThan(4500)
    one.say("is missed")
    await until("it is up again, without help", () => two.bus.isUp, 10_000)

    await until("it knows", () => two.kinds().includes("missed") || two.kinds().includes("up"))
    one.say("after")
    await until("it hears again", () => two.received.includes("after"))
  })

  test("all nodes come back after Redis was killed", async () => {
    const redis = await startRedis()
    cleanups.push(() => redis[Symbol.asyncDispose]())
    const { one, two } = await createPair(redis.url)

    await redis.kill()
    await until("both are down", () => !one.bus.isUp && !two.bus.isUp)
    one.say("is lost")
    await redis.startAgain()
    await until("both are up", () => one.bus.isUp && two.bus.isUp, 10_000)

    one.say("after")
    await until("it hears again", () => two.received.includes("after"))
    expect(two.received).toEqual(["after"])
    expect(one.bus.stats().lost).toBe(1)
  })
})
