import { describe, expect, test } from "bun:test"
import { covenant } from "../../../src/covenant.ts"
import { appear, createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { readRows } from "../../support/test-database.ts"

describe("a conversation between two", () => {
  test("is the same for both people, and named after the other", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast

    const opened = await Promise.all([open(alice, bob), open(bob, alice), open(alice, bob)])
    const [first] = opened
    await say(bob, first, "hello")

    expect(new Set(opened.map(({ id }) => id)).size).toBe(1)
    expect(first).toMatchObject({
      name: "bob",
      isGroup: false,
      people: [
        { userId: alice.id, username: "alice" },
        { userId: bob.id, username: "bob" },
      ],
      unread: 0,
      lastMessageAt: null,
    })
    expect(await conversations(alice)).toMatchObject([{ id: first.id, name: "bob", unread: 1 }])
    expect(await conversations(bob)).toMatchObject([{ id: first.id, name: "alice", unread: 0 }])
  })

  test("is hidden until the first message, and then notifies of everything", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast

    const talk = await open(alice, bob)
    expect([await conversations(bob), await conversations(alice)]).toMatchObject([[], [{ id: talk.id }]])
    await say(alice, talk, "hello", "are you there?")

    expect(await conversations(bob)).toMatchObject([{ id: talk.id, unread: 2 }])
    expect(expectData(await bob.client.query("getUnread", null))).toMatchObject([
      { serverId: talk.id, unread: 2, mentions: 2, isConversation: true },
    ])
  })

  test("is opened with people who share a server only", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const wanted: [string[], number][] = [
      [[mallory.id], 403],
      [["nobody"], 403],
      [[bob.id, mallory.id], 403],
      [[alice.id], 400],
      [[], 400],
      [Array.from({ length: 10 }, () => crypto.randomUUID()), 400],
    ]

    for (const [userIds, code] of wanted) {
      const { error } = await alice.client.mutate("openConversation", { userIds })
      expect([userIds, error?.code]).toEqual([userIds, code])
    }
    const strangers = [mallory.id, "nobody"].map((userId) =>
      alice.client.mutate("openConversation", { userIds: [userId] }),
    )
    // What is answered does not tell who is there.
    expect(new Set((await Promise.all(strangers)).map(({ error }) => error?.message)).size).toBe(1)
    expect(await people(mallory, "")).toEqual([])
    expect(await people(alice, "B")).toMatchObject([{ userId: bob.id, username: "bob" }])
    expect(await people(alice, "mall")).toEqual([])
  })

  test("goes on when there is no server they share any more", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const talk = await open(alice, bob)
    await bob.client.mutate("leaveServer", { serverId: app.lab.id })

    expect((await open(bob, alice)).id).toBe(talk.id)
    await say(bob, talk, "still here")
    expect(await conversations(alice)).toMatchObject([{ unread: 1 }])
  })

  test("names the other one when their account is gone", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const talk = await open(alice, bob)
    await say(bob, talk, "farewell")
    expectData(await bob.client.mutate("deleteAccount", { password: "password" }))

    expect(await conversations(alice)).toMatchObject([{ name: expect.stringMatching(/^deleted-/) }])
  })

  test("is in no list of servers, and has no owner", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const talk = await open(alice, bob)
    const serverIds = async ({ client }: Person) =>
      expectData(await client.query("getServers", null)).map(({ id }) => id)

    expect(await serverIds(alice)).toEqual([app.lab.id])
    const members = expectData(await bob.client.query("getMembers", { serverId: talk.id }))
    expect(members.map(({ username, isOwner }) => [username, isOwner])).toEqual([
      ["alice", false],
      ["bob", false],
    ])
    // Who opened it could not delete their account if it were theirs.
    expectData(await alice.client.mutate("deleteServer", { serverId: app.lab.id }))
    expectData(await alice.client.mutate("deleteAccount", { password: "password" }))
  })
})

