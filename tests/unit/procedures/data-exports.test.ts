import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { channelOverwrites, dataExports } from "../../../drizzle/schema.ts"
import { exportDuty } from "../../../src/features/data-exports/duty.ts"
import { finishExport, takeExport } from "../../../src/features/data-exports/store.ts"
import { bitOf } from "../../../src/features/permissions/bits.ts"
import { makeArchives, openArchive } from "../../support/archives.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { fileOf, upload } from "../../support/pictures.ts"
import { joinLab } from "../../support/roles.ts"
import { say } from "../../support/say.ts"

const ask = ({ client }: Person) => client.mutate("requestDataExport", null)
const askFor = ({ lab }: TestChat, { client }: Person) =>
  client.mutate("requestServerExport", { serverId: lab.id })
const exportsOf = async ({ client }: Person) => expectData(await client.query("listDataExports", null))
const textFile = (text: string) => fileOf("notes ü.txt", text, "text/plain")

describe("an archive of the own data", () => {
  test("has own messages, also private ones, with files, and no messages of others and no secrets", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const file = await upload(app, "bob", textFile("my own words"))
    const first = await say(app, bob, "<b>first & foremost</b>")
    await say(app, alice, "alice's secret")
    await say(app, bob, "with a file", { files: [file.id] } as object)
    await say(app, bob, "an answer", { replyTo: await say(app, alice, "alice's question") })
    const gone = await say(app, bob, "deleted")
    expectData(await bob.client.mutate("deleteMessage", { messageId: gone }))
    expectData(await bob.client.mutate("addReaction", { messageId: first, emoji: "👍" }))
    const talk = expectData(await bob.client.mutate("openConversation", { userIds: [alice.id] }))
    const inTalk = { room: { serverId: talk.id, channelId: talk.channelId } }
    await say(inTalk, bob, "bob in private")
    await say(inTalk, alice, "alice in private")

    const later = await upload(app, "bob", fileOf("later.txt", "not sent yet", "text/plain"))
    const dueAt = new Date(Date.now() + 3_600_000)
    const scheduled = { channelId: app.general.id, content: "", dueAt, files: [later.id] }
    expectData(await bob.client.mutate("scheduleMessage", scheduled))

    expect(expectData(await ask(bob)).state).toBe("waiting")
    await makeArchives(app)

    const [made] = await exportsOf(bob)
    const archive = await openArchive(app, bob)
    expect(made).toMatchObject({ state: "ready", bytes: archive.bytes.length, serverId: null })
    const written = archive.json("messages.json")
    expect(written.map(({ count }: { count: number }) => count).sort()).toEqual([1, 3])
    const inGeneral = written.find(({ title }: { title: string }) => title === "#general in Lab")
    const messages = archive.json(inGeneral.json)
    expect(messages.map(({ content }: { content: string }) => content)).toEqual([
      "<b>first & foremost</b>",
      "with a file",
      "an answer",
    ])
    expect(new TextDecoder().decode(archive.files[messages[1].attachments[0].file])).toBe("my own words")
    const [waiting] = archive.json("scheduled.json")[0].attachments
    expect(new TextDecoder().decode(archive.files[waiting.file])).toBe("not sent yet")
    expect(archive.textOf(inGeneral.html)).toContain("&lt;b&gt;first &amp; foremost&lt;/b&gt;")
    expect(archive.textOf("index.html")).not.toContain("<script")
    expect(archive.json("account.json")).toMatchObject({ id: bob.id, username: "bob" })
    expect(archive.json("reactions.json")).toMatchObject([{ messageId: first, emoji: "👍" }])
    expect(archive.json("servers.json")).toMatchObject([{ id: app.lab.id, name: "Lab" }])
    const all = archive.paths.map((path) => archive.textOf(path)).join("\n")
    expect(all).toContain("bob in private")
    for (const secret of ["alice's", "alice in private", bob.token, "argon2", "deleted"])
      expect(all).not.toContain(secret)
  })

  test("is made one at a time and three times a day, for its owner only", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast

    expectData(await ask(bob))
    expect((await ask(bob)).error?.code).toBe(409)
    expect(await exportsOf(alice)).toEqual([])
    expectData(await ask(alice)) // nobody waits for bob
    for (let made = 1; made < 3; made++) {
      await makeArchives(app)
      expectData(await ask(bob))
    }
    await makeArchives(app)
    expect((await ask(bob)).error?.code).toBe(429)
  })

  test("is deleted after a day, with its bytes", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const { id } = expectData(await ask(bob))
    await makeArchives(app)
    const [made] = await exportsOf(bob)
    const expiresAt = made?.expiresAt?.getTime() ?? 0
    expect(Math.abs(expiresAt - Date.now() - 86_400_000)).toBeLessThan(60_000)

    await makeArchives(app, undefined, new Date(expiresAt - 1))
    expect(await app.chat.storage.get(`exports/${id}`)).toBeDefined()
    await makeArchives(app, undefined, new Date(expiresAt))

    expect(await app.chat.storage.get(`exports/${id}`)).toBeUndefined()
    expect(await exportsOf(bob)).toEqual([])
  })
})

