import { afterEach, expect, test } from "bun:test"
import { outgoingWebhooks } from "../../../drizzle/schema.ts"
import { expectData } from "../../support/chat.ts"
import { createTestCluster, type TestCluster } from "../../support/cluster.ts"
import { hearPresence, listen, until } from "../../support/listen.ts"
import { outsideFetch, serveOutside } from "../../support/outside.ts"
import { describeWithServices } from "../../support/services.ts"

let open: TestCluster | undefined
afterEach(async () => {
  await open?.[Symbol.asyncDispose]()
  open = undefined
})

async function createCluster(count: number, options?: Parameters<typeof createTestCluster>[1]) {
  open = await createTestCluster(count, options)
  return open
}

const contents = (heard: { content: string }[]) => heard.map(({ content }) => content)

describeWithServices("a chat of several nodes", () => {
  test("every reader at every node gets every message once and in order", async () => {
    const cluster = await createCluster(3)
    const { room } = cluster
    const readers = await Promise.all([0, 1, 2].map((index) => listen(cluster.as("bob", index), room)))
    const writers = await Promise.all([0, 1, 2].map((index) => listen(cluster.as("alice", index), room)))

    await Promise.all(
      writers.map(async ({ send }, index) => {
        for (let n = 0; n < 20; n++) await send(`${index}: ${n}`)
      }),
    )
    await until("all have arrived", () => readers.every(({ heard }) => heard.length === 60))

    const seqs = Array.from({ length: 60 }, (_, n) => n + 1)
    for (const { heard } of readers) expect(heard.map(({ seq }) => seq)).toEqual(seqs)
    expect(new Set(contents(readers[0]?.heard ?? [])).size).toBe(60)
  })

  test("no node delivers a message that was committed after the reader lost access", async () => {
    const cluster = await createCluster(2)
    const { heard } = await listen(cluster.as("bob", 1), cluster.room)
    const bob = cluster.as("bob", 1)
    const alice = cluster.as("alice", 0)
    const { send } = await listen(alice, cluster.room)
    await send("before")
    await until("it has arrived", () => heard.length === 1)

    expectData(await alice.client.mutate("removeMember", { serverId: cluster.lab.id, userId: bob.id }))
    for (let n = 0; n < 20; n++) await send(`after ${n}`)
    const { heard: seen } = await listen(cluster.as("alice", 1), cluster.room)
    await send("last")
    await until("the last is at the other node", () => contents(seen).includes("last"))

    expect(contents(heard)).toEqual(["before"])
  })

  test.each([
    { writer: 0, when: "hints are late" },
    { writer: 1, when: "the node that ended it tells nobody" },
  ])("nobody gets it either when $when", async ({ writer }) => {
    const cluster = await createCluster(3)
    const bob = await listen(cluster.as("bob", 2), cluster.room)
    const { send } = await listen(cluster.as("alice", writer), cluster.room)
    const { heard: seen } = await listen(cluster.as("alice", 2), cluster.room)
    await send("before")
    await until("it has arrived", () => bob.heard.length === 1)

    // Shorter than what looking takes, which would end bob's access too.
    if (writer === 0) cluster.node(2).redis.delayBy(60)
    else cluster.node(0).redis.cut()
    const { id: userId } = cluster.as("bob", 0)
    const { lab } = cluster
    expectData(await cluster.as("alice", 0).client.mutate("removeMember", { serverId: lab.id, userId }))
    for (let n = 0; n < 5; n++) await send(`after ${n}`)
    await until("all have arrived", () => seen.length === 6)

    expect(contents(bob.heard)).toEqual(["before"])
  })

  test("a node without the bus ends access and delivers messages by polling, each once", async () => {
    const cluster = await createCluster(2)
    const bob = await listen(cluster.as("bob", 1), cluster.room)
    const own = await listen(cluster.as("alice", 1), cluster.room)
    const alice = cluster.as("alice", 0)
    const { send } = await listen(alice, cluster.room)
    await send("before")
    await until("it has arrived", () => bob.heard.length === 1 && own.heard.length === 1)

    cluster.node(1).redis.cut()
    await until("it is down", () => !cluster.node(1).chat.node?.bus.isUp)
    await send("while cut off")
    await until("it has arrived by looking", () => bob.heard.length === 2)
    const { id: userId } = cluster.as("bob", 0)
    expectData(await alice.client.mutate("removeMember", { serverId: cluster.lab.id, userId }))
    await send("after the removal")
    await until("others get it", () => own.heard.length === 3)
    cluster.node(1).redis.restore()
    await until("it is up again", () => cluster.node(1).chat.node?.bus.isUp ?? false)
    await send("afterwards")
    await until("others get that too", () => own.heard.length === 4)

    expect(contents(bob.heard)).toEqual(["before", "while cut off"])
    expect(contents(own.heard)).toEqual(["before", "while cut off", "after the removal", "afterwards"])
  })

  test("someone is online while they are at any node, and typing is seen at all", async () => {
    const cluster = await createCluster(2)
    const seen = await hearPresence(cluster.as("alice", 0), cluster.general.id)
    const bob = await hearPresence(cluster.as("bob", 1), cluster.general.id)

    await bob.say("typing")
    await bob.say("idle")
    await until("alice sees both", () => seen.heard.length === 2)

    expect(seen.heard).toEqual([
      { username: "bob", status: "typing" },
      { username: "bob", status: "idle" },
    ])
    const { id } = cluster.as("bob", 0)
    expect(cluster.node(0).chat.presence.of(id)).toBe("idle")
  })

  test("limits count at all nodes together", async () => {
    const cluster = await createCluster(2, { environment: { RATE_LIMIT_MESSAGES: "3/1m" } })
    const alice = await Promise.all([0, 1].map((index) => listen(cluster.as("alice", index), cluster.room)))

    const results: string[] = []
    for (let n = 0; n < 6; n++) {
      const sent = alice[n % 2]?.send(`${n}`).then(() => "stored")
      results.push((await sent?.catch((error: Error) => error.message)) ?? "")
    }

    const tooFast = "You are sending too fast. Wait a moment, then try again"
    expect(results).toEqual(["stored", "stored", "stored", tooFast, tooFast, tooFast])
  })

  test("a session that ends at one node is forgotten at all", async () => {
    const cluster = await createCluster(2)
    const [here, there] = [cluster.as("bob", 0), cluster.as("bob", 1)]
    expectData(await there.client.query("getServers", null))

    expectData(await here.client.mutate("logout", null))

    await until("it is forgotten", async () => !(await there.client.query("getServers", null)).success)
  })

  test("a message posted at one node is on the next page of another, even if its hint is late", async () => {
    const cluster = await createCluster(2)
    const url = `http://chat.test/servers/${cluster.lab.id}/channels`
    const authorization = `Bearer ${cluster.as("alice", 0).token}`
    const page = async (cookie = "") => {
      const headers = { authorization, cookie, accept: "text/html" }
      const request = new Request(`${url}/${cluster.general.id}`, { headers })
      return (await cluster.node(1).app.handle(request)).text()
    }
    for (let n = 0; n < 3; n++) expect(await page()).not.toContain("announcements")

    cluster.node(1).redis.delayBy(400)
    const body = new URLSearchParams({ name: "announcements" })
    const posted = await cluster
      .node(0)
      .app.handle(new Request(url, { method: "POST", headers: { authorization }, body }))
    const cookie = posted.headers.get("set-cookie")?.match(/covenant\.seen=[^;]+/)?.[0]

    expect(posted.status).toBe(303)
    expect(await page()).not.toContain("announcements") // or the cookie makes no difference
    expect(await page(cookie)).toContain("announcements")
  })

  test("a webhook gets the messages of all nodes once and in order, and continues when its node ends", async () => {
    const told: string[] = []
    using receiver = serveOutside(async (request) => {
      const { message } = (await request.json()) as { message: { content: string } }
      told.push(message.content)
      return new Response(null, { status: 204 })
    })
    const cluster = await createCluster(2, { outside: { fetcher: outsideFetch(), waitMs: () => 10 } })
    await until("one is on duty", () => cluster.nodes.some(({ chat }) => chat.workers.isOnDuty))
    const onDuty = cluster.nodes.findIndex(({ chat }) => chat.workers.isOnDuty)
    const other = 1 - onDuty
    const alice = cluster.as("alice", other)
    const hook = { channelId: cluster.general.id, url: receiver.at("/hook") }
    expectData(await alice.client.mutate("createOutgoingWebhook", hook))
    const writers = await Promise.all([0, 1].map((index) => listen(cluster.as("bob", index), cluster.room)))

    for (let n = 0; n < 6; n++) await writers[n % 2]?.send(`${n}`)
    await until("all are told", () => told.length === 6)
    // Or the next one tells the last of these again: deliveries happen at least once.
    const hooks = () => cluster.node(other).chat.db.select().from(outgoingWebhooks).all()
    await until("that is stored", async () => (await hooks())[0]?.deliveredSeq === 6)
    await cluster.node(onDuty).stop()
    await writers[other]?.send("last")
    await until("the other node tells the last", () => told.length === 7, 10_000)

    expect(told).toEqual(["0", "1", "2", "3", "4", "5", "last"])
    expect(cluster.node(other).chat.workers.isOnDuty).toBe(true)
  })

  test("health and metrics say that a node lost the bus, and that it works", async () => {
    const token = "a-token-to-read-metrics-from-elsewhere"
    const cluster = await createCluster(2, { environment: { METRICS_TOKEN: token } })
    const { app, chat, redis } = cluster.node(1)
    const headers = { authorization: `Bearer ${token}` }
    const get = async (path: string) =>
      (await app.handle(new Request(`http://chat.test${path}`, { headers }))).text()
    expect(JSON.parse(await get("/health"))).toEqual({ status: "ok", bus: "up" })
    expect(await get("/metrics")).toContain("\ncovenant_bus_up 1\n")

    redis.cut()
    await until("it is down", () => !chat.node?.bus.isUp)

    expect(JSON.parse(await get("/health"))).toEqual({ status: "ok", bus: "down" })
    expect(await get("/metrics")).toContain("\ncovenant_bus_up 0\n")
  })
})
