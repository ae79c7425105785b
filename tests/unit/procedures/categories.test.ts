import { describe, expect, test } from "bun:test"
import { maxCategories } from "../../../src/features/categories/contract.ts"
import { insertCategory } from "../../../src/features/categories/store.ts"
import { maxChannelsInCategory } from "../../../src/features/channels/contract.ts"
import { insertChannel } from "../../../src/features/channels/store.ts"
import { namesSeenBy, withCategories } from "../../support/categories.ts"
import { createTestChat, expectData, type Person } from "../../support/chat.ts"
import { listen, until } from "../../support/listen.ts"

describe("the order of channels", () => {
  test("is: those without a category, then each category's, whatever their age", async () => {
    using app = await createTestChat()
    const { one, add, serverId, client } = await withCategories(app)
    const three = expectData(await client.mutate("createCategory", { serverId, name: "Three" }))
    const inThree = await add("in three", three.id)
    const inOne = await add("in one", one.id)
    const last = await add("last")
    expect(await namesSeenBy(app.cast.alice, serverId)).toEqual(["general", "last", "in one", "in three"])

    const moved = await client.mutate("moveChannels", {
      serverId,
      categories: [
        { id: three.id, position: 1 },
        { id: one.id, position: 2 },
      ],
      channels: [
        { id: last.id, position: 0, categoryId: three.id },
        { id: inThree.id, position: 1, categoryId: three.id },
      ],
    })

    expect(expectData(moved).map(({ name }) => name)).toEqual(["general", "last", "in three", "in one"])
    expect(moved.resources).toEqual([`channels/server/${serverId}`, `auditLog/server/${serverId}`])
    expect(await namesSeenBy(app.cast.bob, serverId)).toEqual(["general", "last", "in three", "in one"])
    expect(expectData(await client.query("getChannels", { serverId })).at(-1)).toEqual(inOne)
    const listed = expectData(await client.query("getCategories", { serverId }))
    expect(listed.map(({ name }) => name)).toEqual(["Two", "Three", "One"])
  })

  test("is not changed at all when one of the moves is refused", async () => {
    using app = await createTestChat()
    const { one, add, serverId, client } = await withCategories(app)
    const channel = await add("a", one.id)
    const { bob } = app.cast
    const den = expectData(await bob.client.mutate("createServer", { name: "Den" }))
    const foreign = expectData(await bob.client.mutate("createChannel", { serverId: den.id, name: "den" }))
    const foreignCategory = expectData(
      await bob.client.mutate("createCategory", { serverId: den.id, name: "den" }),
    )
    const before = await client.query("getChannels", { serverId })
    const to = { id: channel.id, position: 0, categoryId: null }

    const refused = [
      [{ channels: [to, { ...to, id: foreign.id }] }, 404],
      [{ channels: [to, { ...to, id: "none" }] }, 404],
      [{ channels: [{ ...to, categoryId: foreignCategory.id }] }, 404],
      [{ channels: [to], categories: [{ id: foreignCategory.id, position: 0 }] }, 404],
      [{ channels: [to, to] }, 400],
      [{ channels: [{ ...to, position: -1 }] }, 400],
    ] as const
    for (const [moves, code] of refused) {
      const answer = await client.mutate("moveChannels", {
        serverId,
        channels: [...moves.channels],
        categories: "categories" in moves ? [...moves.categories] : undefined,
      })
      expect(answer.error?.code).toBe(code)
    }

    expect(await client.query("getChannels", { serverId })).toEqual(before)
  })
})

