import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { channels, serverMembers } from "../../../drizzle/schema.ts"
import { type Permission, permissionsOf } from "../../../src/features/permissions/bits.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { giveRole, makePrivate, setOverwrite, setRole } from "../../support/rights.ts"
import { readEverything } from "../../support/test-database.ts"

/** A role that bob has and that may manage roles. */
async function letBobManage(app: TestChat): Promise<string> {
  return giveRole(app, [app.cast.bob.id], ["manageRoles"])
}

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

describe("a preview", () => {
  test("lists who would lose and gain which permissions where, and changes nothing", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const attic = await addChannel(app, "attic")
    const crew = await giveRole(app, [bob.id], ["kickMembers"])
    await makePrivate(app, attic)
    await setOverwrite(app, { channelId: attic, targetId: crew, kind: "role", allow: ["viewChannel"] })
    const before = await readEverything(app.database)
    const preview = async (change: Parameters<typeof previewOf>[1]) => previewOf(alice, change, app)

    const taken = { kind: "memberRole", roleId: crew, userId: bob.id, isGiven: false } as const
    expect(await preview(taken)).toEqual([
      "- kickMembers bob: attic, general",
      "- sendMessages bob: attic",
      "- viewChannel bob: attic",
    ])
    const hidden = { kind: "overwrite", channelId: app.general.id, targetId: app.lab.id } as const
    expect(await preview({ ...hidden, allow: "0", deny: bits("viewChannel") })).toEqual([
      "- sendMessages bob: general",
      "- viewChannel bob: general",
    ])
    const silenced = { ...hidden, targetId: bob.id, allow: "0", deny: bits("sendMessages") }
    expect(await preview(silenced)).toEqual(["- sendMessages bob: general"])
    expect(await preview({ ...hidden, allow: bits("pinMessages"), deny: "0" })).toEqual([
      "+ pinMessages bob: general",
    ])
    const raised = { kind: "role", roleId: crew, permissions: bits("kickMembers", "banMembers") } as const
    expect(await preview(raised)).toEqual(["+ banMembers bob: attic, general"])
    expect(await preview({ ...raised, permissions: bits("kickMembers") })).toEqual([])
    expect(await readEverything(app.database)).toEqual(before)
  })

  test("counts an administrator's everything", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    await makePrivate(app, app.general.id)
    const crew = await giveRole(app, [bob.id])

    const found = await previewOf(
      alice,
      { kind: "role", roleId: crew, permissions: bits("administrator") },
      app,
    )

    expect(found).toContain("+ administrator bob: general")
    expect(found).toContain("+ viewChannel bob: general")
    expect(found).toContain("+ banMembers bob: general")
  })

  test("leaves out channels that the viewer does not see", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    await letBobManage(app)
    await addChannel(app, "attic")
    await makePrivate(app, app.general.id)

    const found = await previewOf(bob, { kind: "role", roleId: app.lab.id, permissions: "0" }, app)

    expect(found.filter((line) => line.includes("viewChannel"))).toEqual(["- viewChannel bob: attic"])
  })

  test("needs the permission to manage roles", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const change = { kind: "role", roleId: app.lab.id, permissions: "0" } as const
    const ask = () => bob.client.mutate("previewPermissionChange", { serverId: app.lab.id, change })

    expect((await ask()).error?.code).toBe(403)
    await setRole(app, app.lab.id, ["viewChannel", "manageRoles"])
    expect((await ask()).success).toBe(true)
  })
})

test("a preview covers several roles of a member and the synced channels of a category", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const serverId = app.lab.id
  const [kick, ban] = [
    await giveRole(app, [bob.id], ["kickMembers"]),
    await giveRole(app, [], ["banMembers"]),
  ]
  const category = expectData(await alice.client.mutate("createCategory", { serverId, name: "Group" }))
  const inCategory = { serverId, categoryId: category.id }
  expectData(await alice.client.mutate("createChannel", { ...inCategory, name: "synced" }))
  const own = expectData(await alice.client.mutate("createChannel", { ...inCategory, name: "own" }))
  await setOverwrite(app, { channelId: own.id, targetId: serverId, deny: ["addReactions"] })
  await app.chat.commits.decide((tx) =>
    tx.update(channels).set({ isSynced: false }).where(eq(channels.id, own.id)).run(),
  )
  const before = await readEverything(app.database)

  const roles: Change = { kind: "memberRoles", userId: bob.id, given: [ban], taken: [kick] }
  expect(await previewOf(alice, roles, app)).toEqual([
    "+ banMembers bob: general, own, synced",
    "- kickMembers bob: general, own, synced",
  ])
  const sides = { targetId: serverId, allow: "0", deny: bits("addReactions") }
  const overwrite = { kind: "categoryOverwrite", categoryId: category.id, ...sides } as const
  expect(await previewOf(alice, overwrite, app)).toEqual(["- addReactions bob: synced"])
  const elsewhere = await alice.client.mutate("previewPermissionChange", {
    serverId,
    change: { ...roles, given: ["no"] },
  })
  expect(elsewhere.error?.code).toBe(404)
  expect(await readEverything(app.database)).toEqual(before)
})

type Change =
  | { kind: "categoryOverwrite"; categoryId: string; targetId: string; allow: string; deny: string }
  | { kind: "memberRoles"; userId: string; given: string[]; taken: string[] }
  | { kind: "role"; roleId: string; permissions: string }
  | { kind: "overwrite"; channelId: string; targetId: string; allow: string; deny: string }
  | { kind: "memberRole"; roleId: string; userId: string; isGiven: boolean }

async function previewOf({ client }: Person, change: Change, { lab }: TestChat): Promise<string[]> {
  const preview = expectData(await client.mutate("previewPermissionChange", { serverId: lab.id, change }))
  expect(preview.isComplete).toBe(true)
  return preview.changes
    .flatMap(({ permission, gained, lost }) =>
      (
        [
          ["+", gained],
          ["-", lost],
        ] as const
      )
        .filter(([, { members }]) => members > 0)
        .map(([sign, { names, channelNames, members, channels }]) => {
          expect([names.length, channelNames.length]).toEqual([members, channels])
          return `${sign} ${permission} ${names.join(" ")}: ${channelNames.toSorted().join(", ")}`
        }),
    )
    .toSorted()
}

const bits = (...names: Permission[]) => String(permissionsOf(...names))

async function addChannel({ cast: { alice }, lab }: TestChat, name: string): Promise<string> {
  return expectData(await alice.client.mutate("createChannel", { serverId: lab.id, name })).id
}
