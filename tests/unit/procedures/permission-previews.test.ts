import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { channels } from "../../../drizzle/schema.ts"
import { type Permission, permissionsOf } from "../../../src/features/permissions/bits.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { addChannel, letBobManage } from "../../support/permission-checks.ts"
import { giveRole, makePrivate, setOverwrite, setRole } from "../../support/rights.ts"
import { readEverything } from "../../support/test-database.ts"

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
