import { describe, expect, test } from "bun:test"
import { maxBots, maxBotTokens } from "../../../src/features/bots/contract.ts"
import { clientOf, createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen, until } from "../../support/listen.ts"
import { changeRows, isStored, readRows } from "../../support/test-database.ts"

describe("a bot", () => {
  test("reads and writes only in the servers it was added to, and is marked", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { bot, id } = await createBot(app, alice, "Helper")
    expect(expectData(await bot.client.query("getServers", null))).toEqual([])
    const refused = await bot.client.query("getMessages", { channelId: app.general.id })
    expect(refused.error?.code).toBe(403)

    const added = await alice.client.mutate("addBot", { serverId: app.lab.id, botId: id })
    const bobs = await listen(bob, app.room)
    const bots = await listen(bot, app.room)
    await bots.send("pong")
    await bobs.send("ping")

    expect(added.resources).toEqual([
      `members/server/${app.lab.id}`,
      `bots/user/${alice.id}`,
      `servers/user/${id}`,
      `auditLog/server/${app.lab.id}`,
    ])
    expect(bobs.heard).toMatchObject([
      { content: "pong", userId: id, username: "helper", extras: { bot: {} } },
      { content: "ping", userId: bob.id, extras: null },
    ])
    const members = expectData(await bob.client.query("getMembers", { serverId: app.lab.id }))
    expect(members.map(({ username, isBot }) => ({ username, isBot }))).toEqual([
      { username: "alice", isBot: false },
      { username: "bob", isBot: false },
      { username: "helper", isBot: true },
    ])
  })

  test("stays marked when its message is edited, and when it is deleted", async () => {
    using app = await createTestChat()
    const { bot } = await createBot(app, app.cast.alice, "helper", app.lab.id)
    const { send, heard } = await listen(bot, app.room)
    await send("one")
    const messageId = heard[0]?.id ?? ""

    const edited = await bot.client.mutate("editMessage", { messageId, content: "two" })
    const deleted = await bot.client.mutate("deleteMessage", { messageId })

    expect(edited.data?.extras).toEqual({ bot: {} })
    expect(deleted.data).toMatchObject({ content: "", extras: { bot: {} } })
  })

  test("is added by the server's owner alone, who adds only bots of their own", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const bobs = await createBot(app, bob, "bobs-bot")
    const add = ({ client }: Person, botId: string) =>
      client.mutate("addBot", { serverId: app.lab.id, botId })

    expect((await add(bob, bobs.id)).error?.code).toBe(403)
    expect((await add(mallory, bobs.id)).error?.code).toBe(403)
    expect((await add(alice, bobs.id)).error?.code).toBe(404)
    expect((await add(alice, mallory.id)).error?.code).toBe(404) // a person is no bot
    expect((await bobs.bot.client.query("getMembers", { serverId: app.lab.id })).error?.code).toBe(403)
  })

  test("that was banned comes in again only when the ban is lifted", async () => {
    using app = await createTestChat()
    const { client } = app.cast.alice
    const { id } = await createBot(app, app.cast.alice, "helper", app.lab.id)
    const place = { serverId: app.lab.id, userId: id }
    expectData(await client.mutate("banMember", place))

    expect((await client.mutate("addBot", { serverId: app.lab.id, botId: id })).error?.code).toBe(400)

    expectData(await client.mutate("unbanMember", place))
    expectData(await client.mutate("addBot", { serverId: app.lab.id, botId: id }))
  })

  test("has a name of its own, by the rules of names, and no password", async () => {
    using app = await createTestChat()
    const { client } = app.cast.alice
    await createBot(app, app.cast.alice, "helper")
    const codes: (number | undefined)[] = []

    for (const username of ["helper", "HELPER", "bob", "x", "a b", "deleted-1234", "webhook-1234"]) {
      codes.push((await client.mutate("createBot", { username })).error?.code)
    }
    expect(codes).toEqual([409, 409, 409, 400, 400, 400, 400])

    const anonymous = clientOf(app.chat)
    for (const password of ["", "password"]) {
      expect((await anonymous.mutate("login", { username: "helper", password })).error?.code).toBe(401)
    }
    expect((await anonymous.mutate("signUp", { username: "helper", password: "password" })).error?.code).toBe(
      409,
    )
  })

  test("is one of a bounded number", async () => {
    using app = await createTestChat()
    const { client } = app.cast.alice
    const made = Array.from({ length: maxBots + 1 }, (_, i) =>
      client.mutate("createBot", { username: `bot-${i}` }),
    )

    const codes = (await Promise.all(made)).map(({ error }) => error?.code)

    expect(codes.filter((code) => code === undefined)).toHaveLength(maxBots)
    expect(codes.filter((code) => code === 400)).toHaveLength(1)
  })
})

