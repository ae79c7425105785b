import { describe, expect, test } from "bun:test"
import type { ProcedureResult } from "../../../src/kernel/index.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { bits, createRoles, joinLab } from "../../support/roles.ts"
import { readEverything } from "../../support/test-database.ts"

/** Alice's server with roles, and a category with two channels: `synced` has its overwrites, `own` has others. */
async function createPlaces(app: TestChat) {
  const world = await createRoles(app)
  const { alice, bob, serverId } = world
  const { client } = alice
  const category = expectData(await client.mutate("createCategory", { serverId, name: "Group" }))
  const inCategory = { serverId, categoryId: category.id }
  const synced = expectData(await client.mutate("createChannel", { ...inCategory, name: "synced" }))
  const own = expectData(await client.mutate("createChannel", { ...inCategory, name: "own" }))
  const places = {
    general: { channelId: app.general.id },
    synced: { channelId: synced.id },
    own: { channelId: own.id },
    category: { categoryId: category.id },
  }
  const made = { ...world, ...places }
  expectData(await set(alice, made, places.own, { id: bob.id, type: 1, deny: bits("addReactions") }))
  return made
}

type World = Awaited<ReturnType<typeof createPlaces>>
type Place = { channelId: string } | { categoryId: string }
interface Target {
  id: string
  type?: 0 | 1
  allow?: string
  deny?: string
}

function set(by: Person, { serverId }: { serverId: string }, place: Place, target: Target) {
  const overwrite = { type: 0, allow: "0", deny: "0", ...target } as const
  return by.client.mutate("setOverwrite", { serverId, ...place, ...overwrite })
}
const unset = (by: Person, { serverId }: World, place: Place, id: string) =>
  by.client.mutate("deleteOverwrite", { serverId, ...place, id })
const get = (by: Person, { serverId }: World, place: Place) =>
  by.client.query("getOverwrites", { serverId, ...place })
const sync = (by: Person, { serverId }: World, place: { channelId: string }) =>
  by.client.mutate("syncOverwrites", { serverId, ...place })

const everyone = (world: World) => ({ id: world.serverId })
const view = bits("viewChannel")

type Case = [what: string, code: number, attempt: (world: World) => Promise<ProcedureResult<unknown>>]

const refused: Case[] = [
  ["a member lists them", 403, (w) => get(w.bob, w, w.general)],
  ["a member sets one", 403, (w) => set(w.bob, w, w.general, { ...everyone(w), deny: view })],
  ["a member removes one", 403, (w) => unset(w.bob, w, w.own, w.bob.id)],
  ["a member syncs", 403, (w) => sync(w.bob, w, w.own)],
  ["an outsider sets one", 403, (w) => set(w.mallory, w, w.general, { ...everyone(w), deny: view })],
  ["an outsider sets one of a category", 403, (w) => set(w.mallory, w, w.category, everyone(w))],
  ["in another server", 404, (w) => set(w.alice, { serverId: "no" }, w.general, everyone(w))],
  ["no such channel", 404, (w) => set(w.alice, w, { channelId: "no" }, everyone(w))],
  ["no such category", 404, (w) => set(w.alice, w, { categoryId: "no" }, everyone(w))],
  ["a channel and a category", 400, (w) => set(w.alice, w, { ...w.general, ...w.category }, everyone(w))],
  ["neither", 400, (w) => set(w.alice, w, {} as Place, everyone(w))],
  ["no such role", 404, (w) => set(w.alice, w, w.general, { id: "no" })],
  ["a member as a role", 404, (w) => set(w.alice, w, w.general, { id: w.bob.id })],
  ["an outsider as member", 404, (w) => set(w.alice, w, w.general, { id: w.mallory.id, type: 1 })],
  ["allowed and denied", 400, (w) => set(w.alice, w, w.general, { ...everyone(w), allow: view, deny: view })],
  ["no such bits", 400, (w) => set(w.alice, w, w.general, { ...everyone(w), allow: String(2n ** 53n) })],
  [
    "allowing what one lacks",
    403,
    (w) => set(w.mod, w, w.general, { id: w.low.id, allow: bits("banMembers") }),
  ],
  [
    "denying what one lacks",
    403,
    (w) => set(w.mod, w, w.general, { id: w.low.id, deny: bits("pinMessages") }),
  ],
  ["there is none to remove", 404, (w) => unset(w.alice, w, w.general, w.bob.id)],
  ["to sync what is in no category", 400, (w) => sync(w.alice, w, w.general)],
]

describe("it is refused, and nothing changes:", () => {
  test.each(refused)("%s (%i)", async (_what, code, attempt) => {
    using app = await createTestChat()
    const world = await createPlaces(app)
    const before = await stored(app)

    const result = await attempt(world)

    expect(result.error?.code).toBe(code)
    expect(await stored(app)).toEqual(before)
  })

  test("in a thread, which has those of its channel", async () => {
    using app = await createTestChat()
    const world = await createPlaces(app)
    const bob = await listen(world.bob, app.room)
    await bob.send("hello")
    bob.stop()
    const thread = expectData(
      await world.alice.client.mutate("createThread", { messageId: bob.heard[0]?.id ?? "" }),
    )

    const result = await set(world.alice, world, { channelId: thread.id }, everyone(world))

    expect(result.error?.code).toBe(400)
  })

  test("to members who may manage roles in the server but not in the channel", async () => {
    using app = await createTestChat()
    const world = await createPlaces(app)
    const { alice, mod, moderators, general, own } = world
    expectData(await set(alice, world, general, { id: moderators.id, deny: bits("manageRoles") }))

    const here = await set(mod, world, general, { id: moderators.id })
    const there = await set(mod, world, own, { ...everyone(world), deny: view })

    expect(here.error?.code).toBe(403)
    expect(there.error).toBeNull()
  })

  test("to remove a denial of a permission that they lack", async () => {
    using app = await createTestChat()
    const world = await createPlaces(app)
    const { alice, mod, low, general } = world
    expectData(await set(alice, world, general, { id: low.id, deny: bits("banMembers") }))

    expect((await unset(mod, world, general, low.id)).error?.code).toBe(403)
    expect((await set(mod, world, general, { id: low.id })).error?.code).toBe(403)
  })
})

