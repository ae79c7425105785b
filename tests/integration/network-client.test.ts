import { describe, expect, mock, setDefaultTimeout, test } from "bun:test"
import { ChangeSet } from "../../src/features/change-set.ts"
import { appendMessage } from "../../src/features/messages/append.ts"
import { maxReplay } from "../../src/features/messages/contract.ts"
import { listAfter } from "../../src/features/messages/store.ts"
import { type ChannelFault, ChannelFaultError, type Gap, GapError } from "../../src/kernel/index.ts"
import { expectData, type Person } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { createProxy } from "../support/proxy.ts"
import { createTestServer, type TestServer } from "../support/server.ts"
import { createTestSite } from "../support/site.ts"
import { type NetworkOptions, networkClient } from "./transports/network.ts"

// Our client over a failing network: what it does for a program by itself.
setDefaultTimeout(60_000)
const patience = 20_000

/** Reconnects at once; the delays have a unit test. */
const quick = { random: () => 0 }

type Client = ReturnType<typeof networkClient>
type Room = TestServer["room"]

/** A server behind a proxy that can cut connections. */
async function createScene(environment: Record<string, string> = {}) {
  const server = await createTestServer(environment)
  const way = await createProxy(Number(new URL(server.origin).port))
  const clients: Client[] = []
  const as = ({ token }: Person, options: NetworkOptions = {}) => {
    const client = networkClient(way.origin, token, { ...quick, ...options })
    clients.push(client)
    return client
  }
  const close = () => {
    for (const client of clients) client.disconnect()
    way.close()
    server.close()
  }
  return { server, way, as, room: server.room, cast: server.cast, [Symbol.dispose]: close }
}

async function join(client: Client, room: Room, request: { after?: number } = {}): Promise<string> {
  const connected = await client.connect("chat", room, request)
  if (!connected.success) throw new Error(connected.error.message)

  return connected.token
}

/** Collects everything that a client receives in the room. */
async function hear(client: Client, room: Room) {
  const token = await join(client, room)
  const heard: string[] = []
  const gaps: Gap[] = []
  await client.subscribe("chat", room, token, ({ content }) => void heard.push(content), {
    onGap: (gap) => void gaps.push(gap),
  })
  const send = (content: string) => client.send("chat", room, token, { content })
  return { token, heard, gaps, send }
}

/** Alice sends something in the server's process. */
async function say({ room, cast }: Pick<TestServer, "room" | "cast">, ...contents: string[]) {
  const { client } = cast.alice
  const connected = await client.connect("chat", room, {})
  if (!connected.success) throw new Error(connected.error.message)
  const { token } = connected
  await Promise.all(contents.map((content) => client.send("chat", room, token, { content })))
  await client.unsubscribe("chat", room, token)
}

/** Stores messages without announcing them. */
async function fill({ chat, room, cast }: TestServer, count: number): Promise<void> {
  const { id: userId, username } = cast.alice
  const draft = { ...room, userId, username, createdAt: new Date() }
  await chat.commits.decide(async (tx) => {
    for (let number = 1; number <= count; number++)
      await appendMessage(new ChangeSet(tx), {
        ...draft,
        id: crypto.randomUUID(),
        content: `filled ${number}`,
      })
  })
}

const contentsIn = async ({ chat, general }: TestServer) =>
  (await listAfter(chat.db, general.id, 0, 5000)).map(({ content }) => content)

