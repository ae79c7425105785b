import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { listAfter } from "../../src/features/messages/store.ts"
import { until } from "../support/listen.ts"
import { enter, publishedClient } from "../support/published.ts"
import { reference } from "../support/reference-contract.ts"
import { createTestServer, type Name } from "../support/server.ts"
import {
  lastingAddress,
  openSocket,
  secret,
  startReferenceServer,
  startReferenceSidekick,
  startSidekick,
  untilReached,
} from "../support/sidekick.ts"
import { connectWire } from "./transports/wire.ts"

// Starts processes, which takes time.
setDefaultTimeout(120_000)
const patience = 60_000

/** Our server with the reference sidekick. */
async function withTheirSidekick() {
  const toServer = await lastingAddress()
  const sidekick = await startReferenceSidekick(`${toServer.origin}/api/covenant`)
  const server = await createTestServer({ SIDEKICK_URL: sidekick.origin, SIDEKICK_SECRET: secret })
  toServer.leadTo(Number(new URL(server.origin).port))
  await untilReached(server)
  const clients: { disconnect(): void }[] = []
  return {
    server,
    sidekick,
    program(name: Name) {
      const { token } = server.cast[name]
      const client = publishedClient({ origin: server.origin, sidekick: sidekick.origin, token })
      clients.push(client)
      return client
    },
    [Symbol.dispose]() {
      for (const client of clients) client.disconnect()
      for (const one of [sidekick, server, toServer]) one[Symbol.dispose]()
    },
  }
}

describe("our server with the reference sidekick", () => {
  test("programs talk with each other and with pages", async () => {
    using made = await withTheirSidekick()
    const { server } = made
    const [hers, his] = [made.program("alice"), made.program("bob")]
    const [ofAlice, ofBob] = [await enter(hers, server.room), await enter(his, server.room)]

    await ofAlice.send("from a program")
    await until("bob received it", () => ofBob.heard.length === 1, patience)
    await server.as("alice").post(`${server.roomPath}/messages`, { content: "from a page" })
    await until("bob received that too", () => ofBob.heard.length === 2, patience)
    await ofAlice.send("").catch(() => {})
    await until("alice is told that the message is empty", () => hers.faults().length === 1, patience)

    expect(ofBob.contents()).toEqual(["from a program", "from a page"])
    expect(ofBob.heard[0]?.createdAt).toBeInstanceOf(Date)
  })

  test("forged topics and removed members are refused, though the sidekick lets them through", async () => {
    using made = await withTheirSidekick()
    const { server, sidekick } = made
    const { cast, chat, lab, room } = server
    const attic = await cast.alice.client.mutate("createServer", { name: "Attic" })
    const hers = await cast.alice.client.mutate("createChannel", {
      serverId: attic.data?.id ?? "",
      name: "secrets",
    })
    const elsewhere = { serverId: attic.data?.id ?? "", channelId: hers.data?.id ?? "" }
    const granted = await connectWire(server, cast.bob.token, room)
    const token = granted.type === "OK" ? granted.token : ""
    const bob = await openSocket(sidekick.origin)
    bob.tell({ type: "subscribe", token })
    await until("bob is subscribed", () => bob.frames.length === 1, patience)
    const send = (params: object, content: string) =>
      bob.tell({ type: "send", token, channel: "chat", params, data: { content } })

    send(elsewhere, "forged")
    await until("bob is refused", () => bob.errors().length === 1, patience)
    await cast.alice.client.mutate("removeMember", { serverId: lab.id, userId: cast.bob.id })
    send(room, "still here")
    await until("bob is refused again", () => bob.errors().length === 2, patience)

    expect(await listAfter(chat.db, elsewhere.channelId, 0, 10)).toEqual([])
    expect(await listAfter(chat.db, room.channelId, 0, 10)).toEqual([])
    bob.close()
  })
})

