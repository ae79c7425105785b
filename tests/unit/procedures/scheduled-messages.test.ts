import { describe, expect, test } from "bun:test"
import { fileUsageOf } from "../../../src/features/files/store.ts"
import { fileSweeper } from "../../../src/features/files/sweeper.ts"
import { bitOf } from "../../../src/features/permissions/bits.ts"
import { scheduledMessageDuty } from "../../../src/features/scheduled-messages/duty.ts"
import { sendScheduled } from "../../../src/features/scheduled-messages/send-scheduled.ts"
import { findScheduledRow } from "../../../src/features/scheduled-messages/store.ts"
import { suspend } from "../../support/administrators.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { upload } from "../../support/pictures.ts"
import { say } from "../../support/say.ts"
import { readRows } from "../../support/test-database.ts"

const dayMs = 86_400_000
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000)

async function schedule(app: TestChat, { client }: Person, content: string, more: object = {}) {
  const input = { channelId: app.general.id, content, dueAt: inMinutes(20), ...more }
  return expectData(await client.mutate("scheduleMessage", input)).scheduledId
}
const run = ({ chat }: TestChat, now = inMinutes(21)) => chat.workers.get(scheduledMessageDuty).run(now)
const listOf = async ({ client }: Person) => expectData(await client.query("getScheduledMessages", null))
const sentIn = async (app: TestChat) =>
  expectData(await app.cast.alice.client.query("getMessages", { channelId: app.general.id }))

