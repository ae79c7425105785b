import { describe, expect, mock, setDefaultTimeout, test } from "bun:test"
import { maxReplay } from "../../src/features/messages/contract.ts"
import { type ChannelFault, ChannelFaultError, GapError } from "../../src/kernel/index.ts"
import { expectData } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { createScene, hear, join, patience, sendAsAlice } from "../support/network-rooms.ts"
import { storeUnannounced } from "../support/unannounced.ts"
import { networkClient } from "./transports/network.ts"

// Our client over a failing network: what it does for a program by itself.
setDefaultTimeout(60_000)

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
    await sendAsAlice(scene, "after")

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
    await sendAsAlice(scene, "one", "two")
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
    await sendAsAlice(scene, ...Array.from({ length: count }, (_, number) => `message ${number}`))
    const taken: string[] = []
    for await (const { content } of loop) {
      taken.push(content)
      if (taken.length === count) break
    }

    expect(taken).toEqual(Array.from({ length: count }, (_, number) => `message ${number}`))
  })

  test("throw at a gap, or wait for onGap", async () => {
    using scene = await createScene()
    await sendAsAlice(scene, "known")
    await storeUnannounced(scene.server, maxReplay + 1)
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
    await sendAsAlice(scene, "after")
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
