import { describe, expect, test } from "bun:test"
import { findPlaces } from "../../../src/features/rooms/store.ts"
import { maxServersOwned } from "../../../src/features/servers/contract.ts"
import { insertServer } from "../../../src/features/servers/store.ts"
import { listChannelPlaces } from "../../../src/features/switcher/store.ts"
import { createTestChat, expectData } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { readRows } from "../../support/test-database.ts"

describe("creating a server", () => {
  test("makes its creator owner and first member; others do not see it", async () => {
    using app = await createTestChat()
    const { bob, mallory } = app.cast

    const result = await mallory.client.mutate("createServer", { name: "Den" })

    const den = expectData(result)
    expect(den).toEqual({
      id: expect.any(String),
      name: "Den",
      ownerId: mallory.id,
      description: "",
      iconUrl: null,
      bannerUrl: null,
      createdAt: expect.any(Date),
    })
    expect(result.resources).toEqual([`servers/user/${mallory.id}`, `server/${den.id}`])
    const { data: members } = await mallory.client.query("getMembers", { serverId: den.id })
    expect(members).toMatchObject([{ userId: mallory.id, isOwner: true }])
    expect((await bob.client.query("getServers", null)).data).toEqual([app.lab])
  })

  test("is refused above the limit of own servers, also when many are created at once", async () => {
    using app = await createTestChat()
    const { client } = app.cast.mallory

    const results = await Promise.all(
      Array.from({ length: maxServersOwned + 10 }, () => client.mutate("createServer", { name: "Den" })),
    )

    expect(results.filter(({ success }) => success)).toHaveLength(maxServersOwned)
    expect((await client.query("getServers", null)).data).toHaveLength(maxServersOwned)
  })

  test("is refused with 400 above the limit of own servers", async () => {
    using app = await createTestChat()
    const { mallory } = app.cast
    const server = (name: string) => ({ id: name, name, ownerId: mallory.id, createdAt: new Date() })
    await app.chat.commits.decide(async (tx) => {
      for (let count = 1; count < maxServersOwned; count++) await insertServer(tx, server(`server ${count}`))
    })
    expectData(await mallory.client.mutate("createServer", { name: "The last" }))

    const result = await mallory.client.mutate("createServer", { name: "One more" })

    expect(result.error?.code).toBe(400)
    expect((await mallory.client.query("getServers", null)).data).toHaveLength(maxServersOwned)
  })
})

test("getServers lists the viewer's servers, oldest membership first", async () => {
  using app = await createTestChat()
  const { bob, mallory } = app.cast
  const den = expectData(await bob.client.mutate("createServer", { name: "Den" }))

  const ofBob = await bob.client.query("getServers", null)
  const ofMallory = await mallory.client.query("getServers", null)

  expect(ofBob.data).toEqual([app.lab, den])
  expect(ofBob.data?.every(({ createdAt }) => createdAt instanceof Date)).toBe(true)
  expect(ofBob.resources).toEqual([`servers/user/${bob.id}`])
  expect(ofMallory.data).toEqual([])
})

test("people order their servers for themselves; those they join later are last", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const create = async (name: string) => expectData(await bob.client.mutate("createServer", { name })).id
  const lab = app.lab.id
  const [den, attic] = [await create("Den"), await create("Attic")]
  const listed = async ({ client } = bob) =>
    expectData(await client.query("getServers", null)).map(({ id }) => id)
  expect(await listed()).toEqual([lab, den, attic])

  const result = await bob.client.mutate("orderServers", { serverIds: [attic, lab, den] })
  expect(result.resources).toEqual([`servers/user/${bob.id}`])
  expect(result.data?.map(({ id }) => id)).toEqual([attic, lab, den])
  expect(await listed()).toEqual([attic, lab, den])

  // The others stay as they were, and what is not bob's changes nothing.
  expectData(await bob.client.mutate("orderServers", { serverIds: ["elsewhere", den] }))
  expect(await listed()).toEqual([den, attic, lab])
  const cellar = await create("Cellar")
  expect(await listed()).toEqual([den, attic, lab, cellar])
  const sidebar = await findPlaces(app.chat.db, bob.id)
  expect(sidebar.servers.map(({ id }) => id)).toEqual([den, attic, lab, cellar])
  const places = await listChannelPlaces(app.chat.db, bob.id)
  expect([...new Set(places.map(({ serverId }) => serverId))]).toEqual([den, attic, lab, cellar])

  expect((await bob.client.mutate("orderServers", { serverIds: [den, den] })).error?.code).toBe(400)
  expect(await listed(alice)).toEqual([lab])
})

