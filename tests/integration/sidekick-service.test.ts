import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test"
import ION from "@covenant-rpc/ion"
import { listAfter } from "../../src/features/messages/store.ts"
import { RemoteSidekick } from "../../src/sidekick/remote-sidekick.ts"
import { silent } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import type { Name } from "../support/server.ts"
import { createPair, type Pair, secret, untilReached } from "../support/sidekick.ts"
import { callWire, connectWire } from "./transports/wire.ts"

setDefaultTimeout(60_000)
const patience = 20_000

const closing: Disposable[] = []
afterEach(() => {
  for (const one of closing.splice(0)) one[Symbol.dispose]()
})

/** A server and its standalone sidekick. */
async function pair(environment?: Record<string, string>): Promise<Pair> {
  const made = await createPair(environment)
  closing.push(made)
  return made
}

/** A user's program in the room, at the sidekick: a subscribed socket and its token. */
async function join(made: Pair, name: Name) {
  const { server } = made
  const token = await grant(made, name)
  const socket = await made.socket()
  expect(await socket.ask({ type: "subscribe", token })).toMatchObject({ type: "subscribed" })
  const send = (content: string, params: object = server.room) =>
    socket.ask({ type: "send", token, channel: "chat", params, data: { content } })
  return { ...socket, token, send }
}

async function grant({ server }: Pair, name: Name): Promise<string> {
  const granted = await connectWire(server, server.cast[name].token, server.room)
  if (granted.type === "ERROR") throw new Error(granted.error.message)
  return granted.token
}

/** Sends a message from alice's page; the status is 303 when it is stored. */
async function say({ server }: Pair, content: string): Promise<number> {
  const answer = await server.as("alice").post(`${server.roomPath}/messages`, { content })
  await answer.arrayBuffer()
  return answer.status
}

test("a message is stored, confirmed and delivered; a refused one is answered with the reason", async () => {
  const made = await pair()
  const [alice, bob] = [await join(made, "alice"), await join(made, "bob")]

  expect(await alice.send("one")).toMatchObject({ type: "sent" })
  expect(await alice.send("two")).toMatchObject({ type: "sent" })
  await until("bob received both", () => bob.heard().length === 2, patience)

  expect(bob.heard().map(({ content }) => content)).toEqual(["one", "two"])
  expect(await bob.send("")).toMatchObject({ type: "error", error: { fault: "client", code: 400 } })
  const elsewhere = { ...made.server.room, channelId: "elsewhere" }
  expect(await bob.send("there", elsewhere)).toMatchObject({ type: "error", error: { code: 403 } })
  const stored = await listAfter(made.server.chat.db, made.server.general.id, 0, 10)
  expect(stored.map(({ content }) => content)).toEqual(["one", "two"])
})

test("a burst of messages arrives in order", async () => {
  const made = await pair()
  const [alice, bob] = [await join(made, "alice"), await join(made, "bob")]
  const burst = Array.from({ length: 60 }, (_, index) => `number ${index}`)

  await Promise.all(burst.map((content) => alice.send(content)))
  await until("bob received them", () => bob.heard().length === burst.length, patience)

  expect(bob.heard().map(({ content }) => content)).toEqual(burst)
})

test("a token opens one connection of one socket, and the server itself has no sockets", async () => {
  const made = await pair()
  const bob = await join(made, "bob")
  const mallory = await made.socket()

  const stolen = await mallory.ask({ type: "subscribe", token: bob.token })
  const guessed = await mallory.ask({ type: "subscribe", token: "guessed" })

  expect([stolen, guessed]).toMatchObject([{ error: { code: 410 } }, { error: { code: 410 } }])
  const upgrade = await fetch(`${made.server.origin}/socket`, { headers: { upgrade: "websocket" } })
  expect(upgrade.status).toBe(404)
})

describe("a client that loses access gets nothing from the next message on", () => {
  const losses: { what: string; code: number; lose(made: Pair): Promise<unknown> }[] = [
    {
      what: "being removed",
      code: 403,
      lose: ({ server: { cast, lab } }) =>
        cast.alice.client.mutate("removeMember", { serverId: lab.id, userId: cast.bob.id }),
    },
    {
      what: "leaving",
      code: 403,
      lose: ({ server: { cast, lab } }) => cast.bob.client.mutate("leaveServer", { serverId: lab.id }),
    },
    {
      what: "signing out",
      code: 401,
      lose: ({ server }) => callWire(server, server.cast.bob.token, "logout", null),
    },
  ]

  test.each(losses)("after $what", async ({ code, lose }) => {
    const made = await pair()
    const [alice, bob] = [await join(made, "alice"), await join(made, "bob")]
    const unused = await grant(made, "bob")
    await alice.send("before")
    await until("bob received it", () => bob.heard().length === 1, patience) // or the rest proves nothing

    await lose(made)
    await alice.send("after")

    await until("bob gets the reason", () => bob.errors().length === 1, patience)
    expect(bob.errors()[0]).toMatchObject({ token: bob.token, error: { fault: "client", code } })
    await until("alice received it", () => alice.heard().length === 2, patience)
    expect(bob.heard()).toHaveLength(1)
    expect(await bob.send("let me in")).toMatchObject({ type: "error", error: { fault: "client" } })
    const another = await made.socket()
    expect(await another.ask({ type: "subscribe", token: unused })).toMatchObject({ error: { code: 410 } })
  })
})

