import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { memberRoles, roles, serverMembers } from "../../../drizzle/schema.ts"
import type { covenant } from "../../../src/covenant.ts"
import { type AutomodTrigger, defaultBlockMessage } from "../../../src/features/automod/contract.ts"
import type { InputOf } from "../../../src/kernel/index.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { say } from "../../support/say.ts"

type NewRule = InputOf<(typeof covenant)["procedures"]["createAutomodRule"]>

const words: AutomodTrigger = { kind: "words", words: ["spam*"] }
const block = { kind: "block", message: "No spam please" } as const

describe("a rule that blocks", () => {
  const triggers: [trigger: AutomodTrigger, blocked: string, allowed: string][] = [
    [words, "buy SPÀMS now", "buy ham now"],
    [words, "s**pa**m", "ham"],
    [{ kind: "patterns", patterns: ["fr[e3]{2} coins?"] }, "FR33 coin", "free coffee"],
    [{ kind: "mentions", limit: 1 }, "@alice @bob", "@alice @nobody @alice"],
    [
      { kind: "links", limit: 1, allow: [], deny: [] },
      "https://a.example https://b.example",
      "https://a.example",
    ],
    [
      { kind: "links", limit: null, allow: [], deny: ["bad.example"] },
      "see https://www.BAD.example/x",
      "see https://notbad.example/x",
    ],
    [
      { kind: "links", limit: null, allow: ["good.example"], deny: [] },
      "see [this](https://good.example.evil.example/)",
      "see https://docs.good.example/",
    ],
    [{ kind: "invites" }, "join discord.gg/abc", "join us at discord.gg"],
    [{ kind: "invites" }, "join https://chat.example/invites/abcdef", "read https://chat.example/inviting"],
  ]

  test.each(triggers)("%j: %s, not %s", async (trigger, blocked, allowed) => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    await addRule(app, { trigger })
    const heard = await listen(alice, app.room)

    await expect(say(app, bob, blocked)).rejects.toThrow(block.message)
    await say(app, bob, allowed)

    expect(heard.heard.map(({ content }) => content)).toEqual([allowed])
  })

  test("stops edits and polls, and confirms the retry of a stored message", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const id = await say(app, bob, "spam, before there is a rule")
    await addRule(app, {})

    const edit = await bob.client.mutate("editMessage", { messageId: id, content: "more spam" })
    const sent = say(app, bob, "", { poll: { question: "Eat?", answers: ["spam", "ham"] } } as never)

    expect(edit.error).toMatchObject({ code: 403, message: block.message })
    await expect(sent).rejects.toThrow(block.message)
    expect(await say(app, bob, "spam, before there is a rule", { id })).toBe(id)
    expectData(await bob.client.mutate("editMessage", { messageId: id, content: "ham" }))
  })

  test("counts the same text over channels, and lets others say it", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const other = expectData(
      await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "other" }),
    )
    const there = { room: { serverId: app.lab.id, channelId: other.id } }
    await addRule(app, { trigger: { kind: "repeats", count: 3 } })

    await say(app, bob, "Hello there")
    await say(there, bob, "hello  THERE")

    await expect(say(there, bob, "héllo there")).rejects.toThrow(block.message)
    await expect(say(app, bob, "hello there")).rejects.toThrow(block.message)
    await say(app, bob, "something else")
    await say(app, alice, "hello there")
  })

  test("lets an invite to this server through", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    await addRule(app, { trigger: { kind: "invites" } })
    const { code } = expectData(await alice.client.mutate("createInvite", { serverId: app.lab.id }))

    await say(app, bob, `come: ${app.chat.config.publicOrigin ?? "http://chat.example"}/invites/${code}`)
  })

  test("is recorded, alerts a channel and times the author out, who then only reads", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const alerts = expectData(
      await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "alerts" }),
    )
    const actions: NewRule["actions"] = [
      { kind: "block" },
      { kind: "alert", channelId: alerts.id },
      { kind: "timeOut", seconds: 600 },
    ]
    await addRule(app, { actions })

    await expect(say(app, bob, "spam")).rejects.toThrow(defaultBlockMessage)

    const [alert] = expectData(await alice.client.query("getMessages", { channelId: alerts.id }))
    expect(alert).toMatchObject({
      content: "**Blocked a message** by @bob · rule “Words” · matched “spam*”\n> spam",
      extras: { bot: { name: "Automod" }, mentions: [{ userId: bob.id, username: "bob" }] },
    })
    const { entries } = expectData(await alice.client.query("getAuditLog", { serverId: app.lab.id }))
    expect(automodActs(entries)).toEqual(["automod.act", "automod.create"])
    expect(entries[0]).toMatchObject({ actorName: "Automod", targetId: bob.id, targetName: "bob" })
    const member = await app.chat.db
      .select({ until: serverMembers.timedOutUntil })
      .from(serverMembers)
      .where(eq(serverMembers.userId, bob.id))
      .get()
    const seconds = ((member?.until?.getTime() ?? 0) - Date.now()) / 1000
    expect(seconds).toBeGreaterThan(590)
    expect(seconds).toBeLessThanOrEqual(600)
  })
})

