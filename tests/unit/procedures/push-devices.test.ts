import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { pushSubscriptions, sessions } from "../../../drizzle/schema.ts"
import { PushCleanup } from "../../../src/features/push/cleanup.ts"
import { maxPushDevices } from "../../../src/features/push/contract.ts"
import { createTestChat, expectData } from "../../support/chat.ts"
import {
  addPushDevice,
  pushDevicesOf,
  pushEnvironment,
  queuePush,
  sendPushesDue,
  startPushService,
} from "../../support/push.ts"
import { say } from "../../support/say.ts"

describe("the devices of a person", () => {
  test("are listed, renamed, tested and removed by that person alone", async () => {
    using service = startPushService()
    using app = await createTestChat(pushEnvironment)
    const { bob, mallory } = app.cast
    const { id } = await addPushDevice(app, service, "phone")

    for (const name of ["testPushDevice", "removePushDevice"] as const)
      expect((await mallory.client.mutate(name, { id })).error?.code).toBe(404)
    expectData(await bob.client.mutate("renamePushDevice", { id, name: "My phone" }))
    const tested = expectData(await bob.client.mutate("testPushDevice", { id }))

    expect(tested).toEqual({ isAccepted: true, status: "201", isGone: false })
    expect(service.received.map(({ content }) => content.notification.body)).toEqual([
      "Push works on this device.",
    ])
    expect(await pushDevicesOf(app)).toMatchObject([
      { name: "My phone", isCurrent: true, service: new URL(service.origin).host },
    ])
    service.forget("phone")
    expect(expectData(await bob.client.mutate("testPushDevice", { id })).isGone).toBe(true)
    expect(await pushDevicesOf(app)).toEqual([])
    expect((await bob.client.mutate("removePushDevice", { id })).error?.code).toBe(404)
  })

  test("have public addresses, real keys and a number that ends", async () => {
    using service = startPushService()
    using app = await createTestChat(pushEnvironment)
    const { bob } = app.cast
    const real = service.subscribe("phone")
    const refused = [
      { ...real, endpoint: "https://192.168.0.1/x" },
      { ...real, endpoint: "http://push.example.org/x" },
      { ...real, endpoint: "https://[::1]/x" },
      // No point on the curve.
      { ...real, p256dh: Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 7)]).toString("base64url") },
    ]
    for (const inputs of refused)
      expect((await bob.client.mutate("addPushDevice", inputs)).error?.code).toBe(400)

    for (let at = 0; at < maxPushDevices; at++) await addPushDevice(app, service, `device-${at}`)
    const oneMore = { ...service.subscribe("one more") }
    expect((await bob.client.mutate("addPushDevice", oneMore)).error?.message).toContain("Remove one first")
    // The same browser again takes the place of the old one.
    await addPushDevice(app, service, "device-3")
    expect(await pushDevicesOf(app)).toHaveLength(maxPushDevices)
  })

  test("belong to who used the browser last, and end with their session", async () => {
    using service = startPushService()
    using app = await createTestChat(pushEnvironment)
    const { alice } = app.cast
    const shared = service.subscribe("shared")
    expectData(await app.cast.bob.client.mutate("addPushDevice", shared))
    expectData(await alice.client.mutate("addPushDevice", shared))

    await queuePush(app, await say(app, alice, "hello"), "mention")
    await sendPushesDue(app, 11)

    expect(service.received).toEqual([])
    expect(await pushDevicesOf(app)).toEqual([])
    expect(await pushDevicesOf(app, alice)).toHaveLength(1)
    await app.chat.commits.decide((tx) => tx.delete(sessions).where(eq(sessions.userId, alice.id)).run())
    const cleanup = new PushCleanup(app.chat)
    await cleanup.run()
    expect(await app.chat.db.select().from(pushSubscriptions).all()).toEqual([])
  })
})