describe("resources", () => {
  test("can be listened to as long as the client may read them", async () => {
    const made = await pair()
    const { cast, lab } = made.server
    const [bob, stranger] = [await join(made, "bob"), await made.socket()]
    const resource = `channels/server/${lab.id}`
    const change = (name: string) => cast.alice.client.mutate("createChannel", { serverId: lab.id, name })
    const updates = () => bob.frames.filter(({ type }) => type === "updated").length

    expect(await bob.ask({ type: "listen", resources: [resource] })).toMatchObject({ resources: [resource] })
    const [refused] = [await stranger.ask({ type: "listen", resources: [resource] })]
    await change("first")
    await until("bob gets the update", () => updates() === 1, patience)
    await cast.alice.client.mutate("removeMember", { serverId: lab.id, userId: cast.bob.id })
    await change("second")
    await until("bob is refused", () => bob.errors().some(({ token }) => !token), patience)

    expect(refused).toMatchObject({ type: "error", error: { fault: "client", code: 401 } })
    expect(updates()).toBe(1)
    expect(stranger.frames.filter(({ type }) => type === "updated")).toEqual([])
  })
})

describe("while the sidekick cannot be reached", () => {
  test("pages work, messages are confirmed, connecting is refused, and clients get what they missed later", async () => {
    const made = await pair()
    const { server, toSidekick } = made
    const bob = await join(made, "bob")
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
    const made = await pair()
    const { server, toSidekick } = made
    const { cast, lab } = server
    const bob = await join(made, "bob")
    const unused = await grant(made, "bob")
    const hers = await grant(made, "alice")

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
    const made = await pair()
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
  const made = await pair()
  const alice = await join(made, "alice")

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
    const made = await pair()
    const bob = await join(made, "bob")

    await made.server.chat.service?.sidekick.close()
    const next = new RemoteSidekick(options(made))
    await until("the new server is connected", () => next.stats().isUp, patience)
    await next.postMessage({ channel: "presence", params: {}, data: "hello" })
    expect(await next.flushed()).toBe(true)

    expect(bob.code()).toBeUndefined()
    await next.close()
  })

  test("makes them reconnect if the previous process crashed: something may be lost", async () => {
    const made = await pair()
    const bob = await join(made, "bob")
    const unused = await grant(made, "bob")

    const next = new RemoteSidekick(options(made))

    await until("bob must reconnect", () => bob.code() === 1012, patience)
    const another = await made.socket()
    expect(await another.ask({ type: "subscribe", token: unused })).toMatchObject({ error: { code: 410 } })
    await next.close()
  })
})

test("a closed socket leaves nothing behind", async () => {
  const made = await pair()
  const held = async () => {
    const text = await (await fetch(`${made.service.origin}/metrics`)).text()
    return [...text.matchAll(/^covenant_(connections\{.*\}|subscriptions|topics|tokens) (\d+)$/gm)].map(
      ([, , count]) => Number(count),
    )
  }
  const bob = await join(made, "bob")
  await bob.ask({ type: "listen", resources: [`server/${made.server.lab.id}`] })
  expect((await held()).toSorted()).toEqual([0, 1, 1, 1])

  bob.close()

  await until("the socket is gone", async () => (await held()).every((count) => count === 0), patience)
})

test("drain processes what clients sent, then makes them reconnect", async () => {
  const made = await pair()
  const [alice, idle] = [await join(made, "alice"), await made.socket()]
  const sent = alice.send("the last word")

  await until("the message is stored", async () => (await stored(made)).length === 1, patience)
  await made.service.drain(Date.now() + 20_000)

  expect(await sent).toMatchObject({ type: "sent" })
  await until("both must reconnect", () => alice.code() === 1012 && idle.code() === 1012, patience)
  expect((await fetch(`${made.service.origin}/health`)).status).toBe(503)
})

async function stored({ server }: Pair) {
  return listAfter(server.chat.db, server.general.id, 0, 100)
}

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
