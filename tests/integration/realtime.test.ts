import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { users } from "../../drizzle/schema.ts"
import { type Chat, createChat } from "../../src/chat.ts"
import { seed } from "../../src/cli/seed.ts"
import { openDatabase } from "../../src/db/open.ts"
import type { Message } from "../../src/features/messages/contract.ts"
import { clientOf, createTestChat, expectData, silent } from "../support/chat.ts"
import { listen } from "../support/listen.ts"
import { openTestDatabase } from "../support/test-database.ts"

// Hashing is slow on purpose, and slower where other work shares the processor.
setDefaultTimeout(60_000)

describe("two people and a new chat", () => {
  test("sign in, make a server, meet in a channel, talk, and find it all again after a restart", async () => {
    using disk = await temporaryDisk()
    const first = await disk.start()
    await seed(first.database, first.chat.auth)
    const [alice, bob] = [await login(first.chat, "alice"), await login(first.chat, "bob")]

    // alice creates a server, and bob has no access until she invites him.
    const server = expectData(await alice.client.mutate("createServer", { name: "Book club" }))
    const channel = expectData(
      await alice.client.mutate("createChannel", { serverId: server.id, name: "chapter one" }),
    )
    const room = { serverId: server.id, channelId: channel.id }
    const early = await bob.client.connect("chat", room, { username: "bob" })
    expect(early.error).toMatchObject({ fault: "client", code: 403 })
    const invite = expectData(await alice.client.mutate("createInvite", { serverId: server.id }))
    expect((await bob.client.mutate("joinServer", { code: invite.code })).data).toEqual(server)
    expect((await bob.client.query("getChannels", { serverId: server.id })).data).toEqual([channel])

    const before = expectData(await bob.client.query("getMessages", { channelId: channel.id }))
    expect(before.map(({ content }) => content)).toEqual(["@bob joined the server."])

    // Both connect, and receive all messages in the same order.
    const [alices, bobs] = [await listen(alice, room), await listen(bob, room)]
    await alices.send("Did you read it?")
    await bobs.send("Twice.")
    await alices.send("And?")
    const said = ["alice: Did you read it?", "bob: Twice.", "alice: And?"]
    expect(alices.heard.map(line)).toEqual(said)
    expect(bobs.heard).toEqual(alices.heard)

    // A member who left receives nothing.
    bobs.stop()
    await alices.send("Hello?")
    expect(bobs.heard).toHaveLength(3)
    const missed = expectData(
      await bob.client.query("getMessages", { channelId: channel.id, after: bobs.heard.at(-1)?.id }),
    )
    expect(missed.map(line)).toEqual(["alice: Hello?"])
    const history = expectData(await bob.client.query("getMessages", { channelId: channel.id }))
    expect(history).toEqual([...before, ...alices.heard])
    expect(history).toEqual([...before, ...bobs.heard, ...missed])

    // A new process on the same file: the same messages, and both are still signed in.
    first.stop()
    const second = await disk.start()
    const again = { ...bob, client: clientOf(second.chat, bob.token) }
    expect((await again.client.query("getMessages", { channelId: channel.id })).data).toEqual(history)
    const bobsAgain = await listen(again, room)
    const alicesAgain = await listen({ ...alice, client: clientOf(second.chat, alice.token) }, room)
    await bobsAgain.send("I am back")
    expect(alicesAgain.heard).toMatchObject([{ username: "bob", content: "I am back", position: 6 }])
    second.stop()
  })

  test("a restart ends live connections and loses no confirmed message", async () => {
    using disk = await temporaryDisk()
    const first = await disk.start()
    await seed(first.database, first.chat.auth)
    const bob = await login(first.chat, "bob")
    const room = await lobby(bob)
    const before = await listen(bob, room)
    const id = crypto.randomUUID()
    await before.send("sent, but was it stored?", id)
    first.stop()

    // bob never saw the answer, so his client sends it again to the new process.
    const second = await disk.start()
    const back = { ...bob, client: clientOf(second.chat, bob.token) }
    const after = await listen(back, room)
    await after.send("sent, but was it stored?", id)

    expect(after.heard).toEqual([])
    const history = await back.client.query("getMessages", { channelId: room.channelId })
    expect(history.data).toEqual(before.heard)
    const stale = back.client.send("chat", room, before.token, { content: "by the old token" })
    await expect(stale).rejects.toMatchObject({ fault: "client", code: 410 })
    second.stop()
  })

  test("the seed is planted once", async () => {
    using disk = await temporaryDisk()
    const first = await disk.start()
    await seed(first.database, first.chat.auth)
    const { client } = await login(first.chat, "bob")
    first.stop()
    const second = await disk.start()

    await seed(second.database, second.chat.auth)

    const bob = await login(second.chat, "bob")
    const servers = expectData(await bob.client.query("getServers", null))
    expect(servers.map(({ name }) => name)).toEqual(["Lobby"])
    expect(await second.chat.db.select().from(users).all()).toHaveLength(2)
    client.disconnect()
    second.stop()
  })
})

test("many readers of two channels get every message of their channel in order, and none of the other", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const { id: channelId } = expectData(
    await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "random" }),
  )
  const rooms = [app.room, { ...app.room, channelId }]
  // Five tabs of alice's and five of bob's in each.
  const tabs = await Promise.all(
    rooms.map((room) =>
      Promise.all(
        [alice, bob].flatMap((person) => Array.from({ length: 5 }, () => open(app.chat, person, room))),
      ),
    ),
  )

  await Promise.all(
    tabs.flatMap((inRoom, index) =>
      inRoom.flatMap(({ send }) => Array.from({ length: 10 }, (_, count) => send(`${index}: ${count}`))),
    ),
  )

  for (const [index, inRoom] of tabs.entries()) {
    const { data: history } = await bob.client.query("getMessages", {
      channelId: rooms[index]?.channelId ?? "",
      limit: 100,
    })
    expect(history?.map(({ position }) => position)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1))
    expect(history?.every(({ content }) => content.startsWith(`${index}: `))).toBe(true)
    for (const { heard } of inRoom) expect(heard).toEqual(history ?? [])
  }
})

const line = ({ username, content }: Message) => `${username}: ${content}`

/** A database file that outlives the processes that open it. */
async function temporaryDisk() {
  const { config, close } = await openTestDatabase(null, {})
  async function start() {
    const database = await openDatabase(config.database)
    const chat = createChat({ config, database, log: silent })
    const stop = () => {
      chat.close()
      void database.close()
    }
    return { chat, database, stop }
  }
  return { start, [Symbol.dispose]: () => void close() }
}

async function login(chat: Chat, username: string) {
  const anonymous = clientOf(chat)
  const { userId, token } = expectData(await anonymous.mutate("login", { username, password: "password" }))
  return { id: userId, username, token, client: clientOf(chat, token), faults: [] }
}

/** The seed's server and channel. */
async function lobby({ client }: Awaited<ReturnType<typeof login>>) {
  const [server] = expectData(await client.query("getServers", null))
  const serverId = server?.id ?? ""
  const [channel] = expectData(await client.query("getChannels", { serverId }))
  return { serverId, channelId: channel?.id ?? "" }
}

/** One more tab of someone's. */
function open(
  chat: Chat,
  person: { id: string; username: string; token: string },
  room: Parameters<typeof listen>[1],
) {
  return listen({ ...person, client: clientOf(chat, person.token), faults: [] }, room)
}
