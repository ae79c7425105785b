import { describe, expect, test } from "bun:test"
import { sql } from "drizzle-orm"
import { blocks, mentions } from "../../../drizzle/schema.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen, until } from "../../support/listen.ts"
import { changeRows } from "../../support/test-database.ts"

describe("marking how far one has read", () => {
  test("moves forward and never back", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    await say(app, "alice", "one", "two", "three")
    const channelId = app.general.id

    const forward = await bob.client.mutate("markRead", { channelId, position: 2 })
    const back = await bob.client.mutate("markRead", { channelId, position: 1 })
    expect(await unread(bob)).toMatchObject([{ channelId, unread: 1 }])
    const further = await bob.client.mutate("markRead", { channelId, position: 3 })

    expect(forward.data).toEqual({ position: 2 })
    expect(forward.resources).toEqual([
      `reading/user/${bob.id}/channel/${channelId}`,
      `reading/user/${bob.id}`,
    ])
    expect(back.data).toEqual({ position: 2 })
    expect(further.data).toEqual({ position: 3 })
    expect(await unread(bob)).toEqual([])
  })

  test("goes no further than the log does, so that what comes next is unread", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    await say(app, "alice", "one")

    const result = await bob.client.mutate("markRead", { channelId: app.general.id, position: 1_000_000 })
    await say(app, "alice", "two")

    expect(result.data).toEqual({ position: 1 })
    expect(await unread(bob)).toMatchObject([{ unread: 1 }])
  })

  test("is everyone's own", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    await say(app, "alice", "one", "two")
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

describe("unread messages", () => {
  test("is counted in messages: edits and deletions neither add nor take away", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [first = "", second = ""] = await say(app, "alice", "one", "two", "three")
    await alice.client.mutate("editMessage", { messageId: first, content: "one, edited" })
    await alice.client.mutate("deleteMessage", { messageId: second })

    const before = await unread(bob)
    // The second message's place: what changed later has a higher number and an older place.
    await bob.client.mutate("markRead", { channelId: app.general.id, position: 2 })

    expect(before).toEqual([
      {
        channelId: app.general.id,
        serverId: app.lab.id,
        unread: 3,
        mentions: 0,
        messageCount: 3,
        isConversation: false,
        isMuted: false,
      },
    ])
    expect(await unread(bob)).toMatchObject([{ unread: 1 }])
  })

  test("is never one's own message, also where something before it is", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast

    await say(app, "alice", "one", "two")
    expect(await unread(alice)).toEqual([])
    await say(app, "bob", "three")

    expect(await unread(alice)).toMatchObject([{ unread: 1 }])
    expect(await unread(bob)).toMatchObject([{ unread: 2 }])
    await say(app, "alice", "between")
    await say(app, "bob", "again")
    expect(await unread(bob)).toMatchObject([{ unread: 3 }])
    await bob.client.mutate("markChannelRead", { channelId: app.general.id })
    await say(app, "bob", "four")
    expect(await unread(bob)).toEqual([])
  })

  test("is nothing where a page reports what was there before one sent", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const channelId = app.general.id
    await say(app, "alice", "1")
    await say(app, "bob", "2", "3")

    // What bob's page had shown for a second when he sent.
    const reported = await bob.client.mutate("markRead", { channelId, position: 1 })

    expect(reported.data).toEqual({ position: 3 })
    expect(await unread(bob)).toEqual([])
    await say(app, "alice", "4")
    await say(app, "bob", "5")
    await bob.client.mutate("markRead", { channelId, position: 2 })
    expect(await unread(bob)).toMatchObject([{ unread: 1 }])
    const again = await bob.client.mutate("markRead", { channelId, position: 4 })
    expect(again.data).toEqual({ position: 5 })
    expect(await unread(bob)).toEqual([])
  })

  test("is counted without one's own behind a message that is marked as unread, but with that message", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const [first = ""] = await say(app, "alice", "1")
    const [, own = ""] = await say(app, "bob", "2", "3")
    await say(app, "alice", "4")
    await say(app, "bob", "5")

    await bob.client.mutate("markUnread", { messageId: first })
    expect(await unread(bob)).toMatchObject([{ unread: 2 }])
    await bob.client.mutate("markUnread", { messageId: own })
    expect(await unread(bob)).toMatchObject([{ unread: 2 }])
    await say(app, "bob", "6")
    expect(await unread(bob)).toMatchObject([{ unread: 2 }])
  })

  test("is right when a node of the version before, which knows no count, marks what one sent as unread", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    await say(app, "bob", "1", "2")
    await say(app, "alice", "3", "4")
    await bob.client.mutate("markChannelRead", { channelId: app.general.id })
    await say(app, "bob", "5", "6")
    expect(await unread(bob)).toEqual([])

    await changeRows(
      app.chat,
      sql`update read_positions set position = 1, ordinal = 1
        where user_id = ${bob.id} and channel_id = ${app.general.id}`,
    )

    expect(await unread(bob)).toMatchObject([{ unread: 5 }])
  })

  test("stays as it was before everything was marked as read, without what one sent meanwhile", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    await say(app, "alice", "1")
    await say(app, "bob", "2")
    const { undoId } = expectData(await bob.client.mutate("markAllRead", {}))
    expect(await unread(bob)).toEqual([])
    await say(app, "bob", "3")

    expectData(await bob.client.mutate("undoMarkAllRead", { undoId }))

    expect(await unread(bob)).toMatchObject([{ unread: 1 }])
  })

  test("begins when one comes in, also again", async () => {
    using app = await createTestChat()
    const { alice, mallory } = app.cast
    await say(app, "alice", "one", "two")
    const { code } = expectData(await alice.client.mutate("createInvite", { serverId: app.lab.id }))
    const join = async () => expectData(await mallory.client.mutate("joinServer", { code }))

    await join()
    expect(await unread(mallory)).toEqual([])
    await say(app, "alice", "three")
    expect(await unread(mallory)).toMatchObject([{ unread: 1 }])
    await mallory.client.mutate("leaveServer", { serverId: app.lab.id })
    expect(await unread(mallory)).toEqual([])
    await join()
    expect(await unread(mallory)).toEqual([])
  })

  test("can be put back to any message, and be all done with", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const [, second = ""] = await say(app, "alice", "one", "two", "three")
    const serverId = app.lab.id
    const { id: random } = expectData(
      await alice.client.mutate("createChannel", { serverId, name: "random" }),
    )
    await say(app, "alice", { channelId: random }, "elsewhere")
    await bob.client.mutate("markServerRead", { serverId })
    expect(await unread(bob)).toEqual([])

    const back = await bob.client.mutate("markUnread", { messageId: second })
    const stranger = await mallory.client.mutate("markUnread", { messageId: second })

    expect(back.data).toEqual({ position: 1, channelId: app.general.id, serverId })
    expect(await unread(bob)).toMatchObject([{ channelId: app.general.id, unread: 2 }])
    expect(stranger.error?.code).toBe(404)
  })

  test("notifies mentioned users, but not the author or users who blocked them", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [first = "", second = "", third = ""] = await say(app, "alice", "@bob", "@everyone", "@alice")
    const [own = ""] = await say(app, "bob", "@everyone")
    await mention(app, first, bob.id, 1)
    await mention(app, second, "everyone", 2)
    await mention(app, second, bob.id, 2)
    await mention(app, third, alice.id, 3)
    await mention(app, own, "everyone", 4)

    expect(await unread(bob)).toMatchObject([{ unread: 3, mentions: 2 }])
    expect(await unread(alice)).toMatchObject([{ unread: 1, mentions: 1 }])
    await bob.client.mutate("markRead", { channelId: app.general.id, position: 1 })
    expect(await unread(bob)).toMatchObject([{ unread: 2, mentions: 1 }])
    await app.chat.commits.decide((tx) =>
      tx.insert(blocks).values({ userId: bob.id, blockedId: alice.id }).run(),
    )
    expect(await unread(bob)).toMatchObject([{ unread: 2, mentions: 0 }])
  })
})

