import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { listAfter } from "../../src/features/messages/store.ts"
import { until } from "../support/listen.ts"
import { createPair, grantToken, joinAtSidekick, type Pair, patience } from "../support/sidekick.ts"
import { callWire } from "./transports/wire.ts"

setDefaultTimeout(60_000)

test("a message is stored, confirmed and delivered; a refused one is answered with the reason", async () => {
  using made = await createPair()
  const [alice, bob] = [await joinAtSidekick(made, "alice"), await joinAtSidekick(made, "bob")]

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
  using made = await createPair()
  const [alice, bob] = [await joinAtSidekick(made, "alice"), await joinAtSidekick(made, "bob")]
  const burst = Array.from({ length: 60 }, (_, index) => `number ${index}`)

  await Promise.all(burst.map((content) => alice.send(content)))
  await until("bob received them", () => bob.heard().length === burst.length, patience)

  expect(bob.heard().map(({ content }) => content)).toEqual(burst)
})

test("a token opens one connection of one socket, and the server itself has no sockets", async () => {
  using made = await createPair()
  const bob = await joinAtSidekick(made, "bob")
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
    using made = await createPair()
    const [alice, bob] = [await joinAtSidekick(made, "alice"), await joinAtSidekick(made, "bob")]
    const unused = await grantToken(made, "bob")
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
    using made = await createPair()
    const { cast, lab } = made.server
    const [bob, stranger] = [await joinAtSidekick(made, "bob"), await made.socket()]
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

test("a closed socket leaves nothing behind", async () => {
  using made = await createPair()
  const held = async () => {
    const text = await (await fetch(`${made.service.origin}/metrics`)).text()
    return [...text.matchAll(/^covenant_(connections\{.*\}|subscriptions|topics|tokens) (\d+)$/gm)].map(
      ([, , count]) => Number(count),
    )
  }
  const bob = await joinAtSidekick(made, "bob")
  await bob.ask({ type: "listen", resources: [`server/${made.server.lab.id}`] })
  expect((await held()).toSorted()).toEqual([0, 1, 1, 1])

  bob.close()

  await until("the socket is gone", async () => (await held()).every((count) => count === 0), patience)
})

test("drain processes what clients sent, then makes them reconnect", async () => {
  using made = await createPair()
  const [alice, idle] = [await joinAtSidekick(made, "alice"), await made.socket()]
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
