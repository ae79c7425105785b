import { describe, expect, jest, test } from "bun:test"
import { makeId } from "../../../src/kernel/client/id.ts"
import {
  ChannelFaultError,
  type ClientToServerConnection,
  CovenantClient,
  InternalSidekick,
} from "../../../src/kernel/index.ts"
import { cellar, covenant, createChat, lobby, settle, unused } from "./support.ts"

type Chat = ReturnType<typeof createChat>

async function join(client: ReturnType<Chat["as"]>, params: typeof lobby): Promise<string> {
  const connected = await client.connect("room", params, { nickname: "someone" })
  if (!connected.success) throw new Error(connected.error.message)

  return connected.token
}

test("ids are UUIDs that ascend with the time", () => {
  jest.setSystemTime(new Date("2026-01-01T00:00:00.001Z"))
  const earlier = makeId()
  jest.setSystemTime(new Date("2026-01-01T00:00:00.002Z"))
  const [later, other] = [makeId(), makeId()]
  jest.setSystemTime()

  expect(earlier).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(earlier < later).toBe(true)
  expect(later).not.toBe(other)
})

describe("calls", () => {
  test("dates arrive as dates", async () => {
    const { as } = createChat()

    const result = await as("alice").query("getTime", null)

    expect(result.data?.now).toEqual(new Date(0))
  })

  test("an unreachable server and an answer outside the contract are failed results, not exceptions", async () => {
    const broken = createAgainst(async () => ({ status: "OK", data: { now: "noon" }, resources: [] }))
    const offline = createAgainst(async () => {
      throw new Error("ECONNREFUSED 10.0.0.1")
    })

    expect((await broken.query("getTime", null)).error?.code).toBe(500)
    expect((await offline.query("getTime", null)).error?.code).toBe(503)
    const connected = await offline.connect("room", lobby, { nickname: "a" })
    expect(connected.error).toMatchObject({ fault: "server" })
    expect(JSON.stringify(connected)).not.toContain("10.0.0.1")
  })
})

