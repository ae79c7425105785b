import { describe, expect, test } from "bun:test"
import { channelOverwrites } from "../../../drizzle/schema.ts"
import { permissionsOf } from "../../../src/features/permissions/bits.ts"
import { createTestChat, expectData } from "../../support/chat.ts"
import { backdate, configureJoining, joinByInvite, mayIn, setSystemChannel } from "../../support/joining.ts"
import { say } from "../../support/say.ts"

describe("rules", () => {
  test("are accepted before writing, by members who join after them", async () => {
    using app = await createTestChat()
    const { bob, mallory } = app.cast
    expectData(await configureJoining(app, { rules: "Be kind." }))
    expectData(await joinByInvite(app, mallory))
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

  expectData(await configureJoining(app, { defaultChannelIds: [hidden, start, app.general.id] }))

  const { channels } = expectData(await bob.client.query("getJoining", { serverId }))
  expect(channels.map(({ name }) => name)).toEqual(["start", "general"])
  expect((await configureJoining(app, { defaultChannelIds: ["nowhere"] })).error?.code).toBe(400)
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
      expectData(await configureJoining(app, { minAccountMinutes: 0, minMemberMinutes: 0, ...setting }))
      await backdate(app, bob, accountMinutes, memberMinutes)
      await backdate(app, alice, accountMinutes, memberMinutes)

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
  expectData(await configureJoining(app, { rules: "Be kind" }))
  expect(await mayIn(app, bob, "send")).toBe(true)
  expectData(await configureJoining(app, { rules: "Be kind and brief" }))
  expect(await mayIn(app, bob, "send")).toBe(true) // a change alone stops nobody

  expectData(await configureJoining(app, { asksAgain: true }))

  expect([await mayIn(app, bob, "send"), await mayIn(app, alice, "send")]).toEqual([false, true])
  expectData(await bob.client.mutate("acceptRules", { serverId }))
  expect(await mayIn(app, bob, "send")).toBe(true)
  const { entries } = expectData(await alice.client.query("getAuditLog", { serverId, limit: 1 }))
  expect(entries[0]?.changes).toEqual({ asksAgain: { after: true } })
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
      if (welcome) expectData(await configureJoining(app, { welcome }))

      expectData(await joinByInvite(app, mallory))
      expectData(await joinByInvite(app, mallory))

      const messages = expectData(await alice.client.query("getMessages", { channelId: app.general.id }))
      expect(messages.map(({ content }) => content)).toEqual([...said])
      // Who joined knows.
      expect(expectData(await mallory.client.query("getUnread", null))).toEqual([])
    })
  }
})
