import { describe, expect, test } from "bun:test"
import { undoableActs } from "../../../drizzle/schema.ts"
import { anonymizeUser } from "../../../src/features/accounts/store.ts"
import { moderationDuty } from "../../../src/features/moderation/duty.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { idsOfBob, moderated } from "../../support/moderation.ts"
import { giveRole } from "../../support/rights.ts"
import { say } from "../../support/say.ts"
import { readRows } from "../../support/test-database.ts"

type Replaced = Awaited<ReturnType<typeof moderated>> & {
  app: TestChat
  ids: { serverId: string; userId: string }
}

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

  type Undo = "done" | [number, string]
  test.each<[string, (world: Replaced) => Promise<unknown>, Undo]>([
    ["is done once", async () => {}, "done"],
    [
      "does not lift the ban of another moderator",
      ({ peer, ids }) => peer.client.mutate("banMember", { ...ids, reason: "worse" }),
      [409, "peer has changed this meanwhile. Change that instead"],
    ],
    [
      "does not bring back a person whose account was deleted",
      ({ member, app }) =>
        app.chat.publisher.decide((changes) => anonymizeUser(changes, member.id, new Date())),
      [410, "This account was deleted meanwhile: there is nothing left to undo"],
    ],
  ])("a ban %s", async (_what, meanwhile, expected) => {
    using app = await createTestChat()
    const world = await moderated(app)
    const { moderator, member, serverId } = world
    const ids = { serverId, userId: member.id }
    const { undoId } = expectData(await moderator.client.mutate("banMember", ids))
    await meanwhile({ ...world, app, ids })
    const bans = () => readRows(app.database, "select user_id, reason from bans")
    const before = await bans()

    const { error } = await moderator.client.mutate("undoAct", { undoId })

    expect<Undo>(error ? [error.code, error.message] : "done").toEqual(expected)
    expect(await bans()).toEqual(expected === "done" ? [] : before)
    const memberships = await readRows(
      app.database,
      `select user_id from server_members where user_id = '${member.id}'`,
    )
    expect(memberships).toHaveLength(expected === "done" ? 1 : 0)
  })

  test("a timeout, slow mode or lock does not undo what another moderator has decided since", async () => {
    using app = await createTestChat()
    const { moderator, peer, member, serverId } = await moderated(app)
    const ids = { serverId, userId: member.id }
    const channelId = app.general.id
    await giveRole(app, [moderator.id, peer.id], ["manageChannels"], 5)
    const acts: [(by: Person) => Promise<{ data: { undoId: string } | null }>, string][] = [
      [
        (by) => by.client.mutate("timeOutMember", { ...ids, seconds: 60 }),
        "select timed_out_until from server_members",
      ],
      [
        (by) => by.client.mutate("setSlowMode", { channelId, seconds: by === peer ? 9 : 5 }),
        "select slow_mode_seconds from channels",
      ],
    ]

    for (const [act, sql] of acts) {
      const { data } = await act(moderator)
      await act(peer)
      const before = await readRows(app.database, sql)
      const { error } = await moderator.client.mutate("undoAct", { undoId: data?.undoId ?? "" })
      expect(error?.code).toBe(409)
      expect(await readRows(app.database, sql)).toEqual(before)
    }
  })
})

const memberSql = (id: string) =>
  `select m.joined_at, m.nickname, m.permissions, r.role_id from server_members m
    join member_roles r on r.server_id = m.server_id and r.user_id = m.user_id where m.user_id = '${id}'`