describe("channels", () => {
  test("two users talk in a room, and another room gets nothing", async () => {
    const { as } = createChat()
    const [alice, bob, carol] = [as("alice"), as("bob"), as("carol")]
    const heard: string[] = []
    const [atAlice, atBob, atCarol] = [
      await join(alice, lobby),
      await join(bob, lobby),
      await join(carol, cellar),
    ]
    await alice.subscribe("room", lobby, atAlice, ({ text }) => heard.push(`alice: ${text}`))
    await bob.subscribe("room", lobby, atBob, ({ text, at }) => heard.push(`bob: ${text} ${at.getTime()}`))
    await carol.subscribe("room", cellar, atCarol, ({ text }) => heard.push(`carol: ${text}`))

    await alice.send("room", lobby, atAlice, { text: "hi" })

    expect(heard).toEqual(["alice: hi", "bob: hi 0"])
  })

  test("send resolves only once the message was processed", async () => {
    const { as, sidekick } = createChat()
    const gate = Promise.withResolvers<null>()
    sidekick.setServerCallback(() => gate.promise)
    const alice = as("alice")
    const token = await join(alice, lobby)
    let done = false

    const sending = alice.send("room", lobby, token, { text: "hi" }).then(() => {
      done = true
    })
    await settle()
    expect(done).toBe(false)

    gate.resolve(null)
    await sending
    expect(done).toBe(true)
  })

  test("send rejects with the fault and the time to retry", async () => {
    const { as, processed } = createChat()
    const alice = as("alice")
    const token = await join(alice, lobby)

    const error = await alice.send("room", lobby, token, { text: "flood" }).catch((caught) => caught)

    expect(error).toBeInstanceOf(ChannelFaultError)
    expect(error).toMatchObject({ message: "Slow down", fault: "client", code: 429, retryAfterSeconds: 7 })
    expect(processed).toEqual([])
  })

  test("a callback added twice is called once, until it was removed twice", async () => {
    const { as, post, sidekick } = createChat()
    const alice = as("alice")
    const token = await join(alice, lobby)
    const heard: string[] = []
    const callback = ({ text }: { text: string }) => heard.push(text)

    const [off, offToo] = [
      await alice.subscribe("room", lobby, token, callback),
      await alice.subscribe("room", lobby, token, callback),
    ]
    await post(lobby, "one")
    off()
    off()
    await post(lobby, "two")
    offToo()
    await post(lobby, "three")

    expect(heard).toEqual(["one", "two"])
    expect(sidekick.stats()).toMatchObject({ connections: 0, topics: 0 })
  })

  test("a token subscribes only to its own topic", async () => {
    const { as, post } = createChat()
    const [alice, mallory] = [as("alice"), as("mallory")]
    const heard: unknown[] = []
    const hear = (message: unknown) => heard.push(message)
    const token = await join(alice, lobby)
    await alice.subscribe("room", lobby, token, () => {})

    const other = join(mallory, lobby).then((own) => mallory.subscribe("room", cellar, own, hear))
    const same = alice.subscribe("room", cellar, token, hear)
    const stolen = mallory.subscribe("room", lobby, token, hear)

    const refused = (await Promise.allSettled([other, same, stolen])).map(
      (settled) => settled.status === "rejected" && settled.reason.code,
    )
    expect(refused).toEqual([403, 403, 410])
    await post(lobby, "private")
    await post(cellar, "private")
    expect(heard).toEqual([])
  })

  test("an evicted client gets a fault, no more messages, and cannot send", async () => {
    const { as, post, sidekick } = createChat()
    const bob = as("bob")
    const token = await join(bob, lobby)
    const heard: string[] = []
    await bob.subscribe("room", lobby, token, ({ text }) => heard.push(text))
    await post(lobby, "before")
    expect(heard).toEqual(["before"]) // or the next assertion proves nothing

    sidekick.evict({ channel: "room" }, { code: 403, message: "You were removed" })
    await post(lobby, "after")
    const back = await join(bob, lobby)
    await bob.subscribe("room", lobby, back, () => {})
    await post(lobby, "back, but with another callback")

    expect(heard).toEqual(["before"])
    expect(bob.faults).toEqual(["You were removed"])
    await expect(bob.send("room", lobby, token, { text: "hey" })).rejects.toMatchObject({ fault: "client" })
  })

  test("a message outside the contract is not delivered, and a throwing callback does not affect others", async () => {
    const { as, post, sidekick, bugs } = createChat()
    const alice = as("alice")
    const token = await join(alice, lobby)
    const heard: string[] = []
    await alice.subscribe("room", lobby, token, () => {
      throw new Error("broken view")
    })
    await alice.subscribe("room", lobby, token, ({ text }) => heard.push(text))

    await sidekick
      .getConnectionFromServer()
      .postMessage({ channel: "room", params: lobby, data: { text: 1 } })
    await post(lobby, "fine")

    expect(heard).toEqual(["fine"])
    expect(bugs).toHaveLength(2)
  })

  test("unsubscribe and disconnect end everything and leave no promise pending", async () => {
    const { as, post, sidekick } = createChat()
    const alice = as("alice")
    const heard: unknown[] = []
    const [first, second] = [await join(alice, lobby), await join(alice, cellar)]
    await alice.subscribe("room", lobby, first, (message) => heard.push(message))
    await alice.subscribe("room", cellar, second, (message) => heard.push(message))
    await alice.unsubscribe("room", lobby, first)
    await post(lobby, "unheard")

    sidekick.setServerCallback(() => new Promise(() => {}))
    const waiting = alice.send("room", cellar, second, { text: "hello?" }).catch((error) => error)
    alice.disconnect()
    await post(cellar, "unheard")

    expect(await waiting).toMatchObject({ fault: "sidekick" })
    await expect(alice.send("room", cellar, second, { text: "hello?" })).rejects.toMatchObject({
      fault: "sidekick",
    })
    expect(heard).toEqual([])
    expect(sidekick.stats()).toEqual({ tokens: 0, connections: 0, topics: 0, clients: 0, listeners: 0 })
  })
})

function createAgainst(runProcedure: ClientToServerConnection["runProcedure"]) {
  return new CovenantClient(covenant, {
    serverConnection: { ...unused, runProcedure },
    sidekickConnection: new InternalSidekick().getConnectionFromClient(),
    onUnexpected: () => {},
  })
}
