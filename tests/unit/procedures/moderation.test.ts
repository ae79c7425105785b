import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { serverMembers, undoableActs } from "../../../drizzle/schema.ts"
import { insertMember } from "../../../src/features/members/store.ts"
import { moderationDuty } from "../../../src/features/moderation/duty.ts"
import { appear, createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { giveRole } from "../../support/rights.ts"
import { say } from "../../support/say.ts"
import { readRows } from "../../support/test-database.ts"

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

  test("is at most 28 days, and not one's own", async () => {
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

  test("of many leaves out those whom it may not meet, and says why", async () => {
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

describe("undoing", () => {
  test("a removal brings back the member with roles, nickname, time of joining and invites", async () => {
    using app = await createTestChat()
    const { serverId, moderator, member } = await moderated(app)
    const ids = { serverId, userId: member.id }
    expectData(await member.client.mutate("setNickname", { ...ids, nickname: "Min" }))
    const { code } = expectData(await member.client.mutate("createInvite", { serverId }))
    await giveRole(app, [member.id])
    const membership = () => readRows(app.database, memberSql(member.id))
    const before = await membership()
    expect(before).toHaveLength(1) // with a role, or the rest proves nothing

    const { undoId } = expectData(await moderator.client.mutate("removeMember", { ...ids, reason: "oops" }))
    expect(await membership()).toEqual([])
    expectData(await moderator.client.mutate("undoAct", { undoId }))

    expect(await membership()).toEqual(before)
    expect((await member.client.query("getInvite", { code })).success).toBe(true)
  })

  test("a ban with deletion brings back the member and every message, once, as it was", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [first, second] = [await say(app, alice, "first"), await say(app, bob, "@alice second")]
    const reply = await say(app, alice, "what?", { replyTo: second })
    expectData(await alice.client.mutate("pinMessage", { messageId: second }))
    expectData(await alice.client.mutate("addReaction", { messageId: second, emoji: "👍" }))
    const all = async () =>
      expectData(await alice.client.query("getMessages", { channelId: app.general.id })).map(
        ({ seq, ...rest }) => rest,
      )
    const before = await all()
    const rows = () => readRows(app.database, "select emoji, user_id from reactions")
    const { heard } = await listen(alice, app.room)
    const ban = { serverId: app.lab.id, userId: bob.id, deleteMessageSeconds: 3600 }

    const { undoId } = expectData(await alice.client.mutate("banMember", ban))
    const deleted = await all()
    expect(deleted.map(({ content }) => content)).toEqual([
      "first",
      "",
      "what?",
      "**alice** pinned a message.",
    ])
    expect(deleted[2]?.extras?.replyTo).toMatchObject({ deleted: true })
    expect(await rows()).toEqual([])
    expect(expectData(await alice.client.query("getPins", { channelId: app.general.id }))).toEqual([])
    expectData(await alice.client.mutate("undoAct", { undoId }))

    expect(await all()).toEqual(before)
    expect(await rows()).toHaveLength(1)
    expect(expectData(await alice.client.query("getPins", { channelId: app.general.id }))).toHaveLength(1)
    expect((await bob.client.query("getMessages", { channelId: app.general.id })).success).toBe(true)
    // Deleted and restored once each, with the quote in the reply.
    const told = heard.map(({ id, content }) => `${id === second ? "second" : "reply"}: ${content}`)
    expect(told.filter((text) => text.startsWith("second"))).toEqual(["second: ", "second: @alice second"])
    expect(heard.some(({ id }) => id === first)).toBe(false)
    expect(heard.filter(({ id }) => id === reply)).toHaveLength(2)
    expect((await alice.client.mutate("undoAct", { undoId })).error?.code).toBe(410)
  })

  test.each([
    [
      "timeOutMember",
      (app: TestChat) => app.cast.alice.client.mutate("timeOutMember", { ...idsOfBob(app), seconds: 60 }),
      "select timed_out_until as value from server_members where timed_out_until is not null",
    ],
    [
      "setSlowMode",
      (app: TestChat) =>
        app.cast.alice.client.mutate("setSlowMode", { channelId: app.general.id, seconds: 30 }),
      "select slow_mode_seconds as value from channels where slow_mode_seconds > 0",
    ],
    [
      "lockChannel",
      (app: TestChat) => app.cast.alice.client.mutate("lockChannel", { channelId: app.general.id }),
      "select locked_at as value from channels where locked_at is not null",
    ],
  ] as const)("%s puts back what was", async (_name, act, sql) => {
    using app = await createTestChat()

    const { undoId } = expectData<{ undoId: string }>(await act(app))
    expect(await readRows(app.database, sql)).toHaveLength(1)
    expectData(await app.cast.alice.client.mutate("undoAct", { undoId }))

    expect(await readRows(app.database, sql)).toEqual([])
  })

  test("is for the moderator who acted, within ten seconds; then nothing of the messages is left", async () => {
    using app = await createTestChat()
    const { serverId, moderator, peer, member } = await moderated(app)
    const messageId = await say(app, member, "a secret")
    const purge = { serverId, userId: member.id, limit: 5 }
    const { undoId, deletedCount } = expectData(await moderator.client.mutate("purgeMessages", purge))
    expect(deletedCount).toBe(1)
    expect((await peer.client.mutate("undoAct", { undoId })).error).toEqual({
      code: 403,
      message: "Only the moderator who did this can undo it",
    })

    const later = new Date(Date.now() + 11_000)
    await app.chat.commits.decide((tx) =>
      tx
        .update(undoableActs)
        .set({ expiresAt: new Date(Date.now() - 1) })
        .run(),
    )
    expect((await moderator.client.mutate("undoAct", { undoId })).error?.code).toBe(410)
    await app.chat.workers.get(moderationDuty).run(later)

    expect(await readRows(app.database, "select id from undoable_acts")).toEqual([])
    const [message] = expectData(
      await moderator.client.query("getMessages", { channelId: app.general.id }),
    ).filter(({ id }) => id === messageId)
    expect(message).toMatchObject({ content: "", deletedAt: expect.any(Date) })
  })
})

describe("deleting many messages", () => {
  test("leaves out what is not in the channel, and others' messages in a purge", async () => {
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

describe("slow mode", () => {
  test("lets a member write once in its time, and keeps nobody else waiting", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const channelId = app.general.id
    expectData(await alice.client.mutate("setSlowMode", { channelId, seconds: 600 }))
    const [hers, his] = [await listen(alice, app.room), await listen(bob, app.room)]

    const id = crypto.randomUUID()
    await his.send("one", id)
    const refused = await his.send("two").then(
      () => null,
      (error) => error,
    )
    await his.send("one", id) // a retry of what is stored is no second message
    await hers.send("mine")
    await hers.send("mine too")

    expect(String(refused)).toContain("Slow mode is on: you can write again in 10 minutes")
    const texts = expectData(await alice.client.query("getMessages", { channelId }))
    expect(texts.map(({ content }) => content)).toEqual(["one", "mine", "mine too"])
  })

  test("holds at the same moment, and counts threads apart", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const channelId = app.general.id
    const ids = [await say(app, alice, "a"), await say(app, alice, "b")]
    expectData(await alice.client.mutate("setSlowMode", { channelId, seconds: 600 }))
    const { send } = await listen(bob, app.room)

    const sent = await Promise.allSettled([send("x"), send("y"), send("z")])
    const threads = [
      await bob.client.mutate("createThread", { messageId: ids[0] ?? "" }),
      await bob.client.mutate("createThread", { messageId: ids[1] ?? "" }),
    ]

    expect(sent.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(threads.map(({ error }) => error?.code ?? "done")).toEqual(["done", 429])
    expect(threads[1]?.error?.retryAfterSeconds).toBeGreaterThan(500)
    expect((await alice.client.mutate("setSlowMode", { channelId, seconds: 21_601 })).error?.code).toBe(400)
  })
})

interface Outcome {
  error: { code: number; message: string } | null
}

const idsOfBob = ({ lab, cast }: TestChat) => ({ serverId: lab.id, userId: cast.bob.id })

const memberSql = (id: string) =>
  `select m.joined_at, m.nickname, m.permissions, r.role_id from server_members m
    join member_roles r on r.server_id = m.server_id and r.user_id = m.user_id where m.user_id = '${id}'`

/** A server with two moderators of equal rank, and a member below them. */
async function moderated(app: TestChat) {
  const { id: serverId } = app.lab
  const { bob: moderator } = app.cast
  const [peer, member] = [await appear(app.chat, "peer"), await appear(app.chat, "member")]
  await app.chat.commits.decide(async (tx) => {
    for (const { id } of [peer, member]) await insertMember(tx, serverId, id)
  })
  const rights = ["kickMembers", "banMembers", "timeOutMembers", "manageNicknames", "manageMessages"] as const
  await giveRole(app, [moderator.id, peer.id], [...rights], 5)
  return { serverId, moderator, peer, member }
}
