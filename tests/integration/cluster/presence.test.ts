import { afterEach, expect, test } from "bun:test"
import { startRedis } from "../../../src/cli/services/redis.ts"
import { RedisBus } from "../../../src/cluster/redis-bus.ts"
import { RedisConnection } from "../../../src/cluster/redis-connection.ts"
import { SharedPresence } from "../../../src/cluster/shared-presence.ts"
import { Presence, type Status, type StatusChange } from "../../../src/features/presence/presence.ts"
import { silent } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"
import { createProxy } from "../../support/proxy.ts"
import { describeWithServices, sharedRedis } from "../../support/services.ts"

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean()
})

interface Installation {
  name: string
  graceMs: number
}

const createInstallation = (graceMs = 50): Installation => ({ name: crypto.randomUUID(), graceMs })

async function createNode(url: string, { name, graceMs }: Installation) {
  const announced: StatusChange[] = []
  const redis = new RedisConnection({ url })
  const bus = new RedisBus({
    url,
    channel: name,
    log: silent,
    report: (error) => announced.push(error as never),
  })
  const prefix = `${name} `
  const presence = new SharedPresence({
    bus,
    redis,
    prefix,
    graceMs,
    announce: (all) => announced.push(...all),
  })
  let isClosed = false
  async function close() {
    if (isClosed) return
    isClosed = true
    await presence.close()
    await bus.close()
    redis.close()
  }
  cleanups.push(close)
  await until("it is up", () => bus.isUp && redis.isUp)
  return {
    bus,
    presence,
    announced,
    close,
    set: (username: string, status: Status) =>
      presence.changeOwn([{ userId: `id-${username}`, username, status }]),
    of: (username: string) => presence.of(`id-${username}`),
    heard: () => announced.map(({ username, status }) => `${username} ${status}`),
  }
}

describeWithServices("presence over nodes", () => {
  test("who is online includes those at other nodes, each once, until they leave", async () => {
    const { url } = await sharedRedis()
    const installation = createInstallation()
    const [one, two] = [await createNode(url, installation), await createNode(url, installation)]
    const presence = new Presence(() => {}, { others: two.presence })
    cleanups.push(() => presence.close())
    const online = () => presence.online().sort().join(" ")

    presence.enter({ userId: "id-alice", username: "alice" })
    one.set("bob", "idle")
    one.set("alice", "online")
    await until("all are there", () => online() === "id-alice id-bob")

    one.set("bob", "offline")
    await until("bob has left", () => online() === "id-alice")
  })

  test("someone is online if any node says so, and idle if all that have them say idle", async () => {
    const { url } = await sharedRedis()
    const installation = createInstallation()
    const [one, two] = [await createNode(url, installation), await createNode(url, installation)]

    one.set("bob", "online")
    await until("he is online at the other", () => two.of("bob") === "online")
    two.set("bob", "online")
    await until("he is online at both", () => one.of("bob") === "online")
    one.set("bob", "idle")
    await until("he is idle at one", () => two.of("bob") === "idle")
    two.set("bob", "idle")
    await until("he is idle at both", () => one.of("bob") === "idle")
    one.set("bob", "offline")
    await until("he has left one", () => two.of("bob") === "offline")
    two.set("bob", "offline")
    await until("he has left both", () => one.heard().includes("bob offline"))

    expect(one.heard()).toEqual(["bob online", "bob idle", "bob offline"])
    expect(two.heard()).toEqual(["bob online", "bob idle", "bob offline"])
  })

  test("a node that starts learns who is there already, also of many", async () => {
    const { url } = await sharedRedis()
    const installation = createInstallation()
    const one = await createNode(url, installation)
    const crowd = Array.from({ length: 2500 }, (_, n): StatusChange => {
      return { userId: `id-${n}`, username: `user ${n}`, status: n % 2 ? "idle" : "online" }
    })
    one.presence.changeOwn(crowd)

    const two = await createNode(url, installation)
    await until("it knows all", () => two.announced.length === crowd.length)

    expect(two.announced.toSorted((a, b) => Number(a.userId.slice(3)) - Number(b.userId.slice(3)))).toEqual(
      crowd,
    )
  })

  test("the people of a node that ended go after the grace, but for those who are back elsewhere", async () => {
    const { url } = await sharedRedis()
    const installation = createInstallation(300)
    const [one, two] = [await createNode(url, installation), await createNode(url, installation)]
    one.set("alice", "online")
    one.set("bob", "online")
    await until("both are online", () => two.of("alice") === "online" && two.of("bob") === "online")

    await one.close()
    two.set("bob", "online")
    await until("alice has left", () => two.of("alice") === "offline")

    expect(two.heard()).toEqual(["alice online", "bob online", "alice offline"])
  })

  test("without Redis a node knows its own people only, and afterwards all again", async () => {
    const redis = await startRedis()
    cleanups.push(() => redis[Symbol.asyncDispose]())
    const installation = createInstallation()
    const [one, two] = [await createNode(redis.url, installation), await createNode(redis.url, installation)]
    one.set("alice", "online")
    await until("she is online", () => two.of("alice") === "online")

    await redis.kill()
    await until("she is gone from the other", () => two.of("alice") === "offline")
    one.set("bob", "online")
    expect(one.heard()).toEqual(["alice online", "bob online"])
    await redis.startAgain()

    await until("both are online", () => two.of("alice") === "online" && two.of("bob") === "online", 15_000)
    expect(one.heard()).toEqual(["alice online", "bob online"])
  })

  test("a connection cut for less than the grace period ends nobody's presence", async () => {
    const { url } = await sharedRedis()
    const proxy = await createProxy(Number(new URL(url).port))
    cleanups.push(() => proxy.close())
    const installation = createInstallation(4000)
    const one = await createNode(url, installation)
    const two = await createNode(proxy.origin.replace("http", "redis"), installation)
    one.set("alice", "online")
    await until("she is online", () => two.of("alice") === "online")

    proxy.cut()
    await until("it is down", () => !two.bus.isUp)
    one.set("carol", "online")
    await until("she was published", () => one.bus.stats().sent > 2)
    proxy.restore()

    await until("it knows what it has missed", () => two.of("carol") === "online", 10_000)
    expect(two.heard()).toEqual(["alice online", "carol online"])
  })
})
