import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { inboxItems } from "../../../drizzle/schema.ts"
import { findMessage } from "../../../src/features/messages/store.ts"
import { recordPushes } from "../../../src/features/push/queue.ts"
import { pushSender } from "../../../src/features/push/sender.ts"
import { maxReminders } from "../../../src/features/reminders/contract.ts"
import { reminderDuty } from "../../../src/features/reminders/duty.ts"
import { insertReminder } from "../../../src/features/reminders/store.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { startPushService } from "../../support/push.ts"
import { say } from "../../support/say.ts"

const minuteMs = 60_000
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * minuteMs)

const remind = ({ client }: Person, messageId: string, dueAt: Date, note = "") =>
  client.mutate("createReminder", { messageId, dueAt, note })
const run = ({ chat }: TestChat, now: Date) => chat.workers.get(reminderDuty).run(now)
const notesOf = async ({ chat }: TestChat, { id }: Person) => {
  const rows = await chat.db.select().from(inboxItems).where(eq(inboxItems.userId, id)).all()
  return rows.map(({ reason, note, at, doneAt }) => ({ reason, note, at, doneAt }))
}

describe("a reminder", () => {
  test("comes into the inbox when it is due, once on any node, and again when it is set again", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const messageId = await say(app, alice, "the kettle")
    const dueAt = inMinutes(20)
    expectData(await remind(bob, messageId, dueAt, "  make\ntea "))
    const [listed] = expectData(await bob.client.query("getReminders", null))
    expect(listed).toMatchObject({ dueAt, note: "make tea", serverName: "Lab", channelName: "general" })
    expect(listed?.message.id).toBe(messageId)
    expect(expectData(await alice.client.query("getReminders", null))).toEqual([])

    await run(app, inMinutes(19))
    expect(await notesOf(app, bob)).toEqual([])

    const item = { reason: "reminder", note: "make tea", at: dueAt, doneAt: null } as const
    await Promise.all([run(app, inMinutes(21)), app.second.workers.get(reminderDuty).run(inMinutes(21))])
    expect(await notesOf(app, bob)).toEqual([item])
    expect(expectData(await bob.client.query("getReminders", null))).toEqual([])

    // Done, and wanted once more.
    await app.chat.commits.decide((tx) => tx.update(inboxItems).set({ doneAt: new Date() }).run())
    const again = inMinutes(30)
    expectData(await remind(bob, messageId, again))
    await run(app, inMinutes(22))
    expect((await notesOf(app, bob))[0]?.doneAt).toBeInstanceOf(Date)
    await run(app, inMinutes(31))
    expect(await notesOf(app, bob)).toEqual([{ ...item, note: null, at: again }])
  })

  test("is pushed to the devices, though the message was read and pushed before", async () => {
    using service = startPushService()
    using app = await createTestChat({
      PUSH_PRIVATE_HOSTS: "127.0.0.1",
      PUBLIC_URL: "https://chat.example.org",
    })
    const { alice, bob } = app.cast
    expectData(await bob.client.mutate("addPushDevice", { ...service.subscribe("phone"), name: "phone" }))
    const messageId = await say(app, alice, "the kettle")
    const send = (at: Date) => app.chat.workers.get(pushSender).run(at)
    const message = await findMessage(app.chat.db, messageId)
    if (!message) throw new Error("There is no such message")
    const notice = { userId: bob.id, reason: "mention", message, isPushed: true }
    await app.chat.commits.decide((tx) => recordPushes(tx, [notice]))
    await send(inMinutes(1))
    expectData(await bob.client.mutate("markRead", { channelId: app.general.id, position: message.position }))
    const titles = () => service.received.flatMap(({ content }) => content.notification?.title ?? [])
    expect(titles()).toEqual(["#general · Lab"])

    expectData(await remind(bob, messageId, inMinutes(20)))
    await run(app, inMinutes(21))
    await send(inMinutes(21))
    await send(inMinutes(22))

    expect(titles()).toEqual(["#general · Lab", "Reminder: #general · Lab"])
  })

  test("can be put off and removed until it comes", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const messageId = await say(app, alice, "the kettle")
    const { reminderId } = expectData(await remind(bob, messageId, inMinutes(20)))

    expectData(await bob.client.mutate("updateReminder", { reminderId, dueAt: inMinutes(60) }))
    await run(app, inMinutes(30))
    expect(await notesOf(app, bob)).toEqual([])
    expect((await alice.client.mutate("deleteReminder", { reminderId })).error?.code).toBe(404)
    expectData(await bob.client.mutate("deleteReminder", { reminderId }))
    await run(app, inMinutes(61))

    expect(await notesOf(app, bob)).toEqual([])
    expect((await bob.client.mutate("updateReminder", { reminderId, note: "" })).error?.code).toBe(404)
  })

  test("does not come for a message that was deleted, or that one may not read any more", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [gone, hidden] = [await say(app, alice, "gone"), await say(app, alice, "hidden")]
    for (const messageId of [gone, hidden]) expectData(await remind(bob, messageId, inMinutes(20)))
    expectData(await remind(alice, hidden, inMinutes(20)))

    expectData(await alice.client.mutate("deleteMessage", { messageId: gone }))
    expect(expectData(await bob.client.query("getReminders", null))).toHaveLength(1)
    expect((await remind(bob, gone, inMinutes(5))).error?.code).toBe(410)
    expectData(await alice.client.mutate("removeMember", { serverId: app.lab.id, userId: bob.id }))
    expect(expectData(await bob.client.query("getReminders", null))).toEqual([])
    await run(app, inMinutes(21))

    expect(await notesOf(app, bob)).toEqual([])
    expect(await notesOf(app, alice)).toHaveLength(1)
  })

  test("is for a future time, and limited in number", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const messageId = await say(app, bob, "hello")
    for (const minutes of [-1, 367 * 24 * 60])
      expect((await remind(bob, messageId, inMinutes(minutes))).error?.issues?.[0]?.path).toBe("dueAt")

    const row = { userId: bob.id, messageId, channelId: app.general.id, dueAt: inMinutes(1) }
    await app.chat.commits.decide(async (tx) => {
      for (let at = 0; at < maxReminders; at++) await insertReminder(tx, { ...row, id: crypto.randomUUID() })
    })
    expect((await remind(bob, messageId, inMinutes(1))).error?.code).toBe(400)
  })
})
