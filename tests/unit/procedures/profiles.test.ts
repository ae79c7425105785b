import { describe, expect, test } from "bun:test"
import { anonymizeUser } from "../../../src/features/accounts/store.ts"
import { searchRankedMembers } from "../../../src/features/members/store.ts"
import { statusExpiry } from "../../../src/features/profiles/expiry.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"
import { fileOf, upload } from "../../support/pictures.ts"
import { say } from "../../support/say.ts"
import { readEverything } from "../../support/test-database.ts"

const profileOf = ({ lab }: TestChat, { client }: Person, { id: userId }: Person) =>
  client.query("getProfile", { userId, serverId: lab.id })
const messagesOf = async ({ general }: TestChat, { client }: Person) =>
  expectData(await client.query("getMessages", { channelId: general.id }))

describe("names", () => {
  test("show in messages, quotes and mentions as they are now, and change no log", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const id = await say(app, alice, "hello")
    await say(app, bob, "hi @alice", { replyTo: id })
    const before = await messagesOf(app, bob)
    expect(before.map(({ displayName }) => displayName)).toEqual([null, null])

    expectData(await alice.client.mutate("updateProfile", { displayName: "Alice \u202eÅngström " }))

    const named = await messagesOf(app, bob)
    expect(named[0]).toMatchObject({ username: "alice", displayName: "Alice Ångström", nickname: null })
    expect(named[1]?.names).toEqual({ [alice.id]: "Alice Ångström" })
    expectData(
      await alice.client.mutate("setNickname", { serverId: app.lab.id, userId: alice.id, nickname: "Boss" }),
    )
    const called = await messagesOf(app, bob)
    expect(called[0]?.nickname).toBe("Boss")
    expect(called[1]?.names).toEqual({ [alice.id]: "Boss" })
    // Somebody who reads by cursor is sent nothing again.
    expect(called.map(({ seq, position }) => [seq, position])).toEqual(
      before.map(({ seq, position }) => [seq, position]),
    )
  })

  test("of a new message are those that it is read with later", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    expectData(await alice.client.mutate("updateProfile", { displayName: "Al" }))
    const { token } = await bob.client.connect("chat", app.room, {})
    const heard: unknown[] = []
    await bob.client.subscribe("chat", app.room, token ?? "", (message) => heard.push(message))

    const id = await say(app, alice, "hello")
    await say(app, bob, "hi @alice", { replyTo: id })

    await until("bob hears them", () => heard.length === 2)
    expect(heard).toMatchObject([{ displayName: "Al", avatarUrl: null }, { names: { [alice.id]: "Al" } }])
    expect(await messagesOf(app, bob)).toEqual(heard as never)
  })

  test("that are no names are refused, and change nothing", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    for (const displayName of ["x".repeat(33), "\u200b\u2060", "\u3164"]) {
      const { error } = await bob.client.mutate("updateProfile", { displayName })
      expect([displayName, error?.code]).toEqual([displayName, 400])
    }
    for (const change of [{ bio: "x".repeat(191) }, { pronouns: "x".repeat(41) }])
      expect((await bob.client.mutate("updateProfile", change)).error?.code).toBe(400)

    expect((await profileOf(app, bob, bob)).data).toMatchObject({ displayName: null, bio: "", pronouns: "" })
  })
})

test("somebody is found by any of their names, and is mentioned by the username", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  expectData(await bob.client.mutate("updateProfile", { displayName: "Robert" }))
  const found = expectData(await alice.client.query("getPeople", { search: "obe" }))
  expect(found).toMatchObject([{ username: "bob", displayName: "Robert" }])
  const members = (query: string) => searchRankedMembers(app.chat.db, app.lab.id, query, 10)
  expect(await members("robert")).toMatchObject([{ username: "bob" }])
  expect(await members("rob alice")).toEqual([])

  const { id } = expectData(await alice.client.mutate("openConversation", { userIds: [bob.id] }))
  const listed = expectData(await alice.client.query("getConversations", null))
  expect(listed.filter((one) => one.id === id)).toMatchObject([{ name: "Robert" }])
})

