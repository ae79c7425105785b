import { describe, expect, test } from "bun:test"
import { eq, isNotNull } from "drizzle-orm"
import { pushDeliveries, pushSubscriptions, sessions } from "../../../drizzle/schema.ts"
import { findMessage } from "../../../src/features/messages/store.ts"
import { claimPushes, listDuePushes } from "../../../src/features/push/due-queue.ts"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"
import {
  addPushDevice,
  pushDevicesOf,
  pushEnvironment,
  queuePush,
  type ReceivedPush,
  sendPushesDue,
  startPushService,
} from "../../support/push.ts"
import { say } from "../../support/say.ts"

describe("a push notice", () => {
  test("reaches each device after ten seconds, encrypted and signed", async () => {
    using service = startPushService()
    using app = await createTestChat(pushEnvironment)
    const { bob } = app.cast
    await addPushDevice(app, service, "phone")
    await addPushDevice(app, service, "laptop")
    const messageId = await say(app, app.cast.alice, "**Lunch** is ready")

    await queuePush(app, messageId, "mention")
    await sendPushesDue(app, 9)
    expect(service.received).toHaveLength(0)
    await sendPushesDue(app, 11)
    await sendPushesDue(app, 11)

    expect(service.faults).toEqual([])
    expect(service.received.map(({ device }) => device).toSorted()).toEqual(["laptop", "phone"])
    for (const { content, headers, claims, publicKey } of service.received) {
      expect(content).toMatchObject({
        web_push: 8030,
        app_badge: 1,
        notification: {
          title: "#general · Lab",
          body: "alice: Lunch is ready",
          navigate: `https://chat.example.org/messages/${messageId}`,
          tag: `channel-${app.general.id}`,
          data: { messageId, channelId: app.general.id, serverId: app.lab.id, sentAt: expect.any(Number) },
        },
      })
      expect(headers.get("ttl")).toBe("86400")
      expect(headers.get("urgency")).toBe("high")
      expect(claims.sub).toBe("https://chat.example.org")
      const settings = expectData(await bob.client.query("getPushSettings", null))
      expect(publicKey).toBe(settings.publicKey)
    }
    // One channel is one notice: what waits at the push service is replaced.
    expect(new Set(service.received.map(({ headers }) => headers.get("topic"))).size).toBe(1)
    const devices = expectData(await bob.client.query("getPushDevices", null))
    expect(devices.map(({ name, lastStatus }) => [name, lastStatus])).toEqual([
      ["phone", "201"],
      ["laptop", "201"],
    ])
  })

  test("says only that there is a message to who wants no more", async () => {
    using service = startPushService()
    using app = await createTestChat(pushEnvironment)
    await addPushDevice(app, service, "phone")
    // What others chose does not matter.
    for (const [name, isTextShown] of [
      ["mallory", true],
      ["alice", true],
      ["bob", false],
    ] as const)
      expectData(await app.cast[name].client.mutate("updatePushSettings", { isTextShown }))

    await queuePush(app, await say(app, app.cast.alice, "secret plans"), "message")
    await sendPushesDue(app, 11)

    const [push] = service.received
    expect(push?.content.notification).toMatchObject({ title: "Covenant Chat", body: "New message" })
    expect(JSON.stringify(push?.content)).not.toMatch(/secret|alice|general|Lab/)
    expect(push?.headers.get("urgency")).toBe("normal")
  })

  test("is withdrawn from all devices once it is read on one", async () => {
    using service = startPushService()
    using app = await createTestChat(pushEnvironment)
    await addPushDevice(app, service, "phone")
    await addPushDevice(app, service, "laptop")
    const messageId = await say(app, app.cast.alice, "hello")
    await queuePush(app, messageId, "mention")
    await sendPushesDue(app, 11)
    expect(service.received).toHaveLength(2) // or the next assertion proves nothing

    await read(app, messageId)
    await until("both are withdrawn", () => service.received.length === 4)

    const withdrawn = service.received.slice(2)
    for (const { content, headers } of withdrawn) {
      expect(content).toEqual({ withdraw: `channel-${app.general.id}`, app_badge: 0 })
      expect([headers.get("ttl"), headers.get("topic")]).toEqual([
        "0",
        service.received[0]?.headers.get("topic") ?? "",
      ])
    }
    expect(service.faults).toEqual([])
  })

  const reasons: Record<string, (app: TestChat, messageId: string) => Promise<unknown>> = {
    "was read in time": (app, id) => read(app, id),
    "lost the channel": ({ cast, lab }) =>
      cast.alice.client.mutate("removeMember", { serverId: lab.id, userId: cast.bob.id }),
    "logged out of that device": ({ chat, cast }) =>
      chat.commits.decide((tx) => tx.delete(sessions).where(eq(sessions.userId, cast.bob.id)).run()),
    "has blocked the author": ({ cast }) => cast.bob.client.mutate("blockUser", { userId: cast.alice.id }),
    "would read a deleted message": ({ cast }, messageId) =>
      cast.alice.client.mutate("deleteMessage", { messageId }),
  }
  test.each(Object.keys(reasons))("is not sent to who %s", async (reason) => {
    using service = startPushService()
    using app = await createTestChat(pushEnvironment)
    await addPushDevice(app, service, "phone")
    const messageId = await say(app, app.cast.alice, "hello")
    await queuePush(app, messageId, "mention")
    expect(await app.chat.db.select().from(pushDeliveries).all()).toHaveLength(1)

    await reasons[reason]?.(app, messageId)
    await sendPushesDue(app, 11)

    expect(service.received).toEqual([])
    expect(service.faults).toEqual([])
  })

  test("is sent at most once, and pending notifications survive a crash", async () => {
    using service = startPushService()
    using app = await createTestChat(pushEnvironment)
    await addPushDevice(app, service, "phone")
    const [first, second] = [await say(app, app.cast.alice, "one"), await say(app, app.cast.alice, "two")]
    await queuePush(app, first, "mention")
    const later = new Date(Date.now() + 11_000)
    // The process is killed here: after the commit, before the request.
    const due = await listDuePushes(app.chat.db, later, 100)
    const claimed = await app.chat.commits.note("nothing", (tx) => claimPushes(tx, due, later))
    expect(claimed.map(({ messageId }) => messageId)).toEqual([first])

    await queuePush(app, first, "mention")
    await queuePush(app, second, "mention")
    await sendPushesDue(app, 11)
    await queuePush(app, second, "mention")
    await sendPushesDue(app, 12)

    expect(messagesOf(service)).toEqual([second])
  })

  test("is tried again when the push service says so, and not for what it refuses", async () => {
    const answers = [429, 400, 503]
    using service = startPushService(() => {
      const status = answers.shift() ?? 201
      return new Response(null, { status, headers: status === 429 ? { "retry-after": "300" } : {} })
    })
    using app = await createTestChat(pushEnvironment)
    await addPushDevice(app, service, "phone")
    const delayed = await say(app, app.cast.alice, "one")
    await queuePush(app, delayed, "mention")
    await sendPushesDue(app, 11)
    const refused = await say(app, app.cast.alice, "two")
    await queuePush(app, refused, "mention")
    await sendPushesDue(app, 200)
    expect(service.received).toHaveLength(0)

    await sendPushesDue(app, 320) // 503
    await sendPushesDue(app, 3600)

    expect(messagesOf(service)).toEqual([delayed])
    expect(answers).toEqual([])
  })

  test("is not sent to a device that is gone, which is removed", async () => {
    using service = startPushService()
    using app = await createTestChat(pushEnvironment)
    await addPushDevice(app, service, "phone")
    await addPushDevice(app, service, "laptop")
    service.forget("phone")

    await queuePush(app, await say(app, app.cast.alice, "hello"), "mention")
    await sendPushesDue(app, 11)

    expect(service.received.map(({ device }) => device)).toEqual(["laptop"])
    expect((await pushDevicesOf(app)).map(({ name }) => name)).toEqual(["laptop"])
  })

  test("is claimed right before its request, in a commit with others", async () => {
    let [arrived, mostClaimed] = [0, 0]
    using service = startPushService(async () => {
      const before = arrived++
      const claimed = await app.chat.db.$count(pushDeliveries, isNotNull(pushDeliveries.sentAt))
      mostClaimed = Math.max(mostClaimed, claimed - before)
      return new Response(null, { status: 201 })
    })
    using app = await createTestChat(pushEnvironment)
    await addPushDevice(app, service, "phone")
    const [row] = await app.chat.db.select().from(pushSubscriptions).all()
    const others = Array.from({ length: 299 }, (_, at) => {
      const name = `device-${at}`
      return { ...row, ...service.subscribe(name), id: crypto.randomUUID(), name } as NonNullable<typeof row>
    })
    await app.chat.commits.decide((tx) => tx.insert(pushSubscriptions).values(others).run())
    await queuePush(app, await say(app, app.cast.alice, "hello"), "mention")
    let commits = 0
    app.chat.commits.onCommit = () => void commits++

    await sendPushesDue(app, 11)

    expect(service.received).toHaveLength(300)
    expect(mostClaimed).toBeGreaterThan(1)
    expect(mostClaimed).toBeLessThanOrEqual(16) // requests at a time
    expect(commits).toBeLessThan(200)
  })
})

async function read({ chat, cast, general }: TestChat, messageId: string) {
  const { position = 0 } = (await findMessage(chat.db, messageId)) ?? {}
  return cast.bob.client.mutate("markRead", { channelId: general.id, position })
}

const messagesOf = ({ received }: { received: ReceivedPush[] }) =>
  received.map(({ content }) => content.notification.data.messageId)
