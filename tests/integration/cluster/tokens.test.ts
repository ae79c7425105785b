import { expect, setDefaultTimeout, test } from "bun:test"
import ION from "@covenant-rpc/ion"
import type { SidekickFrame } from "../../../src/kernel/index.ts"
import { expectData } from "../../support/chat.ts"
import { createTestCluster, type TestCluster } from "../../support/cluster.ts"
import { until } from "../../support/listen.ts"
import { describeWithServices } from "../../support/services.ts"

// Postgres and Redis are started first.
setDefaultTimeout(60_000)

describeWithServices("a program that connected at one node", () => {
  test("uses its token at another, once only", async () => {
    await using cluster = await createTestCluster(3)
    const token = await connect(cluster, 0)

    const first = subscribe(cluster, 1, token)
    await until("it is answered", () => first.length > 0)
    expect(first[0]?.type).toBe("subscribed")

    for (const index of [2, 1]) {
      const again = subscribe(cluster, index, token)
      await until("it is answered", () => again.length > 0)
      expect(again[0]).toMatchObject({ type: "error", error: { code: 410 } })
    }
  })

  test("and used its token there cannot use it elsewhere", async () => {
    await using cluster = await createTestCluster(2)
    const token = await connect(cluster, 0)
    const own = subscribe(cluster, 0, token)
    await until("it is subscribed", () => own[0]?.type === "subscribed")

    // Removing it takes a moment: a token that is given out later is removed after it.
    const later = await connect(cluster, 0)
    const frames = subscribe(cluster, 1, later)
    await until("the later one is answered", () => frames.length > 0)
    expect(frames[0]?.type).toBe("subscribed")
    const again = subscribe(cluster, 1, token)
    await until("it is answered", () => again.length > 0)
    expect(again[0]).toMatchObject({ type: "error", error: { code: 410 } })
  })

  test("and was removed before it used its token is refused", async () => {
    await using cluster = await createTestCluster(2)
    const token = await connect(cluster, 0)
    const userId = cluster.as("bob", 0).id
    expectData(
      await cluster.as("alice", 0).client.mutate("removeMember", { serverId: cluster.lab.id, userId }),
    )

    const frames = subscribe(cluster, 1, token)
    await until("it is answered", () => frames.length > 0)
    expect(frames[0]?.type).toBe("error")
  })

  test("sends at another node without subscribing first, in the order of its frames", async () => {
    await using cluster = await createTestCluster(2)
    const token = await connect(cluster, 0)
    const client = cluster.node(1).chat.sidekick.getConnectionFromClient()
    const frames: SidekickFrame[] = []
    client.onMessage((frame) => void frames.push(frame))
    for (const content of ["one", "two", "three"]) {
      client.sendMessage({ type: "send", token, channel: "chat", params: cluster.room, data: { content } })
    }
    client.sendMessage({
      type: "send",
      token,
      channel: "chat",
      params: cluster.room,
      data: { content: "last" },
      ref: "r",
    })
    await until("the last is confirmed", () => frames.some(({ type }) => type === "sent"))

    expect(frames.filter(({ type }) => type === "error")).toEqual([])
    const { channelId } = cluster.room
    const messages = expectData(await cluster.as("bob", 0).client.query("getMessages", { channelId }))
    expect(messages.map(({ content }) => content)).toEqual(["one", "two", "three", "last"])
  })
})

/** Bob's token for the room, as a program gets it at a node. */
async function connect(cluster: TestCluster, index: number): Promise<string> {
  const { token } = cluster.as("bob", index)
  const request = new Request("http://localhost/api/covenant?type=connect", {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: ION.stringify({ channel: "chat", params: cluster.room, data: {} } as never),
  })
  const answer = await cluster.node(index).app.handle(request)
  const { result } = ION.parse(await answer.text()) as unknown as { result: { token: string } }
  return result.token
}

/** What a client of a node is answered. */
function subscribe(cluster: TestCluster, index: number, token: string): SidekickFrame[] {
  const client = cluster.node(index).chat.sidekick.getConnectionFromClient()
  const frames: SidekickFrame[] = []
  client.onMessage((frame) => void frames.push(frame))
  client.sendMessage({ type: "subscribe", token })
  return frames
}
