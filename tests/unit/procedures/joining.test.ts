import { describe, expect, test } from "bun:test"
import { and, eq } from "drizzle-orm"
import {
  channelOverwrites,
  memberRoles,
  roles,
  serverMembers,
  servers,
  users,
} from "../../../drizzle/schema.ts"
import type { JoinQuestion } from "../../../src/features/joining/contract.ts"
import { slowModeOf } from "../../../src/features/moderation/slow-mode.ts"
import { permissionsOf } from "../../../src/features/permissions/bits.ts"
import { can } from "../../../src/features/permissions/can.ts"
import { findChannelAccess } from "../../../src/features/permissions/store.ts"
import { createTestChat, expectData, type Person, signUp, type TestChat } from "../../support/chat.ts"
import { say } from "../../support/say.ts"

describe("rules", () => {
  test("are accepted before writing, by members who join after them", async () => {
    using app = await createTestChat()
    const { bob, mallory } = app.cast
    expectData(await set(app, { rules: "Be kind." }))
    expectData(await join(app, mallory))
    const { serverId } = app.room

    expect(await mayIn(app, mallory, "read")).toBe(true)
    for (const action of ["send", "react", "createThread", "attachFiles"] as const) {
      expect([action, await mayIn(app, mallory, action)]).toEqual([action, false])
      expect([action, await mayIn(app, bob, action)]).toEqual([action, true]) // was there before
    }
    const before = expectData(await mallory.client.query("getJoining", { serverId }))
    expect(before).toEqual({
      serverId,
      rules: "Be kind.",
      acceptedRulesAt: null,
      channels: [],
      questions: [],
    })
    const refused = await mallory.client.mutate("toggleReaction", {
      messageId: await say(app, bob, "hi"),
      emoji: "👍",
    })
    expect(refused.error).toMatchObject({
      code: 403,
      message: `Accept the rules first: /servers/${serverId}/joining`,
    })

    await expect(say(app, mallory, "hello")).rejects.toThrow("Accept the rules first")

    expectData(await mallory.client.mutate("acceptRules", { serverId }))

    await say(app, mallory, "hello")
    expect(await mayIn(app, mallory, "send")).toBe(true)
    const { acceptedRulesAt } = expectData(await mallory.client.query("getJoining", { serverId }))
    expect(acceptedRulesAt).toBeInstanceOf(Date)
  })
})

test("new members are shown the default channels that they may read", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const { serverId } = app.room
  const create = async (name: string) =>
    expectData(await alice.client.mutate("createChannel", { serverId, name })).id
  const [start, hidden] = [await create("start"), await create("hidden")]
  const deny = Number(permissionsOf("viewChannel"))
  await app.chat.commits.decide((tx) =>
    tx
      .insert(channelOverwrites)
      .values({ channelId: hidden, targetId: serverId, kind: "everyone", deny })
      .run(),
  )

  expectData(await set(app, { defaultChannelIds: [hidden, start, app.general.id] }))

  const { channels } = expectData(await bob.client.query("getJoining", { serverId }))
  expect(channels.map(({ name }) => name)).toEqual(["start", "general"])
  expect((await set(app, { defaultChannelIds: ["nowhere"] })).error?.code).toBe(400)
})

describe("verification", () => {
  const cases: [setting: object, accountMinutes: number, memberMinutes: number, maySend: boolean][] = [
    [{ minAccountMinutes: 60 }, 59, 59, false],
    [{ minAccountMinutes: 60 }, 61, 0, true],
    [{ minMemberMinutes: 10 }, 600, 9, false],
    [{ minMemberMinutes: 10 }, 600, 11, true],
    [{ minAccountMinutes: 43_200, minMemberMinutes: 10 }, 43_201, 11, true],
    [{}, 0, 0, true],
  ]

  test("holds back new accounts and members, and not who manages the server", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    for (const [setting, accountMinutes, memberMinutes, maySend] of cases) {
      expectData(await set(app, { minAccountMinutes: 0, minMemberMinutes: 0, ...setting }))
      await age(app, bob, accountMinutes, memberMinutes)
      await age(app, alice, accountMinutes, memberMinutes)

      expect([setting, await mayIn(app, bob, "send")]).toEqual([setting, maySend])
      const sent = await say(app, bob, "hello").then(
        () => true,
        () => false,
      )
      expect([setting, sent]).toEqual([setting, maySend])
      expect(await mayIn(app, alice, "send")).toBe(true)
    }
  })
})

test("rules are accepted again by all members when a moderator asks for it", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const { serverId } = app.room
  expectData(await set(app, { rules: "Be kind" }))
  expect(await mayIn(app, bob, "send")).toBe(true)
  expectData(await set(app, { rules: "Be kind and brief" }))
  expect(await mayIn(app, bob, "send")).toBe(true) // a change alone stops nobody

  expectData(await set(app, { asksAgain: true }))

  expect([await mayIn(app, bob, "send"), await mayIn(app, alice, "send")]).toEqual([false, true])
  expectData(await bob.client.mutate("acceptRules", { serverId }))
  expect(await mayIn(app, bob, "send")).toBe(true)
  const { entries } = expectData(await alice.client.query("getAuditLog", { serverId, limit: 1 }))
  expect(entries[0]?.changes).toEqual({ asksAgain: { after: true } })
})

