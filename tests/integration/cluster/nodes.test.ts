import { afterEach, expect, test } from "bun:test"
import { expectData } from "../../support/chat.ts"
import { createTestCluster, type TestCluster } from "../../support/cluster.ts"
import { hearPresence, listen, until } from "../../support/listen.ts"
import { describeWithServices } from "../../support/services.ts"

let open: TestCluster | undefined
afterEach(async () => {
  await open?.[Symbol.asyncDispose]()
  open = undefined
})

async function createCluster(count: number, environment?: Record<string, string>) {
  open = await createTestCluster(count, environment)
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

  test("nobody gets a message that was committed after they lost access, at any node", async () => {
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

  test("a node that hears nothing ends access and delivers messages by looking, and nothing twice", async () => {
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
    const cluster = await createCluster(2, { RATE_LIMIT_MESSAGES: "3/1m" })
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
})
