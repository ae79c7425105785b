import { describe, expect, test } from "bun:test"
import { serverMembers } from "../../../drizzle/schema.ts"
import type { Permission } from "../../../src/features/permissions/bits.ts"
import { createTestChat, expectData, type Person } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { addChannel, letBobManage } from "../../support/permission-checks.ts"
import { giveRole, makePrivate, setOverwrite } from "../../support/rights.ts"

async function decisionOf(
  { client }: Person,
  place: { serverId?: string; channelId?: string },
  who: { userId?: string; roleId?: string },
  permission: Permission,
): Promise<string> {
  const check = expectData(await client.query("explainPermissions", { ...place, ...who }))
  const found = check.permissions.find((each) => each.permission === permission)
  const last = found?.steps.at(-1)
  return [found?.isGranted ? "yes" : "no", last?.kind, ...(last?.name ? [last.name] : [])].join(" ")
}

describe("why", () => {
  test("names the role, the overwrite or the rule that decides", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const crew = await giveRole(app, [bob.id], ["kickMembers"])
    const here = { channelId: app.general.id }
    const about = { userId: bob.id }
    const why = (permission: Permission) => decisionOf(alice, here, about, permission)

    expect(await why("sendMessages")).toBe("yes role @everyone")
    expect(await why("kickMembers")).toBe("yes role crew")
    expect(await why("banMembers")).toBe("no noRole")
    expect(await decisionOf(alice, here, { userId: alice.id }, "banMembers")).toBe("yes owner")

    await setOverwrite(app, { ...here, targetId: app.lab.id, deny: ["sendMessages"] })
    expect(await why("sendMessages")).toBe("no everyoneOverwrite @everyone")
    expect(await why("attachFiles")).toBe("no cannotSend")
    expect(await decisionOf(alice, { serverId: app.lab.id }, about, "sendMessages")).toBe(
      "yes role @everyone",
    )
    await setOverwrite(app, { ...here, targetId: crew, kind: "role", allow: ["sendMessages"] })
    expect(await why("sendMessages")).toBe("yes roleOverwrite crew")
    expect(await decisionOf(alice, here, { roleId: crew }, "sendMessages")).toBe("yes roleOverwrite crew")
    expect(await decisionOf(alice, here, { roleId: app.lab.id }, "sendMessages")).toBe(
      "no everyoneOverwrite @everyone",
    )
    await setOverwrite(app, { ...here, targetId: bob.id, kind: "member", deny: ["sendMessages"] })
    expect(await why("sendMessages")).toBe("no memberOverwrite bob")
  })

  test("is shown to everyone about themselves, and about others to members who manage roles", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const here = { channelId: app.general.id }

    expect(await decisionOf(bob, here, { userId: bob.id }, "sendMessages")).toBe("yes role @everyone")
    const others = await bob.client.query("explainPermissions", { ...here, userId: alice.id })
    const role = await bob.client.query("explainPermissions", { ...here, roleId: app.lab.id })
    expect([others.error?.code, role.error?.code]).toEqual([403, 403])

    await letBobManage(app)
    expect(await decisionOf(bob, here, { userId: alice.id }, "sendMessages")).toBe("yes owner")
  })

  test("is that a member may not write yet, or only slowly", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const serverId = app.lab.id
    const why = (permission: Permission, who = bob) =>
      decisionOf(alice, { channelId: app.general.id }, { userId: who.id }, permission)
    const set = async (change: object) =>
      expectData(await alice.client.mutate("updateJoinSettings", { serverId, ...change }))

    await set({ minAccountMinutes: 60 })
    expect([await why("sendMessages"), await why("addReactions")]).toEqual(["no tooNew", "no tooNew"])
    expect([await why("viewChannel"), await why("sendMessages", alice)]).toEqual([
      "yes role @everyone",
      "yes owner",
    ])
    await set({ minAccountMinutes: 0, rules: "Be kind" })
    await app.chat.commits.decide((tx) => tx.update(serverMembers).set({ acceptedRulesAt: null }).run())
    expect(await why("sendMessages")).toBe("no rules")
    expectData(await bob.client.mutate("acceptRules", { serverId }))
    expect(await why("sendMessages")).toBe("yes role @everyone")

    expectData(await alice.client.mutate("lockServer", { serverId, minutes: 5 }))
    expect([await why("sendMessages"), await why("createInvite"), await why("addReactions")]).toEqual([
      "yes raidLock",
      "yes raidLock",
      "yes role @everyone",
    ])
    expect(await why("sendMessages", alice)).toBe("yes owner")
    expectData(await alice.client.mutate("timeOutMember", { serverId, userId: bob.id, seconds: 60 }))
    expect(await why("sendMessages")).toBe("no timeout")
  })

  test("in a thread is also the lock or the archive of its channel", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { send, heard, stop } = await listen(alice, app.room)
    await send("a thread begins")
    stop()
    const thread = expectData(await bob.client.mutate("createThread", { messageId: heard[0]?.id ?? "" }))
    const why = () => decisionOf(alice, { channelId: thread.id }, { userId: bob.id }, "sendInThreads")
    expect(await why()).toBe("yes role @everyone")

    const channelId = app.general.id
    expectData(await alice.client.mutate("lockChannel", { channelId }))
    expect(await why()).toBe("no locked")
    expectData(await alice.client.mutate("unlockChannel", { channelId }))
    expectData(await alice.client.mutate("archiveChannel", { channelId }))
    expect(await why()).toBe("no archived")
  })

  test("is not shown for a channel that the viewer does not see", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    await letBobManage(app)
    await makePrivate(app, app.general.id)

    const own = await bob.client.query("explainPermissions", { channelId: app.general.id, userId: bob.id })

    expect(own.error?.code).toBe(403)
  })

  test("fails for no member, for two, and for someone outside the server", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const ask = async (inputs: { channelId?: string; serverId?: string; userId?: string; roleId?: string }) =>
      (await alice.client.query("explainPermissions", inputs)).error?.code

    expect(await ask({ serverId: app.lab.id })).toBe(400)
    expect(await ask({ userId: bob.id })).toBe(400)
    expect(await ask({ serverId: app.lab.id, userId: bob.id, roleId: app.lab.id })).toBe(400)
    expect(await ask({ serverId: app.lab.id, userId: mallory.id })).toBe(404)
    expect(await ask({ serverId: app.lab.id, roleId: "none" })).toBe(404)
    expect(await ask({ serverId: "none", channelId: app.general.id, userId: bob.id })).toBe(404)
  })
})

