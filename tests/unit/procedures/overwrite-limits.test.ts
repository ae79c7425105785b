import { describe, expect, test } from "bun:test"
import type { Permission } from "../../../src/features/permissions/bits.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { bits, joinLab } from "../../support/roles.ts"

// Nobody changes, by overwrites, what they do not have in that very place. Source: Discord, Edit Channel Permissions.

describe("in a category that denies its moderators", () => {
  const cases: [what: string, denied: Permission, deny: Permission, code: number | undefined][] = [
    ["to manage roles, they change nothing", "manageRoles", "sendMessages", 403],
    ["a permission, they do not deny it to others", "addReactions", "addReactions", 403],
    ["a permission, they deny another", "addReactions", "sendMessages", undefined],
  ]
  test.each(cases)("%s", async (_what, denied, deny, code) => {
    using app = await createTestChat()
    const { alice, mod, roleId, serverId } = await withModerators(app, ["manageRoles"])
    const { id: categoryId } = await category(app, "Group")
    const set = (by: Person, id: string, bit: Permission) =>
      by.client.mutate("setOverwrite", {
        ...{ serverId, categoryId, id, type: 0, allow: "0", deny: bits(bit) },
      })
    expectData(await set(alice, roleId, denied))

    expect((await set(mod, serverId, deny)).error?.code).toBe(code)
  })
})

test("a channel is made read-only, or open again, only by members who may send there", async () => {
  using app = await createTestChat()
  const { alice, mod, roleId, serverId } = await withModerators(app, ["manageRoles", "manageChannels"])
  const channelId = app.general.id
  const preset = (isReadOnly: boolean) => mod.client.mutate("setChannelAccess", { channelId, isReadOnly })
  const overwrite = { serverId, channelId, id: roleId, type: 0, allow: "0" } as const
  expectData(await alice.client.mutate("setOverwrite", { ...overwrite, deny: bits("sendMessages") }))

  expect((await preset(true)).error?.code).toBe(403)
  expectData(await alice.client.mutate("setOverwrite", { ...overwrite, deny: "0" }))
  expectData(await preset(true))
  expectData(await preset(false))
})

test("a synced channel keeps its overwrites when it is moved by someone who may not set those", async () => {
  using app = await createTestChat()
  const { alice, mod, serverId } = await withModerators(app, ["manageChannels"])
  const [closed, open] = [await category(app, "Closed"), await category(app, "Open")]
  const deny = { serverId, categoryId: closed.id, id: serverId, type: 0, allow: "0" } as const
  expectData(await alice.client.mutate("setOverwrite", { ...deny, deny: bits("addReactions") }))
  const inClosed = { serverId, name: "synced", categoryId: closed.id }
  const { id: channelId } = expectData(await alice.client.mutate("createChannel", inClosed))
  const move = async (by: Person, categoryId: string) => {
    const channels = [{ id: channelId, position: 0, categoryId }]
    const moved = expectData(await by.client.mutate("moveChannels", { serverId, channels }))
    const overwrites = expectData(await alice.client.query("getOverwrites", { serverId, channelId }))
    return [moved.find(({ id }) => id === channelId)?.isSynced, overwrites.length]
  }

  expect(await move(mod, open.id)).toEqual([false, 1])
  expect(await move(mod, closed.id)).toEqual([false, 1])
  expectData(await alice.client.mutate("syncOverwrites", { serverId, channelId }))
  expect(await move(alice, open.id)).toEqual([true, 0])
  // To a category with the same overwrites nothing changes, so it stays synced.
  expect(await move(mod, (await category(app, "Open too")).id)).toEqual([true, 0])
})

async function withModerators(app: TestChat, permissions: Permission[]) {
  const { alice } = app.cast
  const serverId = app.lab.id
  const mod = await joinLab(app, "mod")
  const role = { serverId, name: "moderators", permissions: bits(...permissions) }
  const { id: roleId } = expectData(await alice.client.mutate("createRole", role))
  expectData(await alice.client.mutate("giveRole", { serverId, userId: mod.id, roleId }))
  return { alice, mod, roleId, serverId }
}

async function category({ cast, lab }: TestChat, name: string) {
  return expectData(await cast.alice.client.mutate("createCategory", { serverId: lab.id, name }))
}