describe("a category's overwrites", () => {
  test("are those of its synced channels, until a channel gets its own", async () => {
    using app = await createTestChat()
    const world = await createPlaces(app)
    const { alice, low, category, synced, own } = world
    const overwrites = async (place: Place) =>
      expectData(await get(alice, world, place)).map(
        ({ id, allow, deny }) => `${name(world, id)} +${allow} -${deny}`,
      )
    const state = async () => [await overwrites(category), await overwrites(synced), await overwrites(own)]
    const bobs = [`bob +0 -${bits("addReactions")}`]

    expectData(await set(alice, world, category, { ...everyone(world), deny: view }))
    expectData(await set(alice, world, category, { id: low.id, allow: view }))
    const both = [`everyone +0 -${view}`, `low +${view} -0`].toSorted()
    expect((await state()).map((list) => list.toSorted())).toEqual([both, both, bobs])

    expectData(await unset(alice, world, category, low.id))
    expect(await state()).toEqual([[`everyone +0 -${view}`], [`everyone +0 -${view}`], bobs])

    expectData(await set(alice, world, synced, { ...everyone(world), deny: "0" }))
    expectData(await set(alice, world, category, { ...everyone(world), deny: bits("sendMessages") }))
    expect(await state()).toEqual([[`everyone +0 -${bits("sendMessages")}`], ["everyone +0 -0"], bobs])

    expectData(await sync(alice, world, synced))
    expectData(await sync(alice, world, own))
    const same = [`everyone +0 -${bits("sendMessages")}`]
    expect(await state()).toEqual([same, same, same])
  })

  test("stay with a channel that only changes to what it has already", async () => {
    using app = await createTestChat()
    const world = await createPlaces(app)
    const { alice, category, synced, serverId } = world
    expectData(await set(alice, world, category, { ...everyone(world), deny: view }))

    expectData(await set(alice, world, synced, { ...everyone(world), deny: view }))

    const channels = expectData(await alice.client.query("getChannels", { serverId }))
    expect(channels.map(({ name, isSynced }) => [name, isSynced])).toEqual([
      ["general", false],
      ["synced", true],
      ["own", false],
    ])
  })
})

test("members who may no longer view a channel are disconnected, and no others", async () => {
  using app = await createTestChat()
  const world = await createPlaces(app)
  const { alice, bob, category, synced, general, serverId } = world
  const carol = await joinLab(app, "carol")
  const at = async (person: Person, { channelId }: { channelId: string }) =>
    listen(person, { serverId, channelId })
  const [bobThere, carolThere, bobHere] = [
    await at(bob, synced),
    await at(carol, synced),
    await at(bob, general),
  ]
  expectData(await set(alice, world, category, { id: carol.id, type: 1, allow: view }))
  await bobHere.send("before")

  expectData(await set(alice, world, category, { ...everyone(world), deny: view }))
  const aliceThere = await at(alice, synced)
  await aliceThere.send("secret")
  await bobHere.send("after")

  expect(bobThere.heard).toEqual([])
  expect(carolThere.heard.map(({ content }) => content)).toEqual(["secret"])
  expect(bobHere.heard.map(({ content }) => content)).toEqual(["before", "after"])
  expect(bob.faults.map(({ code }) => code)).toEqual([403])
  expect((await bob.client.query("getMessages", synced)).error?.code).toBe(403)
})

test("a deleted role leaves no overwrites", async () => {
  using app = await createTestChat()
  const world = await createPlaces(app)
  const { alice, low, category, synced, general, serverId } = world
  for (const place of [category, general])
    expectData(await set(alice, world, place, { id: low.id, allow: view }))

  expectData(await alice.client.mutate("deleteRole", { serverId, roleId: low.id }))

  for (const place of [category, synced, general])
    expect(expectData(await get(alice, world, place))).toEqual([])
})

test("the audit log shows old and new values", async () => {
  using app = await createTestChat()
  const world = await createPlaces(app)
  const { alice, low, general, category, serverId } = world
  expectData(await set(alice, world, general, { id: low.id, allow: view }))
  expectData(await set(alice, world, category, { id: low.id, deny: view }))
  expectData(await unset(alice, world, general, low.id))

  const { entries } = expectData(await alice.client.query("getAuditLog", { serverId, limit: 3 }))

  expect(entries.map(({ action, targetName, changes }) => [action, targetName, changes])).toEqual([
    [
      "channel.permissions",
      "general",
      { of: { before: "low" }, allow: { before: view }, deny: { before: "0" } },
    ],
    ["category.permissions", "Group", { of: { after: "low" }, allow: { after: "0" }, deny: { after: view } }],
    [
      "channel.permissions",
      "general",
      { of: { after: "low" }, allow: { after: view }, deny: { after: "0" } },
    ],
  ])
})

/** Whom an overwrite concerns. */
function name(world: World, id: string): string {
  return { [world.serverId]: "everyone", [world.low.id]: "low", [world.bob.id]: "bob" }[id] ?? id
}

/** The stored overwrites, as the API returns them. */
async function stored(app: TestChat) {
  const { channel_overwrites, category_overwrites, channels, audit_log } = await readEverything(app.database)
  return { channel_overwrites, category_overwrites, channels, audit_log }
}