describe("an archive whose process dies", () => {
  test("is made by the next one, and what the dead one stores late is not taken", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    for (let number = 0; number < 20; number++) await say(app, bob, `number ${number}`)
    const { id } = expectData(await ask(bob))
    let asked = 0

    await makeArchives(app, () => ++asked > 4) // stopped in the middle
    expect((await exportsOf(bob))[0]?.state).toBe("running")
    expect(await app.chat.storage.get(`exports/${id}`)).toBeUndefined()
    const dead = await app.chat.commits.decide((tx) => takeExport(tx, new Date()))
    await app.chat.commits.decide((tx) => takeExport(tx, new Date())) // another has it now
    const late = {
      state: "failed",
      key: null,
      bytes: null,
      failure: "",
      finishedAt: null,
      expiresAt: null,
    } as const
    expect(await app.chat.commits.decide(async (tx) => dead && finishExport(tx, dead, late))).toBe(false)
    await makeArchives(app)

    expect((await exportsOf(bob))[0]?.state).toBe("ready")
    const row = await app.chat.db.select().from(dataExports).where(eq(dataExports.id, id)).get()
    expect(row?.startedAt?.getTime()).toBeGreaterThan(dead?.startedAt?.getTime() ?? 0)
    const archive = await openArchive(app, bob)
    expect(archive.json("messages.json")[0].count).toBe(20)
  })

  test("is given up after a day, and says so", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const { id } = expectData(await ask(bob))
    const createdAt = new Date(Date.now() - 25 * 3_600_000)
    await app.chat.commits.decide((tx) =>
      tx.update(dataExports).set({ createdAt }).where(eq(dataExports.id, id)).run(),
    )

    await makeArchives(app)

    expect(await exportsOf(bob)).toMatchObject([{ state: "failed", bytes: null }])
    expectData(await ask(bob)) // and may be asked for again
  })
})

