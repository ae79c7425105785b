import { describe, expect, test } from "bun:test"
import { asc, eq } from "drizzle-orm"
import { mentions } from "../../../drizzle/schema.ts"
import { findMessage } from "../../../src/features/messages/store.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { find } from "../../support/html.ts"
import { bits, joinLab } from "../../support/roles.ts"
import { say } from "../../support/say.ts"
import { createTestServer } from "../../support/server.ts"

interface NewRole {
  mentionable?: boolean
  permissions?: string
  holders?: Person[]
}

/** A role of alice's server, and who has it. */
async function createRole(app: TestChat, name: string, { holders = [], ...fields }: NewRole = {}) {
  const { client } = app.cast.alice
  const serverId = app.lab.id
  const created = expectData(
    await client.mutate("createRole", { serverId, name, mentionable: true, ...fields }),
  )
  for (const { id: userId } of holders)
    expectData(await client.mutate("giveRole", { serverId, userId, roleId: created.id }))
  return created.id
}

async function mentionedIn({ chat }: TestChat, id: string) {
  const message = await findMessage(chat.db, id)
  const rows = await chat.db
    .select({ id: mentions.userId })
    .from(mentions)
    .where(eq(mentions.messageId, id))
    .orderBy(asc(mentions.userId))
    .all()
  return {
    roles: message?.extras?.roles?.map(({ name }) => name) ?? [],
    people: message?.extras?.mentions?.map(({ username }) => username) ?? [],
    rows: rows.map(({ id }) => id),
  }
}

/** How many unread messages of a channel mention someone. */
async function mentionsOf({ client }: Person, channelId: string): Promise<number> {
  const unread = expectData(await client.query("getUnread", null))
  return unread.find((one) => one.channelId === channelId)?.mentions ?? 0
}

const written: [text: string, by: "alice" | "bob", roles: string[], people: string[]][] = [
  ["@Cooks, come", "bob", ["Cooks"], []],
  ["@COOKS!", "bob", ["Cooks"], []],
  ["@Cooks of Rome and @cooks", "bob", ["Cooks of Rome", "Cooks"], []],
  ["**@cooks of romeo**", "bob", ["Cooks"], []],
  ["@cooksy, x@cooks, `@Cooks` and \\@Cooks", "bob", [], []],
  ["@Keepers and @Keepers", "bob", [], []],
  ["@Keepers and @Keepers", "alice", ["Keepers"], []],
  ["@Küche ist auf", "bob", ["Küche"], []],
  ["@<b>&</b>", "bob", ["<b>&</b>"], []],
  // A person and a role of one name, and a role whose name begins with a person's.
  ["@alice, @alice's friends", "bob", ["alice's friends"], ["alice"]],
  ["@everyone and @lab", "bob", [], []],
  ["@everyone", "alice", [], ["everyone"]],
]

test.each(written)("%j by %s mentions %j and %j", async (text, by, roles, people) => {
  using app = await createTestChat()
  for (const name of ["Cooks", "Cooks of Rome", "Küche", "<b>&</b>", "alice", "alice's friends", "everyone"])
    await createRole(app, name)
  await createRole(app, "Keepers", { mentionable: false })

  const found = await mentionedIn(app, await say(app, app.cast[by], text))

  expect(found.roles.toSorted()).toEqual(roles.toSorted())
  expect(found.people).toEqual(people)
  expect(found.rows).toHaveLength(roles.length + people.length)
})

describe("a role that not everyone may mention", () => {
  test("is mentioned by who may mention everyone in that channel", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [serverId, channelId] = [app.lab.id, app.general.id]
    await createRole(app, "Keepers", { mentionable: false })
    const callers = await createRole(app, "Callers", {
      permissions: bits("mentionEveryone"),
      holders: [bob],
    })

    const allowed = await say(app, bob, "@Keepers")
    const overwrite = { serverId, channelId, id: callers, type: 0 as const, allow: "0" }
    expectData(await alice.client.mutate("setOverwrite", { ...overwrite, deny: bits("mentionEveryone") }))
    const denied = await say(app, bob, "@Keepers")

    expect((await mentionedIn(app, allowed)).roles).toEqual(["Keepers"])
    expect((await mentionedIn(app, denied)).roles).toEqual([])
  })
})

