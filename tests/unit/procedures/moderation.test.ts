import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { serverMembers } from "../../../drizzle/schema.ts"
import { moderationDuty } from "../../../src/features/moderation/duty.ts"
import { createTestChat, expectData, type Person } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { idsOfBob, moderated } from "../../support/moderation.ts"
import { say } from "../../support/say.ts"
import { changeRows, readRows } from "../../support/test-database.ts"

const tooLow = "You can do this only to members whose highest role is below yours"

describe("moderators act only on members below them", () => {
  type Act = (by: Person, ids: { serverId: string; userId: string }) => Promise<Outcome>
  const acts: [name: string, act: Act][] = [
    ["removeMember", (by, ids) => by.client.mutate("removeMember", ids)],
    ["banMember", (by, ids) => by.client.mutate("banMember", ids)],
    ["timeOutMember", (by, ids) => by.client.mutate("timeOutMember", { ...ids, seconds: 60 })],
    ["setNickname", (by, ids) => by.client.mutate("setNickname", { ...ids, nickname: "Nick" })],
  ]

  test.each(acts)("%s", async (_name, act) => {
    using app = await createTestChat()
    const { serverId, moderator, peer, member } = await moderated(app)
    const { alice } = app.cast

    const outcomes = [
      await act(moderator, { serverId, userId: alice.id }),
      await act(moderator, { serverId, userId: peer.id }),
      await act(member, { serverId, userId: peer.id }),
      await act(moderator, { serverId, userId: member.id }),
    ]

    expect(outcomes.map(({ error }) => error?.code ?? "done")).toEqual([403, 403, 403, "done"])
    expect(outcomes[1]?.error?.message).toBe(tooLow)
  })
})

describe("a timeout", () => {
  test("lets a member only read until it ends, by hand or by itself", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const ids = { serverId: app.lab.id, userId: bob.id }

    const { until } = expectData(await alice.client.mutate("timeOutMember", { ...ids, seconds: 3600 }))
    expect(until.getTime()).toBeGreaterThan(Date.now() + 3_500_000)
    expect((await bob.client.query("getMessages", { channelId: app.general.id })).success).toBe(true)
    expect(expectData(await alice.client.query("getTimeouts", { serverId: ids.serverId }))).toEqual([
      { userId: bob.id, username: "bob", until },
    ])
    expectData(await alice.client.mutate("endTimeout", ids))
    expect((await alice.client.mutate("endTimeout", ids)).error?.code).toBe(400)

    expectData(await alice.client.mutate("timeOutMember", { ...ids, seconds: 1 }))
    await app.chat.workers.get(moderationDuty).run(new Date(Date.now() + 2000))
    const [row] = await app.chat.db.select().from(serverMembers).where(eq(serverMembers.userId, bob.id))
    expect(row?.timedOutUntil).toBeNull()
  })

  test("is at most 28 days, and not for oneself", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const timeOut = (userId: string, seconds: number) =>
      alice.client.mutate("timeOutMember", { serverId: app.lab.id, userId, seconds })

    expect((await timeOut(bob.id, 28 * 86_400 + 1)).error?.code).toBe(400)
    expect((await timeOut(bob.id, 0)).error?.code).toBe(400)
    expect((await timeOut(alice.id, 60)).error).toMatchObject({ code: 400 })
    expect((await timeOut(app.cast.mallory.id, 60)).error?.code).toBe(404)
  })
})