describe("a rule spares", () => {
  test("its exempt roles and channels with their threads, the owner, and everyone while it is off", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const rule = await addRule(app, {})
    const roleId = await giveRole(app, bob)
    const change = (fields: object) =>
      alice.client.mutate("updateAutomodRule", { ruleId: rule.id, ...fields })

    await say(app, alice, "spam by the owner")
    expectData(await change({ exemptRoleIds: [roleId] }))
    await say(app, bob, "spam by a trusted one")
    expectData(await change({ exemptRoleIds: [], exemptChannelIds: [app.general.id] }))
    await say(app, bob, "spam where it is allowed")
    expectData(await change({ exemptChannelIds: [], isEnabled: false }))
    await say(app, bob, "spam while nobody looks")
    expectData(await change({ isEnabled: true }))

    await expect(say(app, bob, "spam")).rejects.toThrow(block.message)
  })
})

describe("a rule is refused", () => {
  const refused: [why: string, rule: Partial<NewRule>, part: string][] = [
    ["a word of wildcards", { trigger: { kind: "words", words: ["**"] } }, "no letters"],
    ["too long a word", { trigger: { kind: "words", words: ["x".repeat(61)] } }, "at most 60"],
    ["too many words", { trigger: { kind: "words", words: Array(1001).fill("x") } }, "At most 1000"],
    ["a hostile pattern", { trigger: { kind: "patterns", patterns: ["(a)\\1"] } }, "linear time"],
    ["no host", { trigger: { kind: "links", limit: null, allow: [], deny: ["no host"] } }, "name of a site"],
    [
      "links without a limit",
      { trigger: { kind: "links", limit: null, allow: [], deny: [] } },
      "Set a limit",
    ],
    ["an action twice", { actions: [block, block] }, "allowed once"],
    ["too long a timeout", { actions: [{ kind: "timeOut", seconds: 28 * 86_400 + 1 }] }, "expected number"],
    ["too long a sentence", { actions: [{ kind: "block", message: "x".repeat(151) }] }, "at most 150"],
    ["a channel of nowhere", { actions: [{ kind: "alert", channelId: "nowhere" }] }, "no such channel"],
    ["a role of nowhere", { exemptRoleIds: ["nowhere"] }, "no such role"],
  ]

  test("with a sentence", async () => {
    using app = await createTestChat()

    for (const [why, rule, part] of refused) {
      const { error } = await createRule(app, rule)
      expect([why, error?.code, error?.message]).toEqual([why, 400, expect.stringContaining(part)])
    }
    const everyone = await createRule(app, { exemptRoleIds: [app.lab.id] })
    expect(everyone.error?.message).toContain("no such role")
  })

  test("when the server has as many of its kind already, or the kind would change", async () => {
    using app = await createTestChat()
    const { alice } = app.cast
    for (let count = 0; count < 6; count++) await addRule(app, {})
    const invites = await addRule(app, { trigger: { kind: "invites" } })

    expect((await createRule(app, {})).error?.message).toContain("at most 6 rules")
    expect((await createRule(app, { trigger: { kind: "invites" } })).error?.message).toContain("one rule")
    const change = { ruleId: invites.id, trigger: words }
    expect((await alice.client.mutate("updateAutomodRule", change)).error?.code).toBe(400)
  })
})

test("testing a text says what would be hit, and does nothing", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const rule = await addRule(app, { isEnabled: false })
  const asked = { serverId: app.lab.id, text: "spammer" }

  const hits = expectData(await alice.client.query("testAutomodRule", asked))
  const draft = expectData(
    await alice.client.query("testAutomodRule", { ...asked, trigger: { kind: "words", words: ["ham"] } }),
  )

  expect(hits).toEqual([{ ruleId: rule.id, name: "Words", matched: "spam*" }])
  expect(draft).toEqual([])
  const { entries } = expectData(await alice.client.query("getAuditLog", { serverId: app.lab.id }))
  expect(automodActs(entries)).toEqual(["automod.create"])
})

function automodActs(entries: { action: string }[]): string[] {
  return entries.map(({ action }) => action).filter((action) => action.startsWith("automod."))
}

function createRule({ cast, lab }: TestChat, rule: Partial<NewRule>) {
  return cast.alice.client.mutate("createAutomodRule", {
    ...{ serverId: lab.id, name: "Words", trigger: words, actions: [block] },
    ...rule,
  } as NewRule)
}

async function addRule(app: TestChat, rule: Partial<NewRule>) {
  return expectData(await createRule(app, rule))
}

async function giveRole({ chat, lab }: TestChat, { id: userId }: Person): Promise<string> {
  const id = crypto.randomUUID()
  await chat.commits.decide(async (tx) => {
    await tx.insert(roles).values({ id, serverId: lab.id, name: "Trusted", position: 1 }).run()
    await tx.insert(memberRoles).values({ serverId: lab.id, userId, roleId: id }).run()
  })
  return id
}