describe("a bot's token", () => {
  test("is shown once and stored as a hash; its last use is shown", async () => {
    using app = await createTestChat()
    const { alice } = app.cast
    const { token, bot } = await createBot(app, alice, "helper")
    expect(token).toMatch(/^covenant_bot_[\w-]{43}$/)
    expect(await isStored(app.database, token)).toBe(false)
    const lastUse = async () =>
      expectData(await alice.client.query("getBots", null))[0]?.tokens.map(({ lastUsedAt }) => lastUsedAt)
    expect(await lastUse()).toEqual([null])

    expectData(await bot.client.query("getServers", null))

    await until("the use is noted", async () => (await lastUse())?.[0] instanceof Date)
    expect(JSON.stringify(await alice.client.query("getBots", null))).not.toContain(token.slice(13))
  })

  test("ends at once, with the connections made by it, and leaves the others", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { bot, id } = await createBot(app, alice, "helper", app.lab.id)
    const second = expectData(await alice.client.mutate("createBotToken", { botId: id }))
    const other = clientOf(app.chat, second.token)
    const ended = await listen(bot, app.room)
    const kept = await listen({ ...bot, client: other }, app.room)
    const bobs = await listen(bob, app.room)
    await bobs.send("before")
    expect([ended.heard.length, kept.heard.length]).toEqual([1, 1])

    const [first] = expectData(await alice.client.query("getBots", null))[0]?.tokens ?? []
    expectData(await alice.client.mutate("revokeBotToken", { tokenId: first?.id ?? "" }))
    await bobs.send("after")

    expect([ended.heard.length, kept.heard.length]).toEqual([1, 2])
    expect((await bot.client.query("getServers", null)).error?.code).toBe(401)
    expect((await other.query("getServers", null)).success).toBe(true)
    other.disconnect()
  })

  test("is revoked by its bot's owner only, and limited in number", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { bot, id } = await createBot(app, alice, "helper")
    const [first] = expectData(await alice.client.query("getBots", null))[0]?.tokens ?? []

    expect((await bob.client.mutate("revokeBotToken", { tokenId: first?.id ?? "" })).error?.code).toBe(404)
    expect((await bob.client.mutate("createBotToken", { botId: id })).error?.code).toBe(404)
    expect((await bot.client.query("getServers", null)).success).toBe(true)
    for (let tokens = 1; tokens < maxBotTokens; tokens++) {
      expectData(await alice.client.mutate("createBotToken", { botId: id }))
    }
    expect((await alice.client.mutate("createBotToken", { botId: id })).error?.code).toBe(400)
  })

  test("is not looked up among people's sessions, and looks up once a minute", async () => {
    using app = await createTestChat()
    const { bot } = await createBot(app, app.cast.alice, "helper")
    let asked = 0
    const { api } = await app.chat.auth()
    const getSession = api.getSession
    Object.assign(api, {
      getSession: (...args: Parameters<typeof getSession>) => {
        asked++
        return getSession(...args)
      },
    })

    expectData(await bot.client.query("getServers", null))
    await changeRows(app.database, "delete from bot_tokens")
    expectData(await bot.client.query("getServers", null)) // known for a while without asking
    const unknown = clientOf(app.chat, `covenant_bot_${"x".repeat(43)}`)

    expect((await unknown.query("getServers", null)).error?.code).toBe(401)
    expect(asked).toBe(0)
  })
})

describe("the end of a bot", () => {
  test("keeps its messages under a placeholder name", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { bot, id } = await createBot(app, alice, "helper", app.lab.id)
    const { send, heard } = await listen(bot, app.room)
    await send("I was here")
    expect((await bob.client.mutate("deleteBot", { botId: id })).error?.code).toBe(404)

    const result = await alice.client.mutate("deleteBot", { botId: id })

    expect(result.resources).toEqual([`bots/user/${alice.id}`, `members/server/${app.lab.id}`])
    const messages = expectData(await bob.client.query("getMessages", { channelId: app.general.id }))
    expect(messages).toMatchObject([
      { content: "I was here", username: expect.stringMatching(/^deleted-/), extras: { bot: {} } },
    ])
    expect(expectData(await alice.client.query("getBots", null))).toEqual([])
    expect((await bot.client.query("getServers", null)).error?.code).toBe(401)
    await (await listen(bob, app.room)).send("after")
    expect(heard).toHaveLength(1)
    expectData(await alice.client.mutate("createBot", { username: "helper" })) // its name is free again
  })

  test("comes with its owner's", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const { bot, id } = await createBot(app, bob, "helper")
    expectData(await bot.client.query("getServers", null))

    expectData(await bob.client.mutate("deleteAccount", { password: "password" }))

    expect((await bot.client.query("getServers", null)).error?.code).toBe(401)
    const [row] = await readRows(app.database, `select username, bot_owner_id from users where id = '${id}'`)
    expect(row).toEqual({ username: expect.stringMatching(/^deleted-/), bot_owner_id: null })
    expect(await readRows(app.database, "select * from bot_tokens")).toEqual([])
  })
})

/** A bot of someone's, with a token and a client that speaks as it; in a server when one is given. */
async function createBot({ chat }: TestChat, owner: Person, username: string, serverId?: string) {
  const { id } = expectData(await owner.client.mutate("createBot", { username }))
  const { token } = expectData(await owner.client.mutate("createBotToken", { botId: id }))
  if (serverId) expectData(await owner.client.mutate("addBot", { serverId, botId: id }))
  const bot: Person = { id, username, token, client: clientOf(chat, token), faults: [] }
  return { id, token, bot }
}