describe("overwrites of a category", () => {
  test("are copied to a channel that is created in it", async () => {
    using app = await createTestChat()
    const { two, add, serverId } = await withCategories(app)

    const secret = await add("secret", two.id)

    expect(secret).toMatchObject({ isPrivate: true, isSynced: true, categoryId: two.id })
    expect(await namesSeenBy(app.cast.bob, serverId)).toEqual(["general"])
    const byBob = await app.cast.bob.client.query("getMessages", { channelId: secret.id })
    expect(byBob.error?.code).toBe(403)
    const seen = expectData(await app.cast.bob.client.query("getCategories", { serverId }))
    expect(seen).toEqual([]) // both are empty for him
  })

  test("apply to a synced channel that is moved there, and end access that is lost", async () => {
    using app = await createTestChat()
    const { one, two, add, serverId, client } = await withCategories(app)
    const synced = await add("synced", one.id)
    const { bob } = app.cast
    const heard = await listen(bob, { serverId, channelId: synced.id })
    await heard.send("before")
    await until("bob hears it", () => heard.heard.length === 1)

    const move = (categoryId: string | null) =>
      client.mutate("moveChannels", { serverId, channels: [{ id: synced.id, position: 0, categoryId }] })
    expectData(await move(two.id))

    await until("bob's connection ends", () => bob.faults.length === 1)
    expect(await namesSeenBy(bob, serverId)).toEqual(["general"])
    expectData(await move(null))
    // Without a category it keeps what it has.
    const [left] = expectData(await client.query("getChannels", { serverId })).filter(
      ({ id }) => id === synced.id,
    )
    expect(left).toMatchObject({ isPrivate: true, isSynced: false, categoryId: null })
  })

  test("do not reach a channel that is not synced", async () => {
    using app = await createTestChat()
    const { two, serverId, client } = await withCategories(app)

    const channels = [{ id: app.general.id, position: 0, categoryId: two.id }]
    expectData(await client.mutate("moveChannels", { serverId, channels }))

    expect(await namesSeenBy(app.cast.bob, serverId)).toEqual(["general"])
  })
})

describe("archiving", () => {
  test("takes a channel out of the lists; it stays readable and closed for writing", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const channelId = app.general.id
    const { send } = await listen(bob, app.room)
    await send("kept")

    const archived = expectData(await alice.client.mutate("archiveChannel", { channelId }))

    expect(archived.archivedAt).toBeInstanceOf(Date)
    expect(await namesSeenBy(bob, app.lab.id)).toEqual([])
    const inArchive = await bob.client.query("getArchivedChannels", { serverId: app.lab.id })
    expect(inArchive.data).toEqual([archived])
    expect(expectData(await bob.client.query("getMessages", { channelId }))).toHaveLength(1)
    await expect(send("too late")).rejects.toMatchObject({ code: 403, message: "This channel is archived" })
    expectData(await alice.client.mutate("unarchiveChannel", { channelId }))
    await send("again")
    expect(await namesSeenBy(bob, app.lab.id)).toEqual(["general"])
  })
})

describe("limits", () => {
  test("of categories, and of channels in one", async () => {
    using app = await createTestChat()
    const { one, add, serverId, client } = await withCategories(app)
    const extra = await add("extra")
    const createdAt = new Date()
    await app.chat.commits.decide(async (tx) => {
      for (let count = 2; count < maxCategories; count++) {
        await insertCategory(tx, { id: `c${count}`, serverId, name: `${count}`, createdAt })
      }
      for (let count = 0; count < maxChannelsInCategory; count++) {
        await insertChannel(tx, { id: `${count}`, serverId, name: `${count}`, createdAt, categoryId: one.id })
      }
    })

    const category = await client.mutate("createCategory", { serverId, name: "one more" })
    const created = await client.mutate("createChannel", { serverId, name: "one more", categoryId: one.id })
    const channels = [{ id: extra.id, position: 0, categoryId: one.id }]
    const moved = await client.mutate("moveChannels", { serverId, channels })

    expect([category, created, moved].map(({ error }) => error?.code)).toEqual([400, 400, 400])
    // One out, one in.
    const swap = [...channels, { id: "7", position: 0, categoryId: null }]
    expectData(await client.mutate("moveChannels", { serverId, channels: swap }))
  })
})

test("a category is collapsed for one member alone, and its channels outlive it", async () => {
  using app = await createTestChat()
  const { one, add, serverId, client } = await withCategories(app)
  await add("in one", one.id)
  const { bob } = app.cast
  const collapsedOf = async (person: Person) =>
    expectData(await person.client.query("getCategories", { serverId })).map(({ isCollapsed }) => isCollapsed)

  expectData(await bob.client.mutate("collapseCategory", { categoryId: one.id }))
  expectData(await bob.client.mutate("collapseCategory", { categoryId: one.id }))

  expect(await collapsedOf(bob)).toEqual([true])
  expect(await collapsedOf(app.cast.alice)).toEqual([false, false])
  expectData(await bob.client.mutate("expandCategory", { categoryId: one.id }))
  expect(await collapsedOf(bob)).toEqual([false])
  expectData(await client.mutate("deleteCategory", { categoryId: one.id }))
  expect(await namesSeenBy(bob, serverId)).toEqual(["general", "in one"])
})
