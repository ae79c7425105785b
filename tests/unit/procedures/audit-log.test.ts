import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { auditLog } from "../../../drizzle/schema.ts"
import type { AuditAction } from "../../../src/features/audit-log/contract.ts"
import { type Act, changesOf, recordAct } from "../../../src/features/audit-log/store.ts"
import { auditTrimmer } from "../../../src/features/audit-log/trimmer.ts"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { say } from "../../support/say.ts"

/** What `record` records where nothing else is given; others stem from making the server. */
const recorded = { action: "server.update" } as const
const bob = { id: "bob-id", name: "bob" }

describe("the audit log", () => {
  test("lists acts newest first, page by page, none twice and none left out", async () => {
    using app = await createTestChat()
    const reasons = Array.from({ length: 5 }, (_, index) => `number ${index}`)
    // In one commit, so that times are equal and only the ids order them.
    await record(app, ...reasons.map((reason) => ({ reason })))

    const pages = [await page(app, { ...recorded, limit: 2 })]
    while (pages.at(-1)?.older && pages.length < 9)
      pages.push(await page(app, { ...recorded, limit: 2, before: pages.at(-1)?.older ?? "" }))

    expect(pages.map(({ entries }) => entries.length)).toEqual([2, 2, 1])
    expect(pages.flatMap(({ entries }) => entries.map(({ reason }) => reason))).toEqual(reasons.toReversed())
  })

  test("shows people by the names that members of this server see, not of another", async () => {
    using app = await createTestChat()
    const { alice } = app.cast
    const call = (serverId: string, nickname: string) =>
      alice.client.mutate("setNickname", { serverId, userId: alice.id, nickname })
    // Several, since a statement that confuses them may find any of them first.
    for (const name of ["One", "Two", "Three", "Four", "Five"]) {
      const other = expectData(await alice.client.mutate("createServer", { name }))
      expectData(await call(other.id, "Boss"))
    }
    await record(app, { reason: "seen" })
    const shown = async () => (await page(app, recorded)).entries.map(({ actorShown }) => actorShown)

    expect(await shown()).toEqual([undefined])
    expectData(await call(app.lab.id, "Ally"))
    expect(await shown()).toEqual(["Ally"])
  })

  test("filters by person, action and target, and shows old and new values", async () => {
    using app = await createTestChat()
    const { alice } = app.cast
    const changes = changesOf({ name: "a", topic: "same" }, { name: "b", topic: "same" })
    await record(
      app,
      { action: "member.kick", target: bob, reason: "spam" },
      { action: "channel.update", target: { id: app.general.id, name: "general" }, changes },
      { actor: { id: "carol", username: "carol" }, action: "member.ban", target: bob },
    )

    const found = await Promise.all([
      page(app, { actorId: "carol" }),
      page(app, { action: "channel.update" }),
      page(app, { targetId: bob.id }),
      page(app, { targetId: bob.id, actorId: alice.id }),
      page(app, { targetId: "nobody" }),
    ])

    expect(found.map(({ entries }) => entries.map(({ action }) => action))).toEqual([
      ["member.ban"],
      ["channel.update"],
      ["member.ban", "member.kick"],
      ["member.kick"],
      [],
    ])
    expect(found[1]?.entries[0]).toMatchObject({
      actorId: alice.id,
      actorName: "alice",
      targetName: "general",
      changes: { name: { before: "a", after: "b" } },
      reason: null,
    })
  })

  test("keeps usernames, and says beside them what members call somebody now", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const target = { id: bob.id, name: "bob" }
    await record(app, { target }, { target: { id: app.general.id, name: "general" } })
    const shown = async () =>
      (await page(app, recorded)).entries.map(({ actorName, actorShown, targetName, targetShown }) => ({
        ...{ actorName, actorShown, targetName, targetShown },
      }))
    const [of, ofChannel] = [{ targetName: "bob" }, { targetName: "general" }]
    const by = { actorName: "alice", actorShown: undefined, targetShown: undefined }
    expect(await shown()).toEqual(
      expect.arrayContaining([
        { ...by, ...of },
        { ...by, ...ofChannel },
      ]),
    )

    expectData(await alice.client.mutate("updateProfile", { displayName: "Al" }))
    expectData(await bob.client.mutate("updateProfile", { displayName: "Robert" }))
    const nickname = { serverId: app.lab.id, userId: bob.id, nickname: "Bobby" }
    expectData(await alice.client.mutate("setNickname", nickname))

    const named = { ...by, actorShown: "Al" }
    expect(await shown()).toEqual(
      expect.arrayContaining([
        { ...named, ...of, targetShown: "Bobby" },
        { ...named, ...ofChannel },
      ]),
    )
  })

  test("needs the permission, and takes only pages that exist", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const { id: serverId } = app.lab
    const ask = (by: typeof alice, more = {}) => by.client.query("getAuditLog", { serverId, ...more })

    expect((await ask(bob)).error?.code).toBe(403)
    expect((await ask(mallory)).error?.code).toBe(403)
    for (const more of [{ limit: 0 }, { limit: 101 }, { before: "yesterday" }])
      expect((await ask(alice, more)).error?.code).toBe(400)
  })

  test("loses entries older than configured, and nothing else", async () => {
    using app = await createTestChat({ AUDIT_LOG_DAYS: "2" })
    await record(app, { reason: "old" }, { reason: "new" })
    const { chat } = app
    const old = (await page(app, recorded)).entries.find(({ reason }) => reason === "old")?.id ?? ""
    const threeDaysAgo = new Date(Date.now() - 3 * 86_400_000)
    await chat.commits.decide((tx) =>
      tx.update(auditLog).set({ createdAt: threeDaysAgo }).where(eq(auditLog.id, old)).run(),
    )

    await chat.workers.get(auditTrimmer).run()

    expect((await page(app, recorded)).entries.map(({ reason }) => reason)).toEqual(["new"])
  })
})