describe("a connection that is lost", () => {
  test("reconnects by itself; missed messages arrive once and in order, then live ones", async () => {
    using scene = await createScene()
    const bob = await hear(scene.as(scene.cast.bob), scene.room)
    await say(scene, "before")
    await until("bob received it", () => bob.heard.length === 1, patience)

    scene.way.cut()
    await say(scene, "one", "two")
    expect(bob.heard).toEqual(["before"]) // or the connection was not cut
    scene.way.restore()
    await until("bob has reconnected", () => bob.heard.length === 3, patience)
    await say(scene, "after")
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
    await say(scene, "before")
    await until("bob received it", () => bob.heard.length === 1, patience)

    scene.way.cut()
    await fill(scene.server, maxReplay + 1)
    scene.way.restore()
    await until("the gap or fault is reported", () => bob.gaps.length === 1, patience)
    await say(scene, "after")
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
    await say(scene, "unheard")
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

describe("a connection that is ended", () => {
  test.each([
    [403, "You are no longer a member of this server", "while connected"],
    [403, "You are not a member of this server", "while away"],
  ])("with %d reports why to all its users and does not reconnect: %s (%s)", async (code, message, when) => {
    using scene = await createScene()
    const client = scene.as(scene.cast.bob)
    const bob = await hear(client, scene.room)
    const remove = async () => {
      const { lab, cast } = scene.server
      expectData(await cast.alice.client.mutate("removeMember", { serverId: lab.id, userId: cast.bob.id }))
    }
    const loop = failureOf(collect(client.messages("chat", scene.room, bob.token)))
    await bob.send("before")

    if (when === "while away") scene.way.cut()
    await remove()
    scene.way.restore()
    await until("the gap or fault is reported", () => client.faults.length > 0, patience)
    await say(scene, "after")

    const fault = { fault: "client", code, message }
    expect(client.faults).toEqual([{ channel: "chat", params: scene.room, ...fault } as never])
    expect(await failureOf(bob.send("still here?"))).toMatchObject(fault)
    expect(await failureOf(client.subscribe("chat", scene.room, bob.token, () => {}))).toMatchObject(fault)
    expect(await loop).toMatchObject(fault)
    expect(bob.heard).toEqual(["before"])
    expect(scene.server.chat.sidekick.stats().connections).toBe(0)
  })

  test("by the program leaves no promise pending", async () => {
    using scene = await createScene()
    const client = scene.as(scene.cast.bob)
    const bob = await hear(client, scene.room)
    scene.way.cut()
    const sending = failureOf(bob.send("never sent"))
    const loop = failureOf(collect(client.messages("chat", scene.room, bob.token)))

    client.disconnect()

    expect(await sending).toMatchObject({ fault: "sidekick" })
    await loop
    const { sidekick } = scene.server.chat
    await until("its clients are gone", () => sidekick.stats().clients === 3, patience)
  })

  test("reconnects after 1013, and not after 4401 and the like", async () => {
    const sockets: { close(code: number): void }[] = []
    using server = serveSockets(sockets)
    const random = mock(() => 0)
    const client = networkClient(`http://127.0.0.1:${server.port}`, undefined, { random })
    client.listen("getServers", null, () => {})
    const open = (count: number) => until(`${count} sockets`, () => sockets.length === count, patience)
    const room = { serverId: "s", channelId: "c" }
    await client.subscribe("chat", room, await join(client, room), () => {})
    await open(1)
    await until("the client is subscribed", () => server.subscribed === 1, patience)

    sockets[0]?.close(1013)
    await open(2)
    await until("the client is subscribed again", () => server.subscribed === 2, patience)
    sockets[1]?.close(4401)
    await until("the client has ended", () => client.faults.length === 1, patience)

    expect(sockets).toHaveLength(2)
    expect(random).toHaveBeenCalledTimes(1) // it waited to reconnect after 1013 alone
    expect(client.faults[0]).toMatchObject({ fault: "client", code: 401, channel: "chat" })
    client.disconnect()
  })
})

describe("messages as an iterator", () => {
  test("arrive in order, also in a slow loop, and end when the loop is left", async () => {
    using scene = await createScene()
    const client = scene.as(scene.cast.bob)
    const token = await join(client, scene.room, { after: 0 })
    await say(scene, "one", "two")
    const taken: string[] = []

    for await (const { content } of client.messages("chat", scene.room, token)) {
      taken.push(content)
      if (taken.length === 2) await client.send("chat", scene.room, token, { content: "three" })
      if (content === "three") break
    }

    expect(taken).toEqual(["one", "two", "three"])
    const { sidekick } = scene.server.chat
    await until("the client has ended", () => sidekick.stats().connections === 0, patience)
  })

  test("of a slow reader do not pile up, and none is missing in the end", async () => {
    using scene = await createScene()
    const client = scene.as(scene.cast.bob)
    const loop = client.messages("chat", scene.room, await join(client, scene.room))
    const count = 1400
    await loop.ready

    // Bob reads nothing while many more messages are sent than may wait.
    await say(scene, ...Array.from({ length: count }, (_, number) => `message ${number}`))
    const taken: string[] = []
    for await (const { content } of loop) {
      taken.push(content)
      if (taken.length === count) break
    }

    expect(taken).toEqual(Array.from({ length: count }, (_, number) => `message ${number}`))
  })

  test("throw at a gap, or wait for onGap", async () => {
    using scene = await createScene()
    await say(scene, "known")
    await fill(scene.server, maxReplay + 1)
    const client = scene.as(scene.cast.bob)
    const [careless, careful] = [
      client.messages("chat", scene.room, await join(client, scene.room, { after: 1 })),
      client.messages("chat", scene.room, await join(client, scene.room, { after: 1 }), {
        async onGap(gap) {
          const { channelId } = scene.room
          const newest = expectData(await client.query("getMessages", { channelId, limit: 1 }))
          order.push(`read ${newest[0]?.content} for the gap after ${gap.after}`)
        },
      }),
    ]
    const order: string[] = []

    const failure = await careless.next().catch((error) => error)
    expect(failure).toBeInstanceOf(GapError)
    expect(failure).toMatchObject({ after: 1, seq: maxReplay + 2 })
    const next = careful.next()
    await until("onGap is done", () => order.length === 1, patience)
    await say(scene, "after")
    const { value } = await next
    order.push(value?.content ?? "")

    expect(order).toEqual([`read filled ${maxReplay + 1} for the gap after 1`, "after"])
    await careful.return()
  })
})

/** All messages of a loop, once it ends. */
async function collect<T>(loop: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = []
  for await (const one of loop) taken.push(one)
  return taken
}

async function failureOf(promise: Promise<unknown>): Promise<ChannelFault | undefined> {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  )
  if (error !== undefined && !(error instanceof ChannelFaultError)) throw error
  return error
}

/** A server that grants everything and counts subscriptions. */
function serveSockets(sockets: { close(code: number): void }[]) {
  const state = { subscribed: 0 }
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request, self) {
      if (self.upgrade(request)) return undefined
      const { channel, params } = (await request.json()) as Record<string, unknown>
      const isConnect = request.url.includes("type=connect")
      return Response.json(
        isConnect
          ? { channel, params, result: { type: "OK", token: crypto.randomUUID() } }
          : { status: "OK", data: [], resources: ["servers/user/me"] },
      )
    },
    websocket: {
      open: (socket) => void sockets.push(socket),
      message(socket, text) {
        const frame = JSON.parse(String(text))
        if (frame.type !== "subscribe") return
        state.subscribed++
        const params = { serverId: "s", channelId: "c" }
        socket.send(JSON.stringify({ type: "subscribed", channel: "chat", params, seq: 0, ref: frame.ref }))
      },
    },
  })
  return {
    port: server.port,
    get subscribed() {
      return state.subscribed
    },
    [Symbol.dispose]: () => void server.stop(true),
  }
}
