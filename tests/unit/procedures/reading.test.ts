import { describe, expect, test } from "bun:test"
import { createTestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"

describe("marking how far one has read", () => {
  test("moves forward and never back", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { send } = await listen(alice, app.room)
    for (const content of ["one", "two", "three"]) await send(content)
    const channelId = app.general.id

    const forward = await bob.client.mutate("markRead", { channelId, position: 2 })
    const back = await bob.client.mutate("markRead", { channelId, position: 1 })
    const further = await bob.client.mutate("markRead", { channelId, position: 3 })

    expect(forward.data).toEqual({ position: 2 })
    expect(forward.resources).toEqual([`reading/user/${bob.id}/channel/${channelId}`])
    expect(back.data).toEqual({ position: 2 })
    expect(further.data).toEqual({ position: 3 })
  })

  test("goes no further than the log does, so that what comes next is unread", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    await (await listen(alice, app.room)).send("one")

    const result = await bob.client.mutate("markRead", { channelId: app.general.id, position: 1_000_000 })

    expect(result.data).toEqual({ position: 1 })
  })

  test("is everyone's own", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { send } = await listen(alice, app.room)
    for (const content of ["one", "two"]) await send(content)
    await alice.client.mutate("markRead", { channelId: app.general.id, position: 2 })

    const result = await bob.client.mutate("markRead", { channelId: app.general.id, position: 1 })

    expect(result.data).toEqual({ position: 1 })
  })

  test("is refused in no channel, and at no position", async () => {
    using app = await createTestChat()
    const { client } = app.cast.bob

    const nowhere = await client.mutate("markRead", { channelId: "none", position: 1 })
    const negative = await client.mutate("markRead", { channelId: app.general.id, position: -1 })
    const between = await client.mutate("markRead", { channelId: app.general.id, position: 0.5 })

    expect(nowhere.error?.code).toBe(404)
    expect(negative.error?.code).toBe(400)
    expect(between.error?.code).toBe(400)
  })
})