describe("recorded are", () => {
  const acts: { action: AuditAction; target?: string; act(app: TestChat): Promise<Result> }[] = [
    {
      action: "server.update",
      act: ({ cast, lab }) => cast.alice.client.mutate("renameServer", { serverId: lab.id, name: "New" }),
    },
    {
      action: "channel.create",
      target: "new",
      act: ({ cast, lab }) => cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "new" }),
    },
    {
      action: "channel.update",
      target: "general",
      act: ({ cast, general }) =>
        cast.alice.client.mutate("renameChannel", { channelId: general.id, name: "new" }),
    },
    {
      action: "channel.delete",
      target: "general",
      act: ({ cast, general }) => cast.alice.client.mutate("deleteChannel", { channelId: general.id }),
    },
    {
      action: "invite.create",
      act: ({ cast, lab }) => cast.alice.client.mutate("createInvite", { serverId: lab.id }),
    },
    {
      action: "invite.revoke",
      act: async ({ cast: { alice }, lab }) => {
        const { code } = expectData(await alice.client.mutate("createInvite", { serverId: lab.id }))
        return alice.client.mutate("revokeInvite", { code })
      },
    },
    {
      action: "bot.add",
      target: "robot",
      act: async ({ cast: { alice }, lab }) => {
        const bot = expectData(await alice.client.mutate("createBot", { username: "robot" }))
        return alice.client.mutate("addBot", { serverId: lab.id, botId: bot.id })
      },
    },
    {
      action: "webhook.create",
      target: "Builds",
      act: ({ cast, general }) =>
        cast.alice.client.mutate("createWebhook", { channelId: general.id, name: "Builds" }),
    },
    {
      action: "webhook.delete",
      target: "hook.example",
      act: async ({ cast: { alice }, general }) => {
        const url = "https://hook.example/secret"
        const hook = expectData(
          await alice.client.mutate("createOutgoingWebhook", { channelId: general.id, url }),
        )
        return alice.client.mutate("deleteOutgoingWebhook", { webhookId: hook.id })
      },
    },
    {
      action: "message.pin",
      target: "bob",
      act: async (app) => app.cast.alice.client.mutate("pinMessage", { messageId: await bobSays(app) }),
    },
    {
      action: "message.delete",
      target: "bob",
      act: async (app) => app.cast.alice.client.mutate("deleteMessage", { messageId: await bobSays(app) }),
    },
  ]

  test.each(acts)("$action, with who did it and to what", async ({ action, target, act }) => {
    using app = await createTestChat()

    const result = await act(app)

    expect(result.error).toBeNull()
    const [entry] = (await page(app, { action })).entries
    expect(entry).toMatchObject({ action, actorName: "alice", ...(target && { targetName: target }) })
    expect(JSON.stringify(entry)).not.toContain("secret")
  })

  test("not changes of own messages, nor refused actions", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const before = (await page(app, {})).entries
    const messageId = await bobSays(app)

    expectData(await bob.client.mutate("deleteMessage", { messageId }))
    expect((await alice.client.mutate("deleteMessage", { messageId })).success).toBe(true) // again: no change
    expect((await bob.client.mutate("renameServer", { serverId: app.lab.id, name: "x" })).error?.code).toBe(
      403,
    )

    expect((await page(app, {})).entries).toEqual(before)
  })
})

type Result = { error: { message: string } | null }

const bobSays = (app: TestChat) => say(app, app.cast.bob, "secret")

/** Records acts of alice in the lab, in one commit. */
async function record(app: TestChat, ...acts: Partial<Act>[]): Promise<void> {
  const { id, username } = app.cast.alice
  const act: Act = { serverId: app.lab.id, actor: { id, username }, ...recorded }
  await app.chat.commits.decide(async (tx) => {
    for (const more of acts) await recordAct(tx, { ...act, ...more })
  })
}

async function page(app: TestChat, more: Record<string, unknown>) {
  return expectData(await app.cast.alice.client.query("getAuditLog", { serverId: app.lab.id, ...more }))
}
