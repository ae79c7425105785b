import { describe, expect, test } from "bun:test"
import { clientOf, createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { hearPresence, listen } from "../../support/listen.ts"
import { readRows } from "../../support/test-database.ts"

interface Loss {
  what: string
  happen(app: TestChat): Promise<{ success: boolean }>
  reason: { code: number; message: string }
}

const losses: Loss[] = [
  {
    what: "is removed",
    happen: ({ cast, lab }) =>
      cast.alice.client.mutate("removeMember", { serverId: lab.id, userId: cast.bob.id }),
    reason: { code: 403, message: "You are no longer a member of this server" },
  },
  {
    what: "leaves",
    happen: ({ cast, lab }) => cast.bob.client.mutate("leaveServer", { serverId: lab.id }),
    reason: { code: 403, message: "You are no longer a member of this server" },
  },
  {
    what: "signs out",
    happen: ({ cast }) => cast.bob.client.mutate("logout", null),
    reason: { code: 401, message: "You are logged out" },
  },
  {
    what: "sees the channel deleted",
    happen: ({ cast, general }) => cast.alice.client.mutate("deleteChannel", { channelId: general.id }),
    reason: { code: 404, message: "This channel was deleted" },
  },
  {
    what: "sees the server deleted",
    happen: ({ cast, lab }) => cast.alice.client.mutate("deleteServer", { serverId: lab.id }),
    reason: { code: 404, message: "This server was deleted" },
  },
]

describe.each(losses)("someone who $what", ({ happen, reason }) => {
  test("receives nothing more and is told why", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [alices, bobs] = [await listen(alice, app.room), await listen(bob, app.room)]
    const presence = await hearPresence(bob, app.general.id)
    const typing = await hearPresence(alice, app.general.id)
    await alices.send("before")
    expect(bobs.heard).toHaveLength(1) // or the next assertions prove nothing

    expect((await happen(app)).success).toBe(true)
    await alices.send("after").catch(() => {}) // whether alice still can depends on what happened
    await typing.say("typing").catch(() => {})

    expect(bobs.heard).toHaveLength(1)
    expect(presence.heard).toEqual([])
    expect(bob.faults).toMatchObject([
      { channel: "chat", fault: "client", ...reason },
      { channel: "presence", fault: "client", ...reason },
    ])
  })

  test("can send nothing more, and no longer connect", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const bobs = await listen(bob, app.room)
    const unused = await bob.client.connect("chat", app.room, { username: "bob" })
    expect(unused.success).toBe(true)
    await bobs.send("before")

    expect((await happen(app)).success).toBe(true)
    const sent = await bobs.send("after").catch(({ fault }) => fault)
    const sentUnused = await bob.client
      .send("chat", app.room, unused.token ?? "", { content: "after" })
      .catch(({ fault }) => fault)
    const again = await bob.client.connect("chat", app.room, { username: "bob" })

    expect([sent, sentUnused]).toEqual(["client", "client"])
    expect(again.error).toMatchObject({ fault: "client", code: reason.code })
    const stored = await readRows(app.database, "select content from messages where content = 'after'")
    expect(stored).toEqual([])
  })
})

describe("nobody else loses anything", () => {
  test("when a member is removed, the others and the member's other servers stay connected", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const den = expectData(await bob.client.mutate("createServer", { name: "Den" }))
    const cellar = expectData(await bob.client.mutate("createChannel", { serverId: den.id, name: "cellar" }))
    const inDen = await listen(bob, { serverId: den.id, channelId: cellar.id })
    const alices = await listen(alice, app.room)

    expectData(await alice.client.mutate("removeMember", { serverId: app.lab.id, userId: bob.id }))
    await alices.send("still here")
    await inDen.send("here too")

    expect(alices.heard).toHaveLength(1)
    expect(inDen.heard).toHaveLength(1)
    expect([...alice.faults, ...bob.faults]).toEqual([])
  })

  test("when one session signs out, the same person's other sessions stay connected", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const { token } = expectData(
      await clientOf(app.chat).mutate("login", { username: "bob", password: "password" }),
    )
    const laptop = { ...bob, client: clientOf(app.chat, token) }
    const [onPhone, onLaptop] = [await listen(bob, app.room), await listen(laptop, app.room)]

    expectData(await laptop.client.mutate("logout", null))
    await onPhone.send("from my phone")

    expect(onPhone.heard).toHaveLength(1)
    expect(onLaptop.heard).toEqual([])
  })

  test("when a channel is deleted, the server's other channels stay connected", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const random = expectData(
      await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "random" }),
    )
    const inRandom = await listen(bob, { ...app.room, channelId: random.id })

    expectData(await alice.client.mutate("deleteChannel", { channelId: app.general.id }))
    await inRandom.send("still here")

    expect(inRandom.heard).toHaveLength(1)
  })
})

test("a message sent while its sender is removed is either stored and delivered, or neither", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const [alices, bobs] = [await listen(alice, app.room), await listen(bob, app.room)]

  const [sent] = await Promise.allSettled([
    bobs.send("last words"),
    alice.client.mutate("removeMember", { serverId: app.lab.id, userId: bob.id }),
  ])

  const { data: history } = await alice.client.query("getMessages", { channelId: app.general.id })
  expect(alices.heard).toEqual(history ?? [])
  expect(history).toHaveLength(sent.status === "fulfilled" ? 1 : 0)
})
