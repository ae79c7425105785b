import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { channels, files, messages, servers } from "../../../drizzle/schema.ts"
import { deleteExpiredMessages } from "../../../src/features/retention/delete-expired.ts"
import { retentionDuty } from "../../../src/features/retention/duty.ts"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { listen, until } from "../../support/listen.ts"
import { upload } from "../../support/pictures.ts"
import { say } from "../../support/say.ts"

const dayMs = 86_400_000

/** Makes a message, and its files, that many days old. */
async function age({ chat }: TestChat, id: string, days: number): Promise<void> {
  const createdAt = new Date(Date.now() - days * dayMs)
  await chat.commits.decide(async (tx) => {
    await tx.update(messages).set({ createdAt }).where(eq(messages.id, id)).run()
    await tx.update(files).set({ createdAt }).where(eq(files.messageId, id)).run()
  })
}

/** Alice's messages, one for each age, oldest first; then their ids. */
async function written(app: TestChat, ...days: number[]): Promise<string[]> {
  const ids: string[] = []
  for (const old of days) {
    const id = await say(app, app.cast.alice, `from ${old} days ago`)
    await age(app, id, old)
    ids.push(id)
  }
  return ids
}

async function contents({ cast, general }: TestChat): Promise<string[]> {
  const log = expectData(await cast.bob.client.query("getMessages", { channelId: general.id }))
  return log
    .filter(({ content }) => !content.includes("pinned a message"))
    .map(({ content, deletedAt }) => (deletedAt ? "(deleted)" : content))
}

const run = ({ chat }: TestChat, now = new Date()) => chat.workers.get(retentionDuty).run(now)
const ofServer = ({ lab }: TestChat, messageDays: number | null, fileDays: number | null = null) => ({
  ...{ serverId: lab.id, messageDays, fileDays },
})
const ofChannel = ({ general }: TestChat, messageDays: number | null, fileDays: number | null = null) => ({
  ...{ channelId: general.id, messageDays, fileDays },
})

describe("a server that keeps messages for 30 days", () => {
  test("deletes those that are older, after it showed how many, live, and never a pinned one", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [, pinned = ""] = await written(app, 40, 35, 31, 25, 1)
    expectData(await alice.client.mutate("pinMessage", { messageId: pinned }))
    const { heard } = await listen(bob, app.room)

    const preview = expectData(await alice.client.query("previewServerRetention", ofServer(app, 30)))
    expect(preview).toEqual({ messages: { now: 2, soon: 1 }, files: { now: 0, soon: 0 }, isAtLeast: false })
    // The same for its only channel.
    expect(expectData(await alice.client.query("previewChannelRetention", ofChannel(app, 30)))).toEqual(
      preview,
    )
    expect(await contents(app)).not.toContain("(deleted)") // to look deletes nothing
    expectData(await alice.client.mutate("setServerRetention", ofServer(app, 30)))
    await run(app)

    const left = ["(deleted)", "from 35 days ago", "(deleted)", "from 25 days ago", "from 1 days ago"]
    expect(await contents(app)).toEqual(left)
    await until("bob hears of both", () => heard.filter(({ deletedAt }) => deletedAt).length === 2)
    const log = expectData(await alice.client.query("getAuditLog", { serverId: app.lab.id }))
    const changes = { messageDays: { before: null, after: 30 } }
    expect(log.entries[0]).toMatchObject({ action: "server.retention", changes })
  })

  test("keeps a message until its time is over, to the millisecond, and deletes it then", async () => {
    using app = await createTestChat()
    const [id = ""] = await written(app, 29)
    const createdAt = new Date("2026-01-01T00:00:00Z")
    await app.chat.commits.decide((tx) =>
      tx.update(messages).set({ createdAt }).where(eq(messages.id, id)).run(),
    )
    expectData(await app.cast.alice.client.mutate("setServerRetention", ofServer(app, 30)))
    const end = createdAt.getTime() + 30 * dayMs

    await run(app, new Date(end))
    expect(await contents(app)).toEqual(["from 29 days ago"])
    await run(app, new Date(end + 1))
    expect(await contents(app)).toEqual(["(deleted)"])
  })

  test("leaves channels alone that say otherwise, and their threads", async () => {
    using app = await createTestChat()
    const { alice } = app.cast
    const [id = ""] = await written(app, 40)
    const { id: channelId } = expectData(await alice.client.mutate("createThread", { messageId: id }))
    await age(app, await say({ room: { serverId: app.lab.id, channelId } }, alice, "in it"), 39)
    expectData(await alice.client.mutate("setChannelRetention", ofChannel(app, 0)))
    expectData(await alice.client.mutate("setServerRetention", ofServer(app, 30)))

    await run(app)
    expect(await contents(app)).toEqual(["from 40 days ago"])

    expectData(await alice.client.mutate("setChannelRetention", ofChannel(app, null)))
    await run(app)
    expect(await contents(app)).toEqual(["(deleted)"])
    const after = expectData(await alice.client.query("getMessages", { channelId }))
    expect(after.every(({ deletedAt }) => deletedAt !== null)).toBe(true)
    const refused = await alice.client.mutate("setChannelRetention", {
      ...{ channelId, messageDays: 1, fileDays: null },
    })
    expect(refused.error?.code).toBe(400)
  })
})