describe("an archive of a server", () => {
  test("has all channels with private ones and threads, in the shape that importers read, and no conversation", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const file = await upload(app, "bob", textFile("a file of the server"))
    const question = await say(app, bob, "a question, @alice")
    await say(app, alice, "an answer", { replyTo: question })
    await say(app, bob, "with a file", { files: [file.id] } as object)
    expectData(await alice.client.mutate("addReaction", { messageId: question, emoji: "👍" }))
    const thread = expectData(await alice.client.mutate("createThread", { messageId: question }))
    await say({ room: { serverId: app.lab.id, channelId: thread.id } }, bob, "in the thread")
    const role = expectData(
      await alice.client.mutate("createRole", { serverId: app.lab.id, name: "Crew", color: 0x336699 }),
    )
    expectData(
      await alice.client.mutate("giveRole", { serverId: app.lab.id, userId: bob.id, roleId: role.id }),
    )
    const secret = expectData(
      await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "secret/../plans" }),
    )
    await say({ room: { serverId: app.lab.id, channelId: secret.id } }, alice, "in a private channel")
    const deny = Number(bitOf.viewChannel)
    const hidden = { channelId: secret.id, targetId: app.lab.id, kind: "everyone" as const, deny }
    await app.chat.commits.decide((tx) => tx.insert(channelOverwrites).values(hidden).run())
    const talk = expectData(await bob.client.mutate("openConversation", { userIds: [alice.id] }))
    await say({ room: { serverId: talk.id, channelId: talk.channelId } }, bob, "in private")
    const later = await upload(app, "bob", textFile("not sent yet"))
    const scheduled = { channelId: app.general.id, content: "", files: [later.id] }
    const dueAt = new Date(Date.now() + 3_600_000)
    expectData(await bob.client.mutate("scheduleMessage", { ...scheduled, dueAt }))

    expect((await askFor(app, bob)).error?.code).toBe(403)
    expectData(await askFor(app, alice))
    await makeArchives(app)

    const archive = await openArchive(app, alice)
    const server = archive.json("server.json")
    expect(server).toMatchObject({
      format: { name: "covenant-chat-server", version: 1 },
      guild: { name: "Lab" },
    })
    expect(server.channels.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(["general", "secret/../plans"]),
    )
    const channelOf = (id: string) =>
      archive.json(server.channels.find((each: { id: string }) => each.id === id).messages)
    const general = channelOf(app.general.id)
    expect(general).toMatchObject({ channel: { type: "GuildTextChat", name: "general" }, messageCount: 3 })
    expect(general.messages[0]).toMatchObject({
      ...{ id: question, type: "Default", isPinned: false },
      author: { id: bob.id, name: "bob", color: "#336699", roles: [{ name: "Crew", color: "#336699" }] },
      mentions: [{ id: alice.id, name: "alice" }],
      reactions: [{ emoji: { name: "👍" }, count: 1, users: [{ name: "alice" }] }],
    })
    expect(general.messages[1]).toMatchObject({ type: "Reply", reference: { messageId: question } })
    const [attached] = general.messages[2].attachments
    expect(new TextDecoder().decode(archive.files[attached.url])).toBe("a file of the server")
    expect(channelOf(thread.id)).toMatchObject({
      channel: { type: "GuildPublicThread", categoryId: app.general.id, category: "general" },
      messages: [{ content: "in the thread" }],
    })
    expect(channelOf(secret.id).messages).toMatchObject([{ content: "in a private channel" }])
    expect(
      archive
        .json("members.json")
        .map(({ username }: { username: string }) => username)
        .sort(),
    ).toEqual(["alice", "bob"])
    const all = archive.paths.map((path) => archive.textOf(path)).join("\n")
    for (const missing of ["in private", talk.id, alice.token, "@users.invalid", "not sent yet"])
      expect(all).not.toContain(missing)
    for (const path of archive.paths) expect(path).not.toMatch(/\.\.|^\//)
  })

  test("has the pictures of its authors only", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    for (const { client, username } of [alice, bob]) {
      const { id: fileId } = await upload(app, username as "alice" | "bob")
      expectData(await client.mutate("setAvatar", { fileId }))
    }
    await say(app, alice, "with a picture")
    await say(app, await joinLab(app, "carol"), "without one")

    expectData(await askFor(app, alice))
    await makeArchives(app)

    const archive = await openArchive(app, alice)
    const [path, ...others] = archive.paths.filter((each) => each.startsWith("avatars/"))
    expect([path, ...others]).toEqual([`avatars/${alice.id}.webp`])
    expect(await new Bun.Image(archive.files[path ?? ""] as Uint8Array).metadata()).toMatchObject({
      ...{ format: "webp", width: 512, height: 512 },
    })
    const [{ messages: file }] = archive
      .json("server.json")
      .channels.filter(({ id }: { id: string }) => id === app.general.id)
    const { messages } = archive.json(file)
    expect(messages.map(({ author }: { author: { avatarUrl: string } }) => author.avatarUrl)).toEqual([
      path,
      "",
    ])
  })
})

test("archives without a row are deleted, such as that of somebody who left", async () => {
  using app = await createTestChat()
  const { bob } = app.cast
  const { id } = expectData(await ask(bob))
  await makeArchives(app)

  expectData(await bob.client.mutate("deleteAccount", { password: "password" }))
  await app.chat.workers.get(exportDuty).run()

  expect(await app.chat.storage.get(`exports/${id}`)).toBeUndefined()
  expect(await app.chat.db.$count(dataExports)).toBe(0)
})