/** A reference server with our sidekick. */
async function withTheirServer(environment: Record<string, string> = {}) {
  const toServer = await lastingAddress()
  const sidekick = await startSidekick(toServer.origin, environment)
  const server = await startReferenceServer(sidekick.origin)
  toServer.leadTo(server.port)
  const clients: { disconnect(): void }[] = []
  return {
    toServer,
    program() {
      const client = publishedClient({
        origin: server.origin,
        sidekick: sidekick.origin,
        contract: reference,
      })
      clients.push(client)
      return client
    },
    [Symbol.dispose]() {
      for (const client of clients) client.disconnect()
      for (const one of [sidekick, server, toServer]) one[Symbol.dispose]()
    },
  }
}

const door = { floor: "1", door: "a" }

describe("a reference server with our sidekick", () => {
  test("programs connect, talk, and get faults", async () => {
    using made = await withTheirServer()
    const [hers, his] = [made.program(), made.program()]
    const [alice, bob] = [
      await hers.connect("room", door, { name: "alice" }),
      await his.connect("room", door, { name: "bob" }),
    ]
    const heard: { text: string; from: string; at: Date }[] = []
    await his.subscribe("room", door, bob.token, (said) => void heard.push(said))
    await until("bob is subscribed", () => his.frames.length === 1, patience)

    await hers.send("room", door, alice.token, { text: "hello" })
    await until("bob received it", () => heard.length === 1, patience)
    await hers.send("room", door, alice.token, { text: "forbidden" }).catch(() => {})
    await until("alice is refused", () => hers.faults().length === 1, patience)
    made.toServer.cut()
    await hers.send("room", door, alice.token, { text: "into the void" }).catch(() => {})
    await until("alice is refused again", () => hers.faults().length === 2, patience)

    expect(heard[0]).toMatchObject({ text: "hello", from: "alice" })
    expect(heard[0]?.at).toBeInstanceOf(Date)
    expect(hers.faults()).toMatchObject([
      { fault: "client", message: "That may not be said" },
      { fault: "sidekick", code: 503 },
    ])
    expect(heard).toHaveLength(1)
  })

  test("different topics never collide, for any params", async () => {
    using made = await withTheirServer()
    const client = made.program()
    // The reference sidekick gives both the same topic: "floor:1,door:a,door:b".
    const [one, other] = [
      { floor: "1,door:a", door: "b" },
      { floor: "1", door: "a,door:b" },
    ]
    const [inOne, inOther] = [
      await client.connect("room", one, { name: "one" }),
      await client.connect("room", other, { name: "other" }),
    ]
    const heard: string[] = []
    await client.subscribe("room", one, inOne.token, () => void heard.push("one"))
    await until("the client is subscribed", () => client.frames.length === 1, patience)

    await client.send("room", other, inOther.token, { text: "over there" })
    await client.send("room", one, inOne.token, { text: "over here" })
    await until("a message arrived", () => heard.length > 0, patience)

    expect(client.frames.filter(({ type }) => type === "message")).toHaveLength(1)
    expect(client.faults()).toEqual([])
  })

  test.each([
    { environment: {}, hears: false },
    { environment: { SIDEKICK_OPEN_RESOURCES: "true" }, hears: true },
  ])(
    "the reference server does not decide who may listen: with $environment everyone may: $hears",
    async ({ environment, hears }) => {
      using made = await withTheirServer(environment as Record<string, string>)
      const client = made.program()
      const results: string[][] = []
      client.listen("getNotes", { room: "a" }, ({ data }) => void results.push(data), true)
      await until("the request is answered", () => client.frames.length > 0, patience)

      await made.program().mutate("addNote", { room: "a", text: "note" })
      if (hears) await until("the client sees the note", () => results.at(-1)?.length === 1, patience)

      const [first] = client.frames
      expect(first?.type).toBe(hears ? "listening" : "error")
      expect(client.frames.some(({ type }) => type === "updated")).toBe(hears)
    },
  )
})