describe("a scheduled message", () => {
  test("is sent at its time, once, with its id and what it replies to, whichever nodes try", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const replyTo = await say(app, alice, "who makes tea?")
    const id = await schedule(app, bob, "me", { replyTo })
    const { heard } = await listen(alice, app.room)
    expect(await listOf(bob)).toMatchObject([
      { id, content: "me", replyTo, serverName: "Lab", channelName: "general", failure: null },
    ])

    await run(app, inMinutes(19))
    expect(await sentIn(app)).toHaveLength(1)
    await Promise.all([run(app), app.second.workers.get(scheduledMessageDuty).run(inMinutes(21))])
    await run(app)

    expect(heard).toMatchObject([{ id, content: "me", username: "bob" }])
    expect((await sentIn(app)).map(({ content }) => content)).toEqual(["who makes tea?", "me"])
    expect((await sentIn(app))[1]?.extras?.replyTo?.id).toBe(replyTo)
    expect(await listOf(bob)).toEqual([])
    expect((await bob.client.mutate("cancelScheduledMessage", { scheduledId: id })).error?.code).toBe(409)
  })

  test("that is changed or cancelled in the moment when it is sent is not sent as it was", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const ids = [await schedule(app, bob, "one"), await schedule(app, bob, "two")]
    const [changed, cancelled] = await Promise.all(ids.map((id) => findScheduledRow(app.chat.db, id)))
    const [scheduledId = "", otherId = ""] = ids
    expectData(await bob.client.mutate("updateScheduledMessage", { scheduledId, content: "one, better" }))
    expectData(await bob.client.mutate("cancelScheduledMessage", { scheduledId: otherId }))

    for (const due of [changed, cancelled])
      await expect(sendScheduled(app.chat, due as NonNullable<typeof due>)).rejects.toMatchObject({
        code: 409,
      })
    expect(await sentIn(app)).toEqual([])
    await run(app)

    expect((await sentIn(app)).map(({ content }) => content)).toEqual(["one, better"])
  })

  test("that is refused at its time is stored with the reason, and sent once its author may", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const id = await schedule(app, bob, "hello")
    expectData(await alice.client.mutate("removeMember", { serverId: app.lab.id, userId: bob.id }))

    await run(app)
    await run(app)

    expect(await sentIn(app)).toEqual([])
    expect(await listOf(bob)).toMatchObject([{ id, content: "hello", failure: expect.any(String) }])
    const sendNow = () => bob.client.mutate("sendScheduledMessage", { scheduledId: id })
    expect((await sendNow()).error?.code).toBe(403)
    const { code } = expectData(await alice.client.mutate("createInvite", { serverId: app.lab.id }))
    expectData(await bob.client.mutate("joinServer", { code }))
    expect(expectData(await sendNow())).toMatchObject({ id, content: "hello" })
    expect(await listOf(bob)).toEqual([])
  })

  test("is not sent for the suspended, nor into a channel that is gone", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { id: channelId } = expectData(
      await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "attic" }),
    )
    const inAttic = await schedule(app, alice, "up here", { channelId })
    expectData(await alice.client.mutate("deleteChannel", { channelId }))
    const id = await schedule(app, bob, "hello")
    await suspend(app.chat, bob.id)

    await run(app)

    expect(await sentIn(app)).toEqual([])
    expect((await findScheduledRow(app.chat.db, id))?.scheduled.failure).toContain("suspended")
    expect(await listOf(alice)).toMatchObject([{ id: inAttic, content: "up here", serverId: "" }])
  })

  test("waits for a limit of seconds", async () => {
    using app = await createTestChat({ RATE_LIMIT_MESSAGES: "1/10s" })
    const { bob } = app.cast
    await schedule(app, bob, "one")
    await schedule(app, bob, "two")

    await run(app)

    expect(await sentIn(app)).toHaveLength(1)
    const [left] = await listOf(bob)
    expect(left?.failure).toBeNull()
    expect(left?.dueAt.getTime()).toBeGreaterThan(inMinutes(20.5).getTime())
  })

  test("keeps its files until it is sent with them, and nothing else takes them", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const { db, storage } = app.chat
    const [first, second] = [await upload(app, "bob"), await upload(app, "bob")]
    const id = await schedule(app, bob, "", { files: [second.id, first.id] })
    expect(await listOf(bob)).toMatchObject([
      { id, content: "", files: [{ id: second.id }, { id: first.id }] },
    ])
    expect(await fileUsageOf(db, bob.id)).toMatchObject({ unsent: 0, bytes: first.bytes + second.bytes })

    const sameAgain = { channelId: app.general.id, content: "", dueAt: inMinutes(5), files: [first.id] }
    expect((await bob.client.mutate("scheduleMessage", sameAgain)).error?.code).toBe(400)
    expect((await bob.client.mutate("discardFile", { fileId: first.id })).error?.code).toBe(409)
    await say(app, bob, "now", { files: [first.id] } as object).catch(() => {})
    await app.chat.workers.get(fileSweeper).sweep(new Date(Date.now() + 3 * dayMs))
    await app.second.workers.get(scheduledMessageDuty).run(inMinutes(21))

    const [sent, ...others] = await sentIn(app)
    expect([sent?.id, others]).toEqual([id, []])
    expect(sent?.extras?.attachments?.map((file) => file.id)).toEqual([second.id, first.id])
    for (const { key } of [first, second]) expect(await storage.get(key)).toBeDefined()
    expect(await readRows(app.chat, "select file_id from scheduled_files")).toEqual([])
  })

  test("loses files that are removed or cancelled with it, with their bytes", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const { storage, workers } = app.chat
    const files = [await upload(app, "bob"), await upload(app, "bob"), await upload(app, "bob")] as const
    const [kept, removed, added] = files
    const scheduledId = await schedule(app, bob, "", { files: [kept.id, removed.id] })
    const change = async (changed: object) =>
      (await bob.client.mutate("updateScheduledMessage", { scheduledId, ...changed })).error?.code
    const stored = async () => {
      await workers.get(fileSweeper).settled()
      return Promise.all(files.map(async ({ key }) => (await storage.get(key)) !== undefined))
    }

    expect(await change({ content: " ", files: [] })).toBe(400)
    expect(await change({ content: "" })).toBeUndefined()
    expect([(await listOf(bob))[0]?.files.length, await stored()]).toEqual([2, [true, true, true]])
    expect(await change({ content: "with others", files: [added.id, kept.id] })).toBeUndefined()
    expect((await listOf(bob))[0]?.files.map(({ id }) => id)).toEqual([added.id, kept.id])
    expect(await stored()).toEqual([true, false, true])
    expect(await change({ files: [removed.id] })).toBe(400)

    expectData(await bob.client.mutate("cancelScheduledMessage", { scheduledId }))
    expect(await stored()).toEqual([false, false, false])
    expect(await readRows(app.chat, "select id from files")).toEqual([])
  })

  test("with files is not sent when its author may not attach any more, and keeps them", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const file = await upload(app, "bob")
    const id = await schedule(app, bob, "look", { files: [file.id] })
    const denied = { serverId: app.lab.id, channelId: app.general.id, id: app.lab.id, type: 0 } as const
    const deny = String(bitOf.attachFiles)
    expectData(await alice.client.mutate("setOverwrite", { ...denied, allow: "0", deny }))

    await run(app)

    expect(await sentIn(app)).toEqual([])
    expect(await listOf(bob)).toMatchObject([
      { id, files: [{ id: file.id }], failure: expect.stringContaining("Attach files") },
    ])
    const other = { channelId: app.general.id, content: "x", dueAt: inMinutes(20), files: [file.id] }
    expect((await bob.client.mutate("scheduleMessage", other)).error?.code).toBe(403)
    const changed = { scheduledId: id, content: "only text", files: [] }
    expectData(await bob.client.mutate("updateScheduledMessage", changed))
    await run(app)
    expect((await sentIn(app)).map(({ content, extras }) => [content, extras])).toEqual([["only text", null]])
  })

  test("is for where one may write, with an id that is free", async () => {
    using app = await createTestChat()
    const { bob, mallory } = app.cast
    const stored = await say(app, bob, "hello")
    const dueAt = inMinutes(20)
    const attempt = async ({ client }: Person, more: object) => {
      const input = { channelId: app.general.id, content: "x", dueAt, ...more }
      return (await client.mutate("scheduleMessage", input)).error?.code
    }

    expect(await attempt(mallory, {})).toBe(403)
    expect(await attempt(bob, { id: stored })).toBe(409)
    expect(await attempt(bob, { dueAt: inMinutes(-1) })).toBe(400)
    expect(await attempt(bob, { content: "  " })).toBe(400)
    const id = crypto.randomUUID()
    expect(await attempt(bob, { id })).toBeUndefined()
    expect(await attempt(bob, { id })).toBe(409)
  })
})