describe("a group", () => {
  test("is made of several, takes more, has a name if they want, and is left", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [dora, emil] = [await join(app, "dora"), await join(app, "emil")]

    const group = await open(alice, bob, dora)
    const other = await open(alice, bob, dora)
    expect(other.id).not.toBe(group.id)
    expect(group).toMatchObject({ name: "bob, dora", isGroup: true })
    expect(await conversations(dora)).toMatchObject([{ name: "alice, bob" }, { name: "alice, bob" }])

    await say(alice, group, "before emil")
    const conversationId = group.id
    expectData(await bob.client.mutate("addToConversation", { conversationId, userIds: [emil.id, dora.id] }))
    expect(await conversations(emil)).toMatchObject([{ name: "alice, bob, dora", unread: 0 }])
    await bob.client.mutate("renameConversation", { conversationId, name: "  The   four " })
    expect(await conversations(emil)).toMatchObject([{ name: "The four" }])
    await emil.client.mutate("renameConversation", { conversationId, name: "" })
    expect(await conversations(bob)).toMatchObject([{ name: "alice, dora, emil" }, {}])

    expectData(await alice.client.mutate("leaveConversation", { conversationId }))
    expect((await conversations(alice)).map(({ id }) => id)).toEqual([other.id])
    expect((await alice.client.query("getMessages", { channelId: group.channelId })).error?.code).toBe(403)
    expect(await conversations(dora)).toMatchObject([{ people: { length: 3 } }, {}])
  })

  test("has room for ten, and ends with the last who leaves", async () => {
    using app = await createTestChat()
    const { alice } = app.cast
    const crowd: Person[] = []
    for (let at = 0; at < 10; at++) crowd.push(await join(app, `someone-${at}`))
    const group = await open(alice, ...crowd.slice(0, 9))
    const conversationId = group.id

    const userIds = [crowd[9]?.id ?? ""]
    const full = await alice.client.mutate("addToConversation", { conversationId, userIds })
    expect(full.error?.code).toBe(400)
    for (const person of [alice, ...crowd.slice(0, 9)]) {
      expectData(await person.client.mutate("leaveConversation", { conversationId }))
    }
    expect(await readRows(app.database, "select id from servers where kind = 'direct'")).toEqual([])
  })

  test("is what only a group can be asked", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const dora = await join(app, "dora")
    const pair = (await open(alice, bob)).id

    for (const conversationId of [pair, app.lab.id, "none"]) {
      const results = [
        await alice.client.mutate("addToConversation", { conversationId, userIds: [dora.id] }),
        await alice.client.mutate("renameConversation", { conversationId, name: "mine" }),
        await alice.client.mutate("leaveConversation", { conversationId }),
      ]
      expect(results.map(({ error }) => error?.code)).toEqual([404, 404, 404])
    }
  })
})

describe("the actions of one of the two", () => {
  const names = Object.keys(covenant.procedures).filter(
    (name) => !/^(login|signUp|deleteAccount)$/.test(name),
  )

  test.each(names)("%s leaves the other's data", async (name) => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const talk = await open(alice, bob)
    const [messageId] = await say(bob, talk, "by bob")
    // All that any procedure may want to know, of the conversation.
    const inputs = {
      ...{ serverId: talk.id, conversationId: talk.id, channelId: talk.channelId, messageId },
      ...{ userId: bob.id, userIds: [bob.id], name: "mine", content: "mine", position: 1, reason: "" },
      ...{
        emoji: "👍",
        url: "https://example.org/hook",
        username: "robot",
        search: "",
        query: "by",
        limit: 10,
      },
    }
    const theirs = async () => ({
      messages: await readRows(
        app.database,
        `select id, content, deleted_at from messages where user_id = '${bob.id}'`,
      ),
      members: await readRows(
        app.database,
        `select user_id from server_members where server_id = '${talk.id}'`,
      ),
      place: await readRows(app.database, `select name, kind, pair from servers where id = '${talk.id}'`),
      channels: await readRows(
        app.database,
        `select id, name from channels where server_id = '${talk.id}' and parent_id is null`,
      ),
      ways: [
        ...(await readRows(app.database, `select code from invites where server_id = '${talk.id}'`)),
        ...(await readRows(app.database, `select user_id from bans where server_id = '${talk.id}'`)),
        ...(await readRows(
          app.database,
          `select id from incoming_webhooks where channel_id = '${talk.channelId}'`,
        )),
        ...(await readRows(
          app.database,
          `select id from outgoing_webhooks where channel_id = '${talk.channelId}'`,
        )),
      ],
    })
    const before = await theirs()
    expect(before.members).toHaveLength(2) // or there is nothing to take
    const ask = ({ token }: Person) => {
      const headers = new Headers({ authorization: `Bearer ${token}` })
      return app.chat.server.processProcedure(name, inputs, { headers, url: "" })
    }

    await ask(alice)
    expect(await theirs()).toEqual(before)

    const everything = await readRows(app.database, "select count(*) as count from messages")
    const { data } = await ask(mallory)
    expect(JSON.stringify(data ?? "")).not.toContain(talk.id)
    expect(JSON.stringify(data ?? "")).not.toContain("by bob")
    expect(await theirs()).toEqual(before)
    expect(await readRows(app.database, "select count(*) as count from messages")).toEqual(everything)
  })
})

async function open(person: Person, ...others: Person[]) {
  const userIds = others.map(({ id }) => id)
  return expectData(await person.client.mutate("openConversation", { userIds }))
}

async function conversations({ client }: Person) {
  return expectData(await client.query("getConversations", null))
}

async function people({ client }: Person, search: string) {
  return expectData(await client.query("getPeople", { search }))
}

async function say(person: Person, { id, channelId }: { id: string; channelId: string }, ...said: string[]) {
  const { send, stop } = await listen(person, { serverId: id, channelId })
  const ids = said.map(() => crypto.randomUUID())
  for (const [at, content] of said.entries()) await send(content, ids[at])
  stop()
  return ids
}

/** Someone new in alice's server. */
async function join({ chat, cast, lab }: TestChat, name: string): Promise<Person> {
  const person = await appear(chat, name)
  const { code } = expectData(await cast.alice.client.mutate("createInvite", { serverId: lab.id }))
  expectData(await person.client.mutate("joinServer", { code }))
  return person
}
