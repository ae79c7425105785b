import { describe, expect, test } from "bun:test"
import { asc, eq } from "drizzle-orm"
import { mentions } from "../../../drizzle/schema.ts"
import { findMessage } from "../../../src/features/messages/store.ts"
import { appear, createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { find } from "../../support/html.ts"
import { noteQueries } from "../../support/queries.ts"
import { say } from "../../support/say.ts"
import { createTestServer } from "../../support/server.ts"
import { testOnSqlite } from "../../support/test-database.ts"

/** Whom a message mentions: as readers see it, and as it is counted. */
async function mentionedIn({ chat }: Pick<TestChat, "chat">, id: string) {
  const message = await findMessage(chat.db, id)
  const rows = await chat.db
    .select()
    .from(mentions)
    .where(eq(mentions.messageId, id))
    .orderBy(asc(mentions.userId))
    .all()
  return {
    seen: message?.extras?.mentions?.map(({ username }) => username) ?? [],
    counted: rows.map(({ userId }) => userId),
    at: rows.map(({ position }) => position),
    position: message?.position ?? 0,
  }
}

describe("a message mentions", () => {
  test("the members it names, at its place in the channel, but not its author", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    await say(app, alice, "before")

    const id = await say(app, alice, "hi @bob, @Bob. and @alice: **@bob**")

    const { seen, counted, at, position } = await mentionedIn(app, id)
    expect(seen.toSorted()).toEqual(["alice", "bob"])
    expect(counted).toEqual([bob.id])
    expect(at).toEqual([position])
    expect(position).toBeGreaterThan(1)
  })

  test("only members of its server, so that membership is not revealed", async () => {
    using app = await createTestChat()
    const { alice, mallory } = app.cast

    const [outsider, nobody] = [await say(app, alice, "@mallory"), await say(app, alice, "@nobodyy")]

    expect(await mentionedIn(app, outsider)).toMatchObject({ seen: [], counted: [] })
    const [one, other] = [await findMessage(app.chat.db, outsider), await findMessage(app.chat.db, nobody)]
    expect(one?.extras).toEqual(other?.extras ?? null)
    const lair = expectData(await mallory.client.mutate("createServer", { name: "Lair" }))
    const cave = expectData(
      await mallory.client.mutate("createChannel", { serverId: lair.id, name: "general" }),
    )
    const there = await say({ room: { serverId: lair.id, channelId: cave.id } }, mallory, "@bob @alice")
    expect(await mentionedIn(app, there)).toMatchObject({ seen: [], counted: [] })
  })

  test("not in code, within another word or after a backslash", async () => {
    using app = await createTestChat()

    const id = await say(app, app.cast.alice, "`@bob` ```\n@bob\n``` a@bob.example @bobby \\@bob")

    expect(await mentionedIn(app, id)).toMatchObject({ seen: [], counted: [] })
  })

  test("everyone, when the owner says so", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast

    const byOwner = await say(app, alice, "@everyone look")
    const byMember = await say(app, bob, "@everyone look")

    expect(await mentionedIn(app, byOwner)).toMatchObject({ seen: ["everyone"], counted: ["everyone"] })
    expect(await mentionedIn(app, byMember)).toMatchObject({ seen: [], counted: [] })
    const taken = await alice.client.mutate("signUp", { username: "Everyone", password: "password" })
    expect(taken.error?.code).toBe(400)
  })

  test("others once it is edited, and none once it is deleted", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const carol = await appear(app.chat, "carol.c_")
    const { code } = expectData(await alice.client.mutate("createInvite", { serverId: app.lab.id }))
    expectData(await carol.client.mutate("joinServer", { code }))
    const id = await say(app, alice, "@bob")
    expect((await mentionedIn(app, id)).counted).toEqual([bob.id])

    expectData(
      await alice.client.mutate("editMessage", { messageId: id, content: "_@carol.c_ x_ ||@carol.c_||" }),
    )
    const edited = await mentionedIn(app, id)
    expectData(await alice.client.mutate("editMessage", { messageId: id, content: "nobody" }))
    const emptied = await mentionedIn(app, id)
    expectData(await alice.client.mutate("editMessage", { messageId: id, content: "@bob" }))
    expectData(await alice.client.mutate("deleteMessage", { messageId: id }))

    expect(edited).toMatchObject({ seen: ["carol.c_"], counted: [carol.id], at: [edited.position] })
    expect(emptied).toMatchObject({ seen: [], counted: [] })
    expect(await mentionedIn(app, id)).toMatchObject({ seen: [], counted: [] })
  })

  test("channels of its server, by the longest name that fits", async () => {
    using app = await createTestChat()
    const { alice, mallory } = app.cast
    const create = (name: string) => alice.client.mutate("createChannel", { serverId: app.lab.id, name })
    const chat = expectData(await create("General Chat"))
    const lair = expectData(await mallory.client.mutate("createServer", { name: "Lair" }))
    expectData(await mallory.client.mutate("createChannel", { serverId: lair.id, name: "secret" }))

    const id = await say(app, alice, "#general chat, #GENERAL and #secret")

    const channels = (await findMessage(app.chat.db, id))?.extras?.channels
    expect(channels?.map(({ id }) => id)).toEqual([chat.id, app.general.id])
  })

  testOnSqlite("a hundred at most, and a plain message costs no query more", async () => {
    using queries = noteQueries()
    using app = await createTestChat()
    const { alice } = app.cast
    const { code } = expectData(await alice.client.mutate("createInvite", { serverId: app.lab.id }))
    for (let at = 0; at < 120; at++) {
      expectData(await (await appear(app.chat, `p${at}`)).client.mutate("joinServer", { code }))
    }
    await say(app, alice, "warm @p1 #general")
    queries.take()

    await say(app, alice, "plain: # & me at example.org")
    const plain = queries.take()
    await say(app, alice, "plain")
    const plainest = queries.take()
    const many = await say(app, alice, Array.from({ length: 120 }, (_, at) => `@p${at}`).join(" "))

    expect(plain).toEqual(plainest)
    expect(queries.take().some((sql) => sql.includes('"mentions"'))).toBe(true) // or none would have been seen
    expect((await mentionedIn(app, many)).counted).toHaveLength(100)
  })
})

test("the page names them to style sheets, and each viewer's has a rule for their own", async () => {
  using server = await createTestServer()
  const { bob } = server.cast
  const id = await say({ room: server.room }, server.cast.alice, "hi @bob, @everyone in #general")

  const page = await (await server.as("bob").get(server.roomPath)).text()
  const sheet = find(page, "link").find(({ attributes }) => attributes.href?.startsWith("/viewers/"))
  const rules = await (await server.as("bob").get(sheet?.attributes.href ?? "")).text()

  expect(find(page, `#message-${id}`)[0]?.attributes["data-mentions"]?.split(" ").toSorted()).toEqual(
    [bob.id, "everyone"].toSorted(),
  )
  expect(find(page, ".mention").map(({ attributes, text }) => attributes["data-user"] ?? text)).toEqual([
    bob.id,
    "everyone",
    "#general",
  ])
  expect(find(page, "a.mention").map(({ attributes }) => attributes.href)).toEqual([
    `/users/${bob.id}?server=${server.room.serverId}`,
    server.roomPath,
  ])
  expect(rules).toContain(`[data-mentions~="${bob.id}"]`)
  expect(rules).toContain(`[data-mentions~="everyone"]`)
  // Browsers keep it for ever: its address must change with what it says.
  expect(sheet?.attributes.href).toMatch(/\.css\?v=[0-9a-f]{8}$/)
})