describe("renaming a server", () => {
  test("is for its owner and seen by its members", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast

    const result = await alice.client.mutate("renameServer", { serverId: app.lab.id, name: "Laboratory" })

    expect(result.data).toEqual({ ...app.lab, name: "Laboratory" })
    expect(result.resources).toEqual([
      `servers/user/${alice.id}`,
      `server/${app.lab.id}`,
      `auditLog/server/${app.lab.id}`,
    ])
    expect((await bob.client.query("getServers", null)).data).toEqual([{ ...app.lab, name: "Laboratory" }])
  })

  test("is refused to members, and not found when unknown", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast

    const byMember = await bob.client.mutate("renameServer", { serverId: app.lab.id, name: "Bob's" })
    const ofNone = await alice.client.mutate("renameServer", { serverId: "none", name: "Void" })

    expect(byMember.error).toEqual({ code: 403, message: "You do not have the permission “Manage server”" })
    expect(ofNone.error).toEqual({ code: 404, message: "There is no such server" })
    expect((await alice.client.query("getServers", null)).data).toEqual([app.lab])
  })
})

describe("deleting a server", () => {
  test("takes everything in it along, and nothing else", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { code } = expectData(await alice.client.mutate("createInvite", { serverId: app.lab.id }))
    await (await listen(bob, app.room)).send("hello")
    expectData(await bob.client.mutate("markRead", { channelId: app.general.id, position: 1 }))
    const den = expectData(await alice.client.mutate("createServer", { name: "Den" }))

    const result = await alice.client.mutate("deleteServer", { serverId: app.lab.id })

    expect(result).toMatchObject({ success: true, data: null })
    expect(result.resources).toEqual([
      `servers/user/${alice.id}`,
      `server/${app.lab.id}`,
      `channels/server/${app.lab.id}`,
    ])
    expect((await alice.client.query("getServers", null)).data).toEqual([den])
    expect((await bob.client.query("getMessages", { channelId: app.general.id })).error?.code).toBe(404)
    expect((await bob.client.query("getInvite", { code })).error?.code).toBe(404)
    for (const table of ["channels", "messages", "invites", "read_positions"]) {
      expect(await readRows(app.database, `select * from ${table}`)).toEqual([])
    }
  })

  test("is refused to members, and not found when unknown", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast

    const byMember = await bob.client.mutate("deleteServer", { serverId: app.lab.id })
    const ofNone = await alice.client.mutate("deleteServer", { serverId: "none" })

    expect(byMember.error?.code).toBe(403)
    expect(ofNone.error?.code).toBe(404)
    expect((await bob.client.query("getServers", null)).data).toEqual([app.lab])
  })
})

test("the system channel is a server's first, and can be another of its channels or none", async () => {
  using app = await createTestChat()
  const { alice, bob, mallory } = app.cast
  const serverId = app.lab.id
  const other = expectData(await alice.client.mutate("createChannel", { serverId, name: "other" }))
  const den = expectData(await mallory.client.mutate("createServer", { name: "Den" }))
  // The cast's own server was made without one.
  const first = expectData(await bob.client.mutate("createServer", { name: "Shed" }))
  const shed = expectData(await bob.client.mutate("createChannel", { serverId: first.id, name: "shed" }))
  const foreign = expectData(await mallory.client.mutate("createChannel", { serverId: den.id, name: "den" }))
  const get = async () => expectData(await bob.client.query("getSystemChannel", { serverId })).channelId
  const set = (by: typeof alice, channelId: string | null) =>
    by.client.mutate("setSystemChannel", { serverId, channelId })
  const ofFirst = await bob.client.query("getSystemChannel", { serverId: first.id })
  expect(ofFirst.data).toEqual({ channelId: shed.id })

  expectData(await set(alice, other.id))
  expect(await get()).toBe(other.id)
  expect((await set(bob, null)).error?.code).toBe(403)
  expect((await set(alice, foreign.id)).error?.code).toBe(404)
  expect(await get()).toBe(other.id)

  expectData(await set(alice, null))
  expect(await get()).toBeNull()
  expectData(await set(alice, other.id))
  expectData(await alice.client.mutate("archiveChannel", { channelId: other.id }))
  expect(await get()).toBeNull()
})