describe("view as", () => {
  test("shows which channels someone sees, and what they may do there", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const attic = await addChannel(app, "attic")
    const crew = await giveRole(app, [bob.id])
    await makePrivate(app, attic)
    await setOverwrite(app, { channelId: attic, targetId: crew, kind: "role", allow: ["viewChannel"] })
    await setOverwrite(app, {
      channelId: app.general.id,
      targetId: bob.id,
      kind: "member",
      deny: ["viewChannel"],
    })
    const seenBy = async (who: { userId?: string; roleId?: string }) => {
      const { channels } = expectData(
        await alice.client.query("viewServerAs", { serverId: app.lab.id, ...who }),
      )
      return channels.filter(({ permissions }) => permissions !== "0").map(({ name }) => name)
    }

    expect(await seenBy({ userId: alice.id })).toEqual(["general", "attic"])
    expect(await seenBy({ userId: bob.id })).toEqual(["attic"])
    expect(await seenBy({ roleId: crew })).toEqual(["general", "attic"])
    expect(await seenBy({ roleId: app.lab.id })).toEqual(["general"])
  })

  test("never shows the viewer a channel that they do not see themselves", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    await letBobManage(app)
    await addChannel(app, "attic")
    await makePrivate(app, app.general.id)

    const seen = await bob.client.query("viewServerAs", { serverId: app.lab.id, userId: alice.id })

    expect(expectData(seen).channels.map(({ name }) => name)).toEqual(["attic"])
  })
})