describe("a ban", () => {
  test("for a time ends by itself, and says so where it is listed", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { id: serverId } = app.lab
    const { code } = expectData(await alice.client.mutate("createInvite", { serverId }))
    expectData(await alice.client.mutate("banMember", { serverId, userId: bob.id, expiresInSeconds: 3600 }))
    expect((await bob.client.mutate("joinServer", { code })).error?.code).toBe(403)
    const bans = expectData(await alice.client.query("getBans", { serverId, search: "BO" }))
    expect(bans).toMatchObject([{ username: "bob", expiresAt: expect.any(Date) }])
    expect(expectData(await alice.client.query("getBans", { serverId, search: "zoe" }))).toEqual([])

    await app.chat.workers.get(moderationDuty).run(new Date(Date.now() + 3_700_000))

    expect(await readRows(app.database, "select user_id from bans")).toEqual([])
    expect((await bob.client.mutate("joinServer", { code })).success).toBe(true)
  })

  test("of many leaves out members above the viewer, and says why", async () => {
    using app = await createTestChat()
    const { serverId, moderator, peer, member } = await moderated(app)
    const { mallory } = app.cast
    const userIds = [peer.id, member.id, mallory.id, member.id, moderator.id, "nobody"]

    const result = expectData(await moderator.client.mutate("banMembers", { serverId, userIds }))

    expect(result.bannedIds).toEqual([member.id, mallory.id])
    expect(result.refused).toEqual([
      { userId: peer.id, message: tooLow },
      { userId: moderator.id, message: "You cannot ban yourself" },
      { userId: "nobody", message: "There is no such user" },
    ])
    const many = Array.from({ length: 201 }, (_, index) => `${index}`)
    expect((await moderator.client.mutate("banMembers", { serverId, userIds: many })).error?.code).toBe(400)
  })
})

describe("deleting many messages", () => {
  test("leaves out messages of other channels, and of other authors in a purge", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const ids = [await say(app, alice, "a"), await say(app, bob, "b"), await say(app, bob, "c")]
    const channelId = app.general.id

    const bulk = expectData(
      await alice.client.mutate("bulkDeleteMessages", {
        channelId,
        messageIds: [ids[1] ?? "", crypto.randomUUID()],
      }),
    )
    const purged = expectData(
      await alice.client.mutate("purgeMessages", { ...idsOfBob(app), channelId, limit: 1 }),
    )

    expect([bulk.deletedCount, purged.deletedCount]).toEqual([1, 1])
    const texts = expectData(await alice.client.query("getMessages", { channelId }))
    expect(texts.map(({ content }) => content)).toEqual(["a", "", ""])
    expect((await bob.client.mutate("bulkDeleteMessages", { channelId, messageIds: ids })).error?.code).toBe(
      403,
    )
    const tooMany = Array.from({ length: 101 }, () => crypto.randomUUID())
    expect(
      (await alice.client.mutate("bulkDeleteMessages", { channelId, messageIds: tooMany })).error?.code,
    ).toBe(400)
    expect((await alice.client.mutate("purgeMessages", idsOfBob(app))).error?.code).toBe(400)
  })

  test.each([
    ["the newest", { limit: 2 }, 2],
    ["those of the last hour", { seconds: 3600 }, 2],
    ["the newest of the last hour", { limit: 1, seconds: 3600 }, 1],
    ["all", { all: true }, 3],
  ] as const)("of one person deletes %s", async (_what, which, count) => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [old] = [await say(app, bob, "old"), await say(app, bob, "new"), await say(app, bob, "newer")]
    await say(app, alice, "not hers")
    await changeRows(app.database, `update messages set created_at = 1 where id = '${old}'`)

    const purged = await alice.client.mutate("purgeMessages", { ...idsOfBob(app), ...which })

    expect(expectData(purged).deletedCount).toBe(count)
    const left = await readRows(app.database, "select id from messages where content <> ''")
    expect(left).toHaveLength(4 - count)
  })

  test("goes on in batches, and undoing restores all of them", async () => {
    using app = await createTestChat({ RATE_LIMIT_MESSAGES: "off" })
    const { alice, bob } = app.cast
    const { send, stop } = await listen(bob, app.room)
    for (let count = 0; count < 230; count++) await send(`number ${count}`)
    stop()
    const written = () => readRows(app.database, "select id from messages where content <> ''")

    const { deletedCount, undoId } = expectData(
      await alice.client.mutate("purgeMessages", { ...idsOfBob(app), seconds: 3600 }),
    )
    expect(deletedCount).toBe(230)
    expect(await written()).toEqual([])
    expectData(await alice.client.mutate("undoAct", { undoId }))

    expect(await written()).toHaveLength(230)
    expect(await readRows(app.database, "select id from undoable_acts")).toEqual([])
  })
})

interface Outcome {
  error: { code: number; message: string } | null
}