test("files go by their own time, the text stays and says so", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const [fresh, old] = [await upload(app, "alice"), await upload(app, "alice")]
  const { id: oldId } = await send(app, "look", [old.id])
  const { id: freshId } = await send(app, "and look", [fresh.id])
  await age(app, oldId, 8)
  const key = (await app.chat.db.select().from(files).where(eq(files.id, old.id)).get())?.key ?? ""

  const preview = expectData(await alice.client.query("previewServerRetention", ofServer(app, null, 7)))
  expect(preview).toMatchObject({ messages: { now: 0, soon: 0 }, files: { now: 1, soon: 1 } })
  expectData(await alice.client.mutate("setServerRetention", ofServer(app, null, 7)))
  await run(app)

  const log = expectData(await alice.client.query("getMessages", { channelId: app.general.id }))
  const byId = new Map(log.map((message) => [message.id, message]))
  expect(byId.get(oldId)).toMatchObject({ content: "look", extras: { expiredFiles: 1 } })
  expect(byId.get(oldId)?.extras?.attachments).toBeUndefined()
  expect(byId.get(freshId)?.extras?.attachments).toHaveLength(1)
  await until("the bytes are gone", async () => (await app.chat.storage.get(key)) === undefined)
})

test("a run continues where another was killed, and does nothing twice", async () => {
  using app = await createTestChat()
  const ids = await written(app, ...Array.from({ length: 120 }, () => 40))
  expectData(await app.cast.alice.client.mutate("setServerRetention", ofServer(app, 30)))
  const duty = app.chat.workers.get(retentionDuty)
  let asked = 0
  const deleted = () => app.chat.db.$count(messages, eq(messages.content, "")) // a tombstone retains no text
  // Stopped before its second commit.
  await duty.run(new Date(), () => ++asked > 3)
  const first = await deleted()
  expect(first).toBeGreaterThan(0)
  expect(first).toBeLessThan(ids.length)

  await run(app)
  expect(await deleted()).toBe(ids.length)
  const head = () =>
    app.chat.db.select({ seq: channels.seq }).from(channels).where(eq(channels.id, app.general.id)).get()
  const before = await head()
  await run(app)
  expect(await head()).toEqual(before)
})

test("what the owner changed since a message was found decides", async () => {
  using app = await createTestChat()
  const { chat, general } = app
  const ids = await written(app, 40)
  const attempt = () =>
    chat.publisher.append(general.id, (changes) =>
      deleteExpiredMessages(changes, chat.messageHooks, { channelId: general.id, ids, now: new Date() }),
    )

  await chat.commits.decide((tx) => tx.update(servers).set({ retentionDays: 41 }).run())
  expect(await attempt()).toBe(0)
  await chat.commits.decide((tx) => tx.update(servers).set({ retentionDays: 39 }).run())
  expect(await attempt()).toBe(1)
})

async function send({ cast, room }: TestChat, content: string, fileIds: string[]) {
  const id = crypto.randomUUID()
  await say({ room }, cast.alice, content, { id, files: fileIds } as object)
  return { id }
}