describe("questions", () => {
  test("remember the answers that give no role, also through a ban that is undone", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { serverId } = app.room
    const question = questionOf([await role(app, "red"), null, null], true)
    expectData(await set(app, { questions: [question] }))
    const [, second, third] = question.answers.map(({ id }) => id)
    const chosen = async () =>
      expectData(await bob.client.query("getJoining", { serverId })).questions[0]?.answers.map(
        ({ isChosen }) => isChosen,
      )
    const answers = { [question.id]: [second ?? "", third ?? ""] }

    expectData(await bob.client.mutate("answerQuestions", { serverId, answers }))
    expect(await chosen()).toEqual([false, true, true])
    const { undoId } = expectData(await alice.client.mutate("banMember", { serverId, userId: bob.id }))
    expectData(await alice.client.mutate("undoAct", { undoId }))
    expect(await chosen()).toEqual([false, true, true])
    expectData(await bob.client.mutate("answerQuestions", { serverId, answers: {} }))
    expect(await chosen()).toEqual([false, false, false])
  })

  test("give the roles of the chosen answers, and take those of others", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { serverId } = app.room
    const [red, blue, secret] = [
      await role(app, "red"),
      await role(app, "blue"),
      await role(app, "secret", 0n),
    ]
    const question = questionOf([red, blue, null], false)
    const several = questionOf([secret], true)
    expectData(await set(app, { questions: [question, several] }))
    const answer = (...indexes: number[]) =>
      bob.client.mutate("answerQuestions", {
        serverId,
        answers: { [question.id]: indexes.map((index) => question.answers[index]?.id ?? "") },
      })

    const first = expectData(await answer(0))
    expect(first.questions[0]?.answers.map(({ isChosen }) => isChosen)).toEqual([true, false, false])
    expect(await rolesOf(app, bob)).toEqual([red])
    expectData(await answer(1))
    expect(await rolesOf(app, bob)).toEqual([blue])
    expect((await answer(0, 1)).error).toMatchObject({ code: 400, message: "Choose one answer: Which?" })
    expect((await answer(9)).error?.code).toBe(400)
    // What became a moderator's role since is neither given nor taken.
    await app.chat.commits.decide((tx) =>
      tx
        .update(roles)
        .set({ permissions: Number(permissionsOf("manageMessages")) })
        .where(eq(roles.id, red))
        .run(),
    )
    expectData(await answer(0))
    expect(await rolesOf(app, bob)).toEqual([])
    expect(await rolesOf(app, alice)).toEqual([])
  })

  test("give no roles above the configurer's, of moderators, or of other servers", async () => {
    using app = await createTestChat()
    const moderator = await role(app, "mods", permissionsOf("banMembers"))

    for (const roleId of [moderator, app.lab.id, "nowhere"]) {
      const { error } = await set(app, { questions: [questionOf([roleId], false)] })
      expect([roleId, error?.code]).toEqual([roleId, 400])
    }
  })

  test("end what a lost role let one view", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const { serverId, channelId } = app.room
    const key = await role(app, "key")
    const question = questionOf([key], true)
    expectData(await set(app, { questions: [question] }))
    const view = Number(permissionsOf("viewChannel"))
    await app.chat.commits.decide(async (tx) => {
      await tx
        .insert(channelOverwrites)
        .values({ channelId, targetId: serverId, kind: "everyone", deny: view })
        .run()
      await tx.insert(channelOverwrites).values({ channelId, targetId: key, kind: "role", allow: view }).run()
    })
    const answer = (ids: string[]) =>
      bob.client.mutate("answerQuestions", { serverId, answers: { [question.id]: ids } })

    expect(await mayIn(app, bob, "read")).toBe(false)
    expectData(await answer([question.answers[0]?.id ?? ""]))
    expect(await mayIn(app, bob, "read")).toBe(true)
    expectData(await answer([]))
    expect(await mayIn(app, bob, "read")).toBe(false)
  })
})

