import { afterEach, expect, test } from "bun:test"
import { announceOn, receiveAnnouncements } from "../../../src/cluster/announcements.ts"
import { Gate } from "../../../src/cluster/gate.ts"
import { RedisBus } from "../../../src/cluster/redis-bus.ts"
import { InternalSidekick } from "../../../src/kernel/index.ts"
import { silent } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"
import { describeWithServices, sharedRedis } from "../../support/services.ts"

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean()
})

const params = { channelId: "general" }

/** A node that announces, and one that has readers of "general" and of a resource. */
async function createPair({ isOnDuty = false } = {}) {
  const { url } = await sharedRedis()
  const channel = crypto.randomUUID()
  const report = (error: unknown) => done.push(String(error))
  const [one, two] = [1, 2].map(() => new RedisBus({ url, channel, log: silent, report }))
  if (!one || !two) throw new Error("There are two")
  cleanups.push(
    () => one.close(),
    () => two.close(),
  )
  const done: string[] = []
  const sidekick = new InternalSidekick()
  const gate = new Gate()
  receiveAnnouncements(two, {
    sidekick,
    gate,
    wantsAllChanges: () => isOnDuty,
    onChange: (channelId) => done.push(`changed ${channelId}`),
    behind: (channelId, seq) => done.push(`${channelId} is at ${seq}`),
  })
  sidekick.subscribe("chat", params, (data) => done.push(`message ${JSON.stringify(data)}`))
  sidekick.subscribeToResource("servers", () => done.push("updated"))
  await until("both hear each other", () => one.isUp && two.isUp && one.nodes.length * two.nodes.length === 1)
  return { announce: announceOn(one), done, gate, stats: () => two.stats() }
}

describeWithServices("announcements of other nodes", () => {
  test("reach readers, and are not parsed without one", async () => {
    const { announce, done, stats } = await createPair()
    const before = stats()

    void announce.postMessage({ channel: "chat", params: { channelId: "other" }, data: 1, seq: 1 })
    void announce.update(["nobody listens", "servers", "servers"])
    void announce.postMessage({ channel: "chat", params, data: { text: "a" }, seq: 7 })
    await until("all have arrived", () => done.length === 2)

    expect(done).toEqual(["updated", 'message {"text":"a"}'])
    expect(stats().skipped - before.skipped).toBe(2)
  })

  test("a long change of a log is a number, for readers to read; any other is sent whole", async () => {
    const { announce, done } = await createPair()
    const data = "x".repeat(40_000)

    void announce.postMessage({ channel: "chat", params, data, seq: 7 })
    void announce.postMessage({ channel: "chat", params, data })
    await until("both have arrived", () => done.length === 2)

    expect(done).toEqual(["general is at 7", `message "${data}"`])
  })

  test("of all logs reach the node that is on duty", async () => {
    const { announce, done } = await createPair({ isOnDuty: true })

    void announce.postMessage({ channel: "chat", params: { channelId: "other" }, data: 1, seq: 1 })
    void announce.postMessage({ channel: "activity", params: { serverId: "lab" }, data: 1 })
    void announce.postMessage({
      channel: "chat",
      params: { channelId: "long" },
      data: "x".repeat(40_000),
      seq: 1,
    })
    await until("both have arrived", () => done.length >= 3)

    expect(done).toEqual(["changed other", "long is at 1", "changed long"])
  })

  test("wait while the log of ended access is read, and are dropped when that fails", async () => {
    const { announce, done, gate } = await createPair()
    const reading = Promise.withResolvers<void>()
    const passed = gate.closeDuring(() => reading.promise)

    void announce.postMessage({ channel: "chat", params, data: 1, seq: 1 })
    void announce.update(["servers"])
    void announce.postMessage({ channel: "chat", params, data: 2, seq: 2 })
    await until("they wait", () => gate.waiting === 3)
    expect(done).toEqual([])
    reading.resolve()
    await passed
    expect(done).toEqual(["message 1", "updated", "message 2"])

    const failing = Promise.withResolvers<void>()
    const failed = gate.closeDuring(() => failing.promise)
    void announce.postMessage({ channel: "chat", params, data: 3, seq: 3 })
    await until("it waits", () => gate.waiting === 1)
    failing.reject(new Error("planned"))
    await expect(failed).rejects.toThrow("planned")
    expect(done).toHaveLength(3)
  })
})
