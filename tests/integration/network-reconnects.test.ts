import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { maxReplay } from "../../src/features/messages/contract.ts"
import { listAfter } from "../../src/features/messages/store.ts"
import { expectData } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { createScene, hear, patience, quick, sendAsAlice } from "../support/network-rooms.ts"
import type { TestServer } from "../support/server.ts"
import { createTestSite } from "../support/site.ts"
import { storeUnannounced } from "../support/unannounced.ts"
import { networkClient } from "./transports/network.ts"

setDefaultTimeout(60_000)

const contentsIn = async ({ chat, general }: TestServer) =>
  (await listAfter(chat.db, general.id, 0, 5000)).map(({ content }) => content)

describe("a connection that is lost", () => {
  test("reconnects by itself; missed messages arrive once and in order, then live ones", async () => {
    using scene = await createScene()
    const bob = await hear(scene.as(scene.cast.bob), scene.room)
    await sendAsAlice(scene, "before")
    await until("bob received it", () => bob.heard.length === 1, patience)

    scene.way.cut()
    await sendAsAlice(scene, "one", "two")
    expect(bob.heard).toEqual(["before"]) // or the connection was not cut
    scene.way.restore()
    await until("bob has reconnected", () => bob.heard.length === 3, patience)
    await sendAsAlice(scene, "after")
    await until("bob gets live messages", () => bob.heard.length === 4, patience)

    expect(bob.heard).toEqual(["before", "one", "two", "after"])
  })

  test("queues messages meanwhile; they are stored once and in order", async () => {
    using scene = await createScene()
    const client = scene.as(scene.cast.bob)
    const bob = await hear(client, scene.room)
    await bob.send("first")

    scene.way.cut()
    const sending = Promise.all(["second", "third", "fourth"].map((content) => bob.send(content)))
    let isSent = false
    void sending.then(() => {
      isSent = true
    })
    await until("the client noticed", () => bob.heard.length === 1, patience)
    expect(isSent).toBe(false)
    scene.way.restore()
    await sending
    await bob.send("fifth")

    const expected = ["first", "second", "third", "fourth", "fifth"]
    expect(await contentsIn(scene.server)).toEqual(expected)
    await until("bob received his own messages", () => bob.heard.length === expected.length, patience)
    expect(bob.heard).toEqual(expected)
  })

  test("sends unconfirmed messages again; they are stored once", async () => {
    using scene = await createScene()
    const { commits } = scene.server.chat
    const bob = await hear(scene.as(scene.cast.bob), scene.room)
    // Stored, but the answer was lost.
    const append = commits.append.bind(commits)
    let isStored = false
    commits.append = async (channelId, work) => {
      const result = await append(channelId, work)
      if (!isStored) scene.way.cut()
      isStored = true
      return result
    }

    const sending = bob.send("only once")
    await until("the message is stored", () => isStored, patience)
    scene.way.restore()
    await sending
    await bob.send("next")

    expect(await contentsIn(scene.server)).toEqual(["only once", "next"])
    await until("bob received both", () => bob.heard.length === 2, patience)
    expect(bob.heard).toEqual(["only once", "next"])
  })

  test("survives the server's restart", async () => {
    const site = await createTestSite()
    const client = networkClient(site.origin, site.cast.bob.token, quick)
    const bob = await hear(client, site.room)
    await bob.send("before")

    await site.stop()
    await site.write(site.cast.alice, "while it was down", 2)
    const sending = bob.send("from before the restart")
    await site.start()
    await sending
    await until("bob received all", () => bob.heard.length === 4, patience)

    expect(bob.heard).toEqual([
      "before",
      "while it was down 1",
      "while it was down 2",
      "from before the restart",
    ])
    client.disconnect()
    await site.close()
  })

  test("with too many missed messages reports a gap and continues", async () => {
    using scene = await createScene()
    const bob = await hear(scene.as(scene.cast.bob), scene.room)
    await sendAsAlice(scene, "before")
    await until("bob received it", () => bob.heard.length === 1, patience)

    scene.way.cut()
    await storeUnannounced(scene.server, maxReplay + 1)
    scene.way.restore()
    await until("the gap or fault is reported", () => bob.gaps.length === 1, patience)
    await sendAsAlice(scene, "after")
    await until("bob gets live messages", () => bob.heard.length === 2, patience)

    expect(bob.gaps).toEqual([{ after: 1, seq: maxReplay + 2 }])
    expect(bob.heard).toEqual(["before", "after"])
  })

  test("is detected although nothing reports it", async () => {
    using scene = await createScene()
    const client = scene.as(scene.cast.bob, { pingAfterMs: 50, answerTimeoutMs: 300, timeoutMs: 1000 })
    const bob = await hear(client, scene.room)
    await bob.send("before")

    scene.way.freeze()
    await sendAsAlice(scene, "unheard")
    scene.way.restore()
    await until("bob has reconnected", () => bob.heard.length === 2, patience)

    expect(bob.heard).toEqual(["before", "unheard"])
  })

  test("refetches live queries", async () => {
    using scene = await createScene()
    const client = scene.as(scene.cast.bob)
    await hear(client, scene.room)
    const seen: string[][] = []
    client.listen("getChannels", { serverId: scene.server.lab.id }, ({ data }) => {
      if (data) seen.push(data.map(({ name }) => name))
    })
    const listens = () => scene.server.chat.sidekick.stats().listeners === 1
    await until("bob listens", listens, patience)

    scene.way.cut()
    await until("the server has noticed", () => !listens(), patience)
    const { client: alice } = scene.cast.alice
    expectData(await alice.mutate("createChannel", { serverId: scene.server.lab.id, name: "missed" }))
    scene.way.restore()
    await until("bob sees the change", () => seen.at(-1)?.includes("missed") ?? false, patience)
    expectData(await alice.mutate("createChannel", { serverId: scene.server.lab.id, name: "live" }))
    await until("bob gets updates again", () => seen.at(-1)?.includes("live") ?? false, patience)
  })
})