describe("a profile", () => {
  test("is for people who share a server; strangers learn nothing", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    expectData(await bob.client.mutate("updateProfile", { bio: "one\ntwo", pronouns: "he/him" }))

    const seen = expectData(await profileOf(app, alice, bob))

    expect(seen).toMatchObject({ bio: "one\ntwo", pronouns: "he/him", member: { isOwner: false } })
    expect(seen.mutualServers.map(({ name }) => name)).toEqual(["Lab"])
    const nobody = await alice.client.query("getProfile", { userId: "nobody" })
    const stranger = await mallory.client.query("getProfile", { userId: bob.id, serverId: app.lab.id })
    expect([stranger.error?.code, stranger.error?.message]).toEqual([404, nobody.error?.message])
    expect((await mallory.client.mutate("setNote", { userId: bob.id, text: "x" })).error?.code).toBe(404)
    // Not even of oneself, of a server where one is not.
    expect((await profileOf(app, mallory, mallory)).data).toMatchObject({ member: null, mutualServers: [] })
  })

  test("has a status until it ends", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const past = await bob.client.mutate("setStatus", {
      text: "late",
      expiresAt: new Date(Date.now() - 1000),
    })
    expect(past.error?.code).toBe(400)
    expect((await bob.client.mutate("setStatus", { text: "x", emoji: "abc" })).error?.code).toBe(400)
    const expiresAt = new Date(Date.now() + 60_000)

    expectData(await bob.client.mutate("setStatus", { text: "lunch", emoji: "🥪", expiresAt }))

    const status = { text: "lunch", emoji: "🥪", expiresAt }
    expect((await profileOf(app, alice, bob)).data?.status).toEqual(status)
    const listed = async () => {
      const members = expectData(await alice.client.query("getMembers", { serverId: app.lab.id }))
      return members.find(({ userId }) => userId === bob.id)?.statusText
    }
    const room = { serverId: app.lab.id, rootId: app.general.id }
    const listedInRoom = async () => {
      const { members } = await app.chat.roomCache.members(room)
      return members.find(({ userId }) => userId === bob.id)?.statusText
    }
    expect([await listed(), await listedInRoom()]).toEqual(["🥪 lunch", "🥪 lunch"])
    const expiry = app.chat.workers.get(statusExpiry)
    await expiry.run(new Date(expiresAt.getTime() - 1))
    expect(await listed()).toBe("🥪 lunch")
    await expiry.run(expiresAt)
    expect([await listed(), await listedInRoom()]).toEqual([null, null])
    expect((await profileOf(app, alice, bob)).data?.status).toBeNull()
  })

  test("has a private note of each viewer", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const noteOf = async (who: Person, about: Person) =>
      expectData(await who.client.query("getNote", { userId: about.id })).text

    expectData(await alice.client.mutate("setNote", { userId: bob.id, text: "owes me a tea" }))

    expect([await noteOf(alice, bob), await noteOf(bob, bob), await noteOf(bob, alice)]).toEqual([
      "owes me a tea",
      "",
      "",
    ])
    expectData(await alice.client.mutate("setNote", { userId: bob.id, text: "" }))
    expect(await noteOf(alice, bob)).toBe("")
  })
})

describe("a picture", () => {
  test("is a file that somebody uploaded themselves, small enough, and not changed all the time", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const set = async (fileId: string) => (await bob.client.mutate("setAvatar", { fileId })).error?.code
    const idOf = async (name: "alice" | "bob", file?: File) => (await upload(app, name, file)).id
    const own = await idOf("bob")
    const ofAlice = await idOf("alice")
    await say(app, alice, "look", { files: [ofAlice] } as object) // bob may read it now

    expect(await set(ofAlice)).toBe(404)
    expect(await set(crypto.randomUUID())).toBe(404)
    expect(await set(await idOf("bob", fileOf("large.png", new Uint8Array(8 * 1024 * 1024 + 1))))).toBe(413)
    const text = await idOf("bob", fileOf("notes.txt", "no picture"))
    expect(await set(text)).toBe(400)
    expect(expectData(await profileOf(app, alice, bob)).avatarUrl).toBeNull()

    expect(await set(own)).toBeUndefined()
    const { avatarUrl } = expectData(await profileOf(app, alice, bob))
    expect(avatarUrl).toMatch(`/users/${bob.id}/avatar/`)
    // What is refused is work, too: each of these was decoded.
    const rest = await Promise.all(Array.from({ length: 9 }, () => set(text)))
    expect(rest.toSorted()).toEqual([...Array(8).fill(400), 429])
    expect(await set(own)).toBe(429)
    expect(expectData(await profileOf(app, alice, bob)).avatarUrl).toBe(avatarUrl)
  })
})

describe("somebody invisible", () => {
  test("is offline to all others: in the API, in messages of presence, and by what they do", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const params = { channelId: app.general.id }
    const connect = async ({ client }: Person) => (await client.connect("presence", params, {})).token ?? ""
    const heard: { userId: string; status: string }[] = []
    await alice.client.subscribe("presence", params, await connect(alice), (event) => heard.push(event))
    const ofBob = () => heard.filter(({ userId }) => userId === bob.id).map(({ status }) => status)
    const token = await connect(bob)
    await bob.client.send("presence", params, token, { status: "online" })
    await until("alice hears that he came", () => ofBob().length === 1)

    expectData(await bob.client.mutate("setPresence", { presence: "invisible" }))
    await bob.client.send("presence", params, token, { status: "online" })
    await until("alice hears that he left", () => ofBob().length === 2)
    await bob.client.send("presence", params, token, { status: "typing" })
    await bob.client.send("presence", params, token, { status: "idle" })
    expectData(await bob.client.mutate("setPresence", { presence: "doNotDisturb" }))
    await bob.client.send("presence", params, token, { status: "online" })

    await until("alice hears that he is back", () => ofBob().length === 3)
    expect(ofBob()).toEqual(["online", "offline", "doNotDisturb"])
    expect((await profileOf(app, alice, bob)).data?.presence).toBe("doNotDisturb")
  })
})

test("of a deleted account nothing is left but messages without a name", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const id = await say(app, bob, "hello")
  expectData(await bob.client.mutate("updateProfile", { displayName: "Robert", bio: "Builds" }))
  await say(app, alice, "hi @bob", { replyTo: id })
  expect((await messagesOf(app, alice))[1]?.names).toEqual({ [bob.id]: "Robert" })
  expectData(await alice.client.mutate("setNote", { userId: bob.id, text: "a note" }))
  expect((await messagesOf(app, alice))[0]?.displayName).toBe("Robert")

  await app.chat.publisher.decide((changes) => anonymizeUser(changes, bob.id, new Date()))

  expect((await messagesOf(app, alice))[0]).toMatchObject({ displayName: null, avatarUrl: null })
  const rows = JSON.stringify(await readEverything(app.database))
  for (const word of ["Robert", "Builds", "a note"])
    expect([word, rows.includes(word)]).toEqual([word, false])
})
