import { Database } from "bun:sqlite"
import { expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import fc from "fast-check"
import { users } from "../../../drizzle/schema.ts"
import { createApp } from "../../../src/app.ts"
import { expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { say } from "../../support/say.ts"
import { assets, createTestServer } from "../../support/server.ts"
import { testOnSqlite } from "../../support/test-database.ts"

interface Room {
  channelId: string
  /** Who else is there. */
  other: string
}

test("an unchanged room is cached, and a browser that has it gets a 304", async () => {
  using server = await createTestServer()
  const bob = server.as("bob")
  const first = await bob.get(server.roomPath)
  const etag = first.headers.get("etag") ?? ""
  expect(etag).not.toBe("")
  const before = await first.text()

  const again = await bob.get(server.roomPath)
  const unchanged = await bob.get(server.roomPath, { headers: { "if-none-match": etag } })

  expect(await again.text()).toBe(before)
  expect([unchanged.status, await unchanged.text()]).toEqual([304, ""])
  expect(unchanged.headers.get("content-security-policy")).toBe(first.headers.get("content-security-policy"))
})

test("pages answered at once are each whole, cached or not, compressed or not", async () => {
  using server = await createTestServer()
  const { room, cast } = server
  const lobby = expectData(await cast.alice.client.mutate("createChannel", { ...room, name: "lobby" }))
  const bob = server.as("bob")
  await bob.cookie()
  const paths = [server.roomPath, server.roomPath.replace(room.channelId, lobby.id)]
  const titles = ["general", "lobby"]
  const encodings = ["identity", "gzip", "zstd"]
  const page = async (path: string, encoding: string) => {
    const response = await bob.get(path, { headers: { "accept-encoding": encoding } })
    return { etag: response.headers.get("etag"), text: await response.text() }
  }

  for (const [at, path] of paths.entries()) {
    const other = paths[1 - at] ?? ""
    // The first of these is not cached, the others are, and those with a number are other pages with the same parts.
    const answers = await Promise.all(
      ["", "", "?n=1", "?n=2", "?n=3"].flatMap((query) =>
        encodings.flatMap((encoding) => [page(path + query, encoding), page(other + query, encoding)]),
      ),
    )

    const own = answers.filter((_, index) => index % 2 === 0)
    expect(new Set(own.map(({ text }) => text)).size).toBe(1)
    expect(new Set(own.map(({ etag }) => etag)).size).toBe(1)
    expect(own[0]?.text).toEndWith("</html>")
    expect(the(own[0]?.text ?? "", "#room-name").text).toContain(titles[at] ?? "")
  }
})

test("a room's style sheets are named before it, for a browser to request them at once", async () => {
  using server = await createTestServer()
  const page = await server.as("bob").get(server.roomPath)

  const sheets = find(await page.text(), "head > link[rel=stylesheet]").map(
    ({ attributes }) => attributes.href,
  )
  expect(sheets).toHaveLength(2)
  expect(page.headers.get("link")).toBe(sheets.map((url) => `<${url}>; rel=preload; as=style`).join(", "))
})

test("every change is on the next page, and no page is another viewer's", async () => {
  using server = await createTestServer()
  const { alice } = server.cast
  const bob = server.as("bob")
  const page = async () => (await bob.get(server.roomPath)).text()
  const before = await page()

  await server.as("alice").post(`${server.roomPath}/messages`, { content: "news" })
  const told = await page()
  await alice.client.mutate("renameChannel", { channelId: server.room.channelId, name: "plaza" })
  const renamed = await page()
  await alice.client.mutate("removeMember", { serverId: server.room.serverId, userId: server.cast.bob.id })
  const removed = await bob.get(server.roomPath)

  expect(before).not.toContain("news")
  expect(told).toContain("news")
  expect(renamed).toContain("plaza")
  expect(removed.status).toBe(403)
  expect(await (await server.as("alice").get(server.roomPath)).text()).toContain(`data-viewer="${alice.id}"`)
})

test("a page is joined from cached parts, and every change is on the next one", async () => {
  using server = await createTestServer()
  const { cast, chat, room } = server
  const bob = server.as("bob")
  const lobby = expectData(await cast.alice.client.mutate("createChannel", { ...room, name: "lobby" }))
  const page = async () => (await bob.get(server.roomPath)).text()
  expect(find(await page(), "#channels [data-channel] .name").map(({ text }) => text)).toEqual([
    "general",
    "lobby",
  ])

  await server
    .as("alice")
    .post(`${server.roomPath.replace(room.channelId, lobby.id)}/messages`, { content: "here" })
  expect(the(await page(), `[data-channel="${lobby.id}"] .tally`).text).toContain("(1 unread)")
  await cast.bob.client.mutate("markServerRead", { serverId: room.serverId })
  expect(the(await page(), `[data-channel="${lobby.id}"] .tally`).attributes).toHaveProperty("hidden")

  const { code } = expectData(await cast.alice.client.mutate("createInvite", room))
  expectData(await cast.mallory.client.mutate("joinServer", { code }))
  expect(find(await page(), "#members .member")).toHaveLength(3)
  chat.presence.enter({ userId: cast.mallory.id, username: "mallory" })
  expect(the(await page(), `#presence-${cast.mallory.id}`).attributes["data-status"]).toBe("online")
  chat.presence.leave(cast.mallory.id)

  await server.as("mallory").post(`${server.roomPath}/messages`, { content: "hello" })
  expect(the(await page(), "#messages .author").text).toContain("mallory")
  expect(the(await page(), "#new-bar").text).toContain("1 new message")
  await chat.commits.decide((tx) =>
    tx.update(users).set({ username: "mallow" }).where(eq(users.id, cast.mallory.id)).run(),
  )
  const renamed = await page()
  expect([
    the(renamed, "#messages .author").text,
    find(renamed, "#members .name").find(({ text }) => text.startsWith("mal"))?.text,
  ]).toEqual(["mallow", "mallow"])

  const { id } = expectData(await cast.bob.client.query("getMessages", room))[0] ?? { id: "" }
  await server.as("mallory").post(`/messages/${id}`, { content: "hello again" })
  expect(the(await page(), "#messages .content").text).toContain("hello again")
  expectData(await cast.alice.client.mutate("removeMember", { ...room, userId: cast.mallory.id }))
  expect(find(await page(), "#members .member")).toHaveLength(2)
  expect((await server.as("mallory").get(server.roomPath)).status).toBe(403)
})

test("the end of a log is cached for viewers with the same clock until it changes", async () => {
  using server = await createTestServer()
  const { cast, chat, room } = server
  await server.as("alice").post(`${server.roomPath}/messages`, { content: "hello" })
  await cast.bob.client.mutate("markServerRead", { serverId: room.serverId })
  let asked = 0
  const page = async (name: "alice" | "bob", zone: string) => {
    const reader = server.as(name)
    const headers = { cookie: `${await reader.cookie()}; clock=24h.${zone}` }
    return (await reader.get(`${server.roomPath}?n=${asked++}`, { headers })).text()
  }
  const log = async (name: "alice" | "bob", zone = "Asia/Tokyo") =>
    (await page(name, zone)).match(/<section id="log"[\s\S]*?<\/article>/)?.[0] ?? ""
  const first = await log("alice")
  expect(first).toContain("hello")
  for (const name of ["alice", "bob", "alice"] as const) expect(await log(name)).toBe(first)
  expect(await log("bob", "Asia/Kolkata")).not.toBe(first)

  const { id } = expectData(await cast.bob.client.query("getMessages", room))[0] ?? { id: "" }
  await server.as("alice").post(`/messages/${id}`, { content: "hello again" })
  expect(await log("bob")).toContain("hello again")
  await chat.commits.decide((tx) =>
    tx.update(users).set({ username: "alicia" }).where(eq(users.id, cast.alice.id)).run(),
  )
  expect(await log("bob")).toContain("alicia")
})

test("cached pages equal uncached ones after random actions", async () => {
  const calls = {
    edit: (messageId: string) => ["editMessage", { messageId, content: "edited" }] as const,
    delete: (messageId: string) => ["deleteMessage", { messageId }] as const,
    react: (messageId: string) => ["addReaction", { messageId, emoji: "👍" }] as const,
    pin: (messageId: string) => ["pinMessage", { messageId }] as const,
    branch: (messageId: string) => ["createThread", { messageId }] as const,
    unread: (messageId: string) => ["markUnread", { messageId }] as const,
    read: (_: string, { channelId }: Room) => ["markChannelRead", { channelId }] as const,
    block: (_: string, { other }: Room) => ["blockUser", { userId: other }] as const,
    unblock: (_: string, { other }: Room) => ["unblockUser", { userId: other }] as const,
    still: () => ["updateSettings", { reducedMotion: "on" }] as const,
    move: () => ["updateSettings", { timeZone: "Asia/Tokyo" }] as const,
  }
  const said = ["hello", "@bob **now** <t:1785276307:F>", "😀", "- a\n- b", "||hidden||"] as const
  const step = fc.record({
    name: fc.constantFrom("alice" as const, "bob" as const),
    does: fc.oneof(
      fc.constantFrom(...said),
      fc.constantFrom(...(Object.keys(calls) as (keyof typeof calls)[])),
    ),
    to: fc.nat(),
    clock: fc.constantFrom("24h.Europe/Berlin", "12h.Asia/Kolkata"),
    query: fc.constantFrom("", "", "", "?unread=1", "?read=1"),
  })

  const property = fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 25 }), async (steps) => {
    using server = await createTestServer({ RATE_LIMIT_MESSAGES: "off" })
    const { alice, bob } = server.cast
    const ids = [await say(server, alice, "the first")]
    for (const { name, does, to, clock, query } of steps) {
      const [person, other] = name === "alice" ? [alice, bob] : [bob, alice]
      const call = calls[does as keyof typeof calls]
      if (call) {
        const room = { channelId: server.general.id, other: other.id }
        await person.client.mutate(...(call(ids[to % ids.length] ?? "", room) as ["blockUser", never]))
      } else {
        ids.push(await say(server, person, does))
      }
      const anew = createApp(server.chat, assets)
      for (const reader of [other, person, other, person]) {
        const visitor = server.as(reader.username as "alice" | "bob")
        const headers = { cookie: `${await visitor.cookie()}; clock=${clock}` }
        const kept = await visitor.get(server.roomPath + query, { headers })
        const made = await anew.handle(new Request(server.origin + server.roomPath + query, { headers }))
        expect(await kept.text()).toBe(await made.text())
      }
    }
  })
  await fc.assert(property, { numRuns: 6 })
}, 30_000)

testOnSqlite("another program's commit counts too", async () => {
  using server = await createTestServer()
  const bob = server.as("bob")
  await (await bob.get(server.roomPath)).text()

  const other = new Database(server.path)
  other.run("update channels set name = 'from elsewhere'")
  other.close()

  expect(await (await bob.get(server.roomPath)).text()).toContain("from elsewhere")
})