describe("a mention of a role counts", () => {
  test("for members with the role only, once for each message", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const carol = await joinLab(app, "carol")
    await createRole(app, "Cooks", { holders: [alice, bob] })
    await createRole(app, "Bakers", { holders: [bob] })

    await say(app, alice, "@Cooks, @Bakers and @bob")
    await say(app, carol, "@Cooks")

    const counts = [alice, bob, carol].map((person) => mentionsOf(person, app.general.id))
    expect(await Promise.all(counts)).toEqual([1, 2, 0])
  })

  test("while they have it: not once it is taken or deleted", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const carol = await joinLab(app, "carol")
    const [serverId, channelId] = [app.lab.id, app.general.id]
    const roleId = await createRole(app, "Cooks", { holders: [bob, carol] })
    const id = await say(app, alice, "@Cooks")
    expect([await mentionsOf(bob, channelId), await mentionsOf(carol, channelId)]).toEqual([1, 1])

    const taken = await alice.client.mutate("takeRole", { serverId, roleId, userId: bob.id })
    const after = [await mentionsOf(bob, channelId), await mentionsOf(carol, channelId)]
    expectData(await alice.client.mutate("deleteRole", { serverId, roleId }))

    expect(taken.resources).toContain(`reading/user/${bob.id}`)
    expect(after).toEqual([0, 1])
    expect(await mentionsOf(carol, channelId)).toBe(0)
    expect((await mentionedIn(app, id)).roles).toEqual(["Cooks"])
  })

  test("not where its author is blocked, and not in a channel that they may not view", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const carol = await joinLab(app, "carol")
    await createRole(app, "Cooks", { holders: [bob, carol] })
    const hidden = expectData(
      await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "hidden", isPrivate: true }),
    )
    expectData(await bob.client.mutate("blockUser", { userId: carol.id }))

    await say(app, carol, "@Cooks")
    await say({ room: { serverId: app.lab.id, channelId: hidden.id } }, alice, "@Cooks")

    expect(await mentionsOf(bob, app.general.id)).toBe(0)
    const channels = expectData(await bob.client.query("getUnread", null)).map(({ channelId }) => channelId)
    expect(channels).toEqual([app.general.id])
    await say(app, alice, "@Cooks")
    expect(await mentionsOf(bob, app.general.id)).toBe(1) // or nothing would have been counted
  })

  test("as long as the message says so: not once it is edited or deleted", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const channelId = app.general.id
    await createRole(app, "Cooks", { holders: [bob] })
    const id = await say(app, alice, "nobody")
    const edit = (content: string) => alice.client.mutate("editMessage", { messageId: id, content })

    expectData(await edit("@Cooks"))
    const edited = await mentionsOf(bob, channelId)
    expectData(await edit("nobody again"))
    const emptied = await mentionedIn(app, id)
    expectData(await edit("@Cooks"))
    expect((await mentionedIn(app, id)).rows).toHaveLength(1)
    expectData(await alice.client.mutate("deleteMessage", { messageId: id }))

    expect(edited).toBe(1)
    expect(emptied).toEqual({ roles: [], people: [], rows: [] })
    expect((await mentionedIn(app, id)).rows).toEqual([])
    expect(await mentionsOf(bob, channelId)).toBe(0)
  })
})

test("searching for own mentions finds those of own roles", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  await createRole(app, "Cooks", { holders: [bob] })
  await createRole(app, "Bakers")
  await say(app, alice, "@Cooks, soup")
  await say(app, alice, "@Bakers, bread")

  const { results } = expectData(await bob.client.query("searchMessages", { query: "mentions:me" }))

  expect(results.map(({ message }) => message.content)).toEqual(["@Cooks, soup"])
})

test("pages mark the mentions of their viewer's roles", async () => {
  using server = await createTestServer()
  const { alice, bob } = server.cast
  const serverId = server.lab.id
  const role = { serverId, name: `"Cooks" <b>`, mentionable: true }
  const { id: roleId } = expectData(await alice.client.mutate("createRole", role))
  const linkOf = async () => {
    const page = await (await server.as("bob").get(server.roomPath)).text()
    return { page, href: find(page, "#held-roles-styles")[0]?.attributes.href }
  }
  const before = await linkOf()
  expectData(await alice.client.mutate("giveRole", { serverId, roleId, userId: bob.id }))
  const id = await say({ room: server.room }, alice, `hi @"cooks" <b>`)

  const { page, href = "" } = await linkOf()
  const sheet = await server.as("bob").get(href)
  const styles = await sheet.text()
  const ofAlice = await (await server.as("alice").get("/account/roles.css")).text()
  expectData(await alice.client.mutate("takeRole", { serverId, roleId, userId: bob.id }))
  const taken = await server.as("bob").get(href)

  expect(before.href).toBeUndefined()
  expect(find(page, `#message-${id}`)[0]?.attributes["data-mentions"]).toBe(roleId)
  expect(find(page, ".mention").map(({ attributes, text }) => [attributes["data-role"], text])).toEqual([
    [roleId, `@"Cooks" <b>`],
  ])
  expect(sheet.headers.get("cache-control")).toContain("immutable")
  expect(styles).toContain(`[data-mentions~="${roleId}"]`)
  expect(styles).toContain(`[data-role="${roleId}"]`)
  expect(ofAlice).toBe("")
  expect([await taken.text(), taken.headers.get("cache-control")]).toEqual(["", "private, no-cache"])
  expect((await linkOf()).href).toBeUndefined()
})

test("roles are suggested to members who may mention them", async () => {
  using server = await createTestServer()
  const { alice } = server.cast
  for (const [name, mentionable] of [
    ["Bookkeepers", true],
    ["Book club", false],
  ] as const)
    expectData(await alice.client.mutate("createRole", { serverId: server.lab.id, name, mentionable }))

  const suggested = async (who: "alice" | "bob", q: string) => {
    const list = await (await server.as(who).get(`${server.roomPath}/complete?kind=member&q=${q}`)).text()
    return find(list, `[role="option"]`).map(({ attributes }) => attributes["data-insert"])
  }

  expect(await suggested("bob", "BO")).toEqual(["@bob ", "@Bookkeepers "])
  expect(await suggested("alice", "bo")).toEqual(["@bob ", "@Bookkeepers ", "@Book club "])
  expect(await suggested("bob", "club")).toEqual([])
})
