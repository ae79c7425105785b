import { describe, expect, test } from "bun:test"
import { slowModeOf } from "../../../src/features/moderation/slow-mode.ts"
import { createTestChat, expectData, signUp } from "../../support/chat.ts"
import { backdate, configureJoining, joinByInvite, setSystemChannel } from "../../support/joining.ts"
import { say } from "../../support/say.ts"

describe("a raid lock", () => {
  test("stops invites and slows everyone down but moderators, until it ends", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const { serverId } = app.room
    const locked = expectData(await alice.client.mutate("lockServer", { serverId, minutes: 60 }))

    expect(locked.raidLockedUntil?.getTime()).toBeGreaterThan(Date.now() + 59 * 60_000)
    expect((await joinByInvite(app, mallory)).error).toMatchObject({
      code: 403,
      message: expect.stringContaining("no new members"),
    })
    await say(app, bob, "one")
    await expect(say(app, bob, "two")).rejects.toThrow("Slow mode is on")
    await say(app, alice, "one")
    await say(app, alice, "two")
    expect(slowModeOf({ ...locked, slowModeSeconds: 5 })).toBe(30)
    expect(slowModeOf({ ...locked, slowModeSeconds: 90 })).toBe(90)

    expectData(await alice.client.mutate("unlockServer", { serverId }))

    expectData(await joinByInvite(app, mallory))
    await say(app, bob, "three")
    const { entries } = expectData(await alice.client.query("getAuditLog", { serverId }))
    const acts = entries.map(({ action }) => action).filter((action) => action.startsWith("server."))
    expect(acts).toEqual(["server.raidEnd", "server.raid"])
    const tooLong = await alice.client.mutate("lockServer", { serverId, minutes: 24 * 60 + 1 })
    expect(tooLong.error?.code).toBe(400)
  })

  test("begins by itself with the join that is one too many in a minute, and says so", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    await setSystemChannel(app)
    await backdate(app, bob, 600, 600)
    await backdate(app, alice, 600, 600)
    expectData(
      await configureJoining(app, { raidJoinsPerMinute: 2, welcome: "Hello {user}, this is {server}" }),
    )
    const [carol, dave] = [await signUp(app.chat, "carol"), await signUp(app.chat, "dave")]

    expectData(await joinByInvite(app, mallory))
    expectData(await joinByInvite(app, carol))

    expect((await joinByInvite(app, dave)).error?.code).toBe(403)
    const said = expectData(await alice.client.query("getMessages", { channelId: app.general.id }))
    expect(said.map(({ content }) => content)).toEqual([
      "Hello @mallory, this is Lab",
      expect.stringContaining("**Raid lock.** Many people joined at once"),
      "Hello @carol, this is Lab",
    ])
    expect(said[0]?.extras).toMatchObject({ bot: { name: "Lab" }, mentions: [{ userId: mallory.id }] })
  })
})