describe("a raid lock", () => {
  test("stops invites and slows everyone down but moderators, until it ends", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const { serverId } = app.room
    const locked = expectData(await alice.client.mutate("lockServer", { serverId, minutes: 60 }))

    expect(locked.raidLockedUntil?.getTime()).toBeGreaterThan(Date.now() + 59 * 60_000)
    expect((await join(app, mallory)).error).toMatchObject({
      code: 403,
      message: expect.stringContaining("no new members"),
    })
    await say(app, bob, "one")
    await expect(say(app, bob, "two")).rejects.toThrow("Slow mode is on")
    await say(app, alice, "one")
    await say(app, alice, "two")
    expect(slowModeOf({ ...locked, slowModeSeconds: 5 })).toBe(30)
    expect(slowModeOf({ ...locked, slowModeSeconds: 90 })).toBe(90)

    expectData(await alice.client.mutate("unlockServer", { serverId }))

    expectData(await join(app, mallory))
    await say(app, bob, "three")
    const { entries } = expectData(await alice.client.query("getAuditLog", { serverId }))
    const acts = entries.map(({ action }) => action).filter((action) => action.startsWith("server."))
    expect(acts).toEqual(["server.raidEnd", "server.raid"])
    const tooLong = await alice.client.mutate("lockServer", { serverId, minutes: 24 * 60 + 1 })
    expect(tooLong.error?.code).toBe(400)
  })

  test("begins by itself with the join that is one too many in a minute, and says so", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    await setSystemChannel(app)
    await age(app, bob, 600, 600)
    await age(app, alice, 600, 600)
    expectData(await set(app, { raidJoinsPerMinute: 2, welcome: "Hello {user}, this is {server}" }))
    const [carol, dave] = [await signUp(app.chat, "carol"), await signUp(app.chat, "dave")]

    expectData(await join(app, mallory))
    expectData(await join(app, carol))

    expect((await join(app, dave)).error?.code).toBe(403)
    const said = expectData(await alice.client.query("getMessages", { channelId: app.general.id }))
    expect(said.map(({ content }) => content)).toEqual([
      "Hello @mallory, this is Lab",
      expect.stringContaining("**Raid lock.** Many people joined at once"),
      "Hello @carol, this is Lab",
    ])
    expect(said[0]?.extras).toMatchObject({ bot: { name: "Lab" }, mentions: [{ userId: mallory.id }] })
  })
})

describe("a join", () => {
  for (const [what, welcome, isOn, said] of [
    ["says so once, by default", "", true, ["@mallory joined the server."]],
    ["says the welcome instead, where there is one", "Hi {user}!", true, ["Hi @mallory!"]],
    ["says nothing without a system channel", "Hi {user}!", false, []],
  ] as const) {
    test(what, async () => {
      using app = await createTestChat()
      const { alice, mallory } = app.cast
      if (isOn) await setSystemChannel(app)
      if (welcome) expectData(await set(app, { welcome }))

      expectData(await join(app, mallory))
      expectData(await join(app, mallory))

      const messages = expectData(await alice.client.query("getMessages", { channelId: app.general.id }))
      expect(messages.map(({ content }) => content)).toEqual([...said])
      // Who joined knows.
      expect(expectData(await mallory.client.query("getUnread", null))).toEqual([])
    })
  }
})

function set({ cast, lab }: TestChat, change: object) {
  return cast.alice.client.mutate("updateJoinSettings", { serverId: lab.id, ...change })
}

async function join({ cast, lab }: TestChat, { client }: Person) {
  const { code } = expectData(await cast.alice.client.mutate("createInvite", { serverId: lab.id }))
  return client.mutate("joinServer", { code })
}

async function mayIn({ chat, general }: TestChat, { id }: Person, action: Parameters<typeof can>[1]) {
  const access = await findChannelAccess(chat.db, { id }, general.id)
  return access !== undefined && can({ ...access.standing, isAuthor: false }, action)
}

async function age({ chat, lab }: TestChat, { id }: Person, account: number, member: number) {
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000)
  await chat.commits.decide(async (tx) => {
    await tx
      .update(users)
      .set({ createdAt: ago(account) })
      .where(eq(users.id, id))
      .run()
    await tx
      .update(serverMembers)
      .set({ joinedAt: ago(member) })
      .where(and(eq(serverMembers.userId, id), eq(serverMembers.serverId, lab.id)))
      .run()
  })
}

async function setSystemChannel({ chat, lab, general }: TestChat) {
  await chat.commits.decide((tx) =>
    tx.update(servers).set({ systemChannelId: general.id }).where(eq(servers.id, lab.id)).run(),
  )
}

async function role({ chat, lab }: TestChat, name: string, permissions = 0n): Promise<string> {
  const id = crypto.randomUUID()
  const values = { id, serverId: lab.id, name, position: 1, permissions: Number(permissions) }
  await chat.commits.decide((tx) => tx.insert(roles).values(values).run())
  return id
}

function questionOf(roleIds: (string | null)[], isMultiple: boolean): JoinQuestion {
  const answers = roleIds.map((roleId, index) => ({
    id: crypto.randomUUID(),
    label: `Answer ${index}`,
    roleId,
  }))
  return { id: crypto.randomUUID(), title: "Which?", isMultiple, answers }
}

async function rolesOf({ chat, lab }: TestChat, { id }: Person): Promise<string[]> {
  const held = await chat.db
    .select()
    .from(memberRoles)
    .where(and(eq(memberRoles.serverId, lab.id), eq(memberRoles.userId, id)))
    .all()
  return held.map(({ roleId }) => roleId)
}
