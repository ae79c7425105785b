import { describe, expect, setDefaultTimeout, test } from "bun:test"
import ION from "@covenant-rpc/ion"
import { RemoteSidekick } from "../../src/sidekick/remote-sidekick.ts"
import { silent } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import {
  createPair,
  grantToken,
  joinAtSidekick,
  type Pair,
  patience,
  secret,
  untilReached,
} from "../support/sidekick.ts"
import { connectWire } from "./transports/wire.ts"

setDefaultTimeout(60_000)

/** Sends a message from alice's page; the status is 303 when it is stored. */
async function say({ server }: Pair, content: string): Promise<number> {
  const answer = await server.as("alice").post(`${server.roomPath}/messages`, { content })
  await answer.arrayBuffer()
  return answer.status
}

describe("while the sidekick cannot be reached", () => {
  test("pages work, messages are confirmed, connecting is refused, and clients get what they missed later", async () => {
    using made = await createPair()
    const { server, toSidekick } = made
    const bob = await joinAtSidekick(made, "bob")
    await say(made, "before")
    await until("bob received it", () => bob.heard().length === 1, patience)
    const page = await openEvents(made)

    toSidekick.cut()
    expect(await say(made, "one")).toBe(303)
    expect(await say(made, "two")).toBe(303)
    await until("a page shows them", () => page.text().includes("two"), patience)
    const refused = await connectWire(server, server.cast.bob.token, server.room)

    expect(refused).toMatchObject({ type: "ERROR", error: { fault: "sidekick" } })
    expect(bob.heard()).toHaveLength(1)
    expect(bob.code()).toBeUndefined() // his own connection was not cut
    toSidekick.restore()
    await until("bob must reconnect, because he missed something", () => bob.code() === 1012, patience)
    await untilReached(server)
    const back = await comeBack(made, 1)
    await until("bob has caught up", () => back.heard().length === 2, patience)
    expect(back.heard().map(({ content }) => content)).toEqual(["one", "two"])
    await say(made, "three")
    await until("bob gets live messages", () => back.heard().length === 3, patience)
    page.close()
  })

  test("a member removed meanwhile is disconnected once the sidekick is back", async () => {
    using made = await createPair()
    const { server, toSidekick } = made
    const { cast, lab } = server
    const bob = await joinAtSidekick(made, "bob")
    const unused = await grantToken(made, "bob")
    const hers = await grantToken(made, "alice")

    toSidekick.cut()
    await cast.alice.client.mutate("removeMember", { serverId: lab.id, userId: cast.bob.id })
    // Messages of clients still reach the server, which refuses this one.
    expect(await bob.send("still here")).toMatchObject({ type: "error", error: { code: 403 } })
    await say(made, "behind his back")
    // A log must not be read while the sidekick may not know of an eviction yet.
    const alice = await made.socket()
    expect(await alice.ask({ type: "subscribe", token: hers })).toMatchObject({
      error: { fault: "sidekick" },
    })
    toSidekick.restore()
    await untilReached(server)
    await until("bob must reconnect", () => bob.code() === 1012, patience)
    await say(made, "and now")

    expect(bob.heard()).toEqual([])
    const another = await made.socket()
    expect(await another.ask({ type: "subscribe", token: unused })).toMatchObject({ error: { code: 410 } })
  })

  test("the queue of announcements is bounded", async () => {
    using made = await createPair()
    const { server, toSidekick } = made
    const sidekick = server.chat.service?.sidekick
    toSidekick.cut()
    for (let count = 0; count < 30_000; count++) {
      void sidekick?.postMessage({ channel: "chat", params: server.room, data: "x".repeat(1000) })
    }
    await until("the queue was discarded", () => (sidekick?.stats().lost ?? 0) > 0, patience)

    await until("the sidekick counts as down", () => sidekick?.stats().isUp === false, patience)
    expect(await say(made, "still here")).toBe(303)
  })
})

test("while the server is unreachable sending fails with an error, and works again after", async () => {
  using made = await createPair()
  const alice = await joinAtSidekick(made, "alice")

  made.toServer.cut()
  const refused = await alice.send("into the void")
  const listening = await alice.ask({ type: "listen", resources: [`server/${made.server.lab.id}`] })
  const health = await (await fetch(`${made.service.origin}/health`)).json()
  made.toServer.restore()

  expect(refused).toMatchObject({ type: "error", error: { fault: "sidekick", code: 503 } })
  expect(listening).toMatchObject({ type: "error", error: { fault: "sidekick" } })
  expect(health).toEqual({ status: "ok", server: "unreachable" })
  expect(await alice.send("back again")).toMatchObject({ type: "sent" })
})

describe("a restarted server", () => {
  const options = ({ service }: Pair) => ({ url: service.origin, secret, log: silent })

  test("keeps its clients if the previous process ended properly", async () => {
    using made = await createPair()
    const bob = await joinAtSidekick(made, "bob")

    await made.server.chat.service?.sidekick.close()
    const next = new RemoteSidekick(options(made))
    await until("the new server is connected", () => next.stats().isUp, patience)
    await next.postMessage({ channel: "presence", params: {}, data: "hello" })
    expect(await next.flushed()).toBe(true)

    expect(bob.code()).toBeUndefined()
    await next.close()
  })

  test("makes them reconnect if the previous process crashed: something may be lost", async () => {
    using made = await createPair()
    const bob = await joinAtSidekick(made, "bob")
    const unused = await grantToken(made, "bob")

    const next = new RemoteSidekick(options(made))

    await until("bob must reconnect", () => bob.code() === 1012, patience)
    const another = await made.socket()
    expect(await another.ask({ type: "subscribe", token: unused })).toMatchObject({ error: { code: 410 } })
    await next.close()
  })
})

/** Reconnects bob's program with a cursor. */
async function comeBack(made: Pair, after: number) {
  const { server } = made
  const answer = await fetch(`${server.origin}/api/covenant?type=connect`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.cast.bob.token}` },
    body: ION.stringify({ channel: "chat", params: server.room, data: { after } }),
  })
  const { result } = ION.parse(await answer.text()) as never as { result: { token: string } }
  const socket = await made.socket()
  expect(await socket.ask({ type: "subscribe", token: result.token })).toMatchObject({ type: "subscribed" })
  return socket
}

/** Bob's page, live by server-sent events. */
async function openEvents({ server }: Pair) {
  const headers = { accept: "text/event-stream" }
  const answer = await server.as("bob").get(`${server.roomPath}/events?after=0`, { headers })
  const reader = answer.body?.getReader()
  let text = ""
  const read = async () => {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      text += Buffer.from(part.value).toString()
    }
  }
  const done = read().catch(() => {})
  return {
    text: () => text,
    close() {
      void reader?.cancel()
      // Referenced, so that the response is not garbage-collected and its connection closed.
      void [answer, done]
    },
  }
}