describe("news of a server", () => {
  test("is sent to its members only, in batches, and mentions at once", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const params = { serverId: app.lab.id }
    const { token } = await bob.client.connect("activity", params, {})
    const told: { from: number; to: number; by: Record<string, number> }[] = []
    await bob.client.subscribe("activity", params, token ?? "", ({ news }) => told.push(...news))
    const refused = await mallory.client.connect("activity", params, {})
    const nowhere = await mallory.client.connect("activity", { serverId: "none" }, {})

    await say(app, "alice", ...Array.from({ length: 20 }, (_, at) => `message ${at}`))
    await until("all is told", () => told.at(-1)?.to === 20, 20_000)

    expect(told.length).toBeLessThan(10)
    expect(told[0]).toMatchObject({ from: 0, to: 1, by: { [alice.id]: 1 } })
    // Without a gap between them.
    expect(told.map(({ from }) => from)).toEqual([0, ...told.slice(0, -1).map(({ to }) => to)])
    expect([refused.error?.code, nowhere.error?.code]).toEqual([403, 404])

    await alice.client.mutate("removeMember", { serverId: app.lab.id, userId: bob.id })
    const before = told.length
    await say(app, "alice", "behind closed doors")
    await Bun.sleep(0)
    expect(told).toHaveLength(before)
    expect(bob.faults.map(({ code }) => code)).toEqual([403])
  })
})

async function unread({ client }: Person) {
  return expectData(await client.query("getUnread", null))
}

type Say = string | { channelId: string }

/** Someone writes; the ids of what they wrote. */
async function say({ cast, room }: TestChat, who: "alice" | "bob", ...said: Say[]): Promise<string[]> {
  const elsewhere = said.find((one) => typeof one === "object")
  const { send, stop } = await listen(cast[who], { ...room, ...elsewhere })
  const ids: string[] = []
  for (const content of said.filter((one) => typeof one === "string")) {
    const id = crypto.randomUUID()
    await send(content, id)
    ids.push(id)
  }
  stop()
  return ids
}

async function mention(
  { chat, general }: TestChat,
  messageId: string,
  userId: string,
  position: number,
): Promise<void> {
  const row = { messageId, userId, channelId: general.id, position }
  // The writer of mentions may have noted it already.
  await chat.commits.decide((tx) => tx.insert(mentions).values(row).onConflictDoNothing().run())
}
