import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { auditLog } from "../../../drizzle/schema.ts"
import { type Act, changesOf, recordAct } from "../../../src/features/audit-log/store.ts"
import { AuditTrimmer } from "../../../src/features/audit-log/trimmer.ts"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"

const bob = { id: "bob-id", name: "bob" }

describe("the audit log", () => {
  test("lists acts newest first, page by page, none twice and none left out", async () => {
    using app = await createTestChat()
    const reasons = Array.from({ length: 5 }, (_, index) => `number ${index}`)
    // In one commit, so that times are equal and only the ids order them.
    await record(app, ...reasons.map((reason) => ({ reason })))

    const pages = [await page(app, { limit: 2 })]
    while (pages.at(-1)?.older && pages.length < 9)
      pages.push(await page(app, { limit: 2, before: pages.at(-1)?.older ?? "" }))

    expect(pages.map(({ entries }) => entries.length)).toEqual([2, 2, 1])
    expect(pages.flatMap(({ entries }) => entries.map(({ reason }) => reason))).toEqual(reasons.toReversed())
  })

  test("filters by person, action and target, and says what was before and after", async () => {
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

  test("is for those who may view it, and takes only pages that exist", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const { id: serverId } = app.lab
    const ask = (by: typeof alice, more = {}) => by.client.query("getAuditLog", { serverId, ...more })

    expect((await ask(bob)).error?.code).toBe(403)
    expect((await ask(mallory)).error?.code).toBe(403)
    for (const more of [{ limit: 0 }, { limit: 101 }, { before: "yesterday" }])
      expect((await ask(alice, more)).error?.code).toBe(400)
  })

  test("loses what is older than configured, and nothing else", async () => {
    using app = await createTestChat({ AUDIT_LOG_DAYS: "2" })
    await record(app, { reason: "old" }, { reason: "new" })
    const { chat, database } = app
    const old = (await page(app, {})).entries.find(({ reason }) => reason === "old")?.id ?? ""
    const threeDaysAgo = new Date(Date.now() - 3 * 86_400_000)
    await chat.commits.decide((tx) =>
      tx.update(auditLog).set({ createdAt: threeDaysAgo }).where(eq(auditLog.id, old)).run(),
    )
    const report = (error: unknown) => {
      throw error
    }

    await new AuditTrimmer({ ...database, config: { auditLogDays: 2 }, report }).trim()

    expect((await page(app, {})).entries.map(({ reason }) => reason)).toEqual(["new"])
  })
})

/** Records acts of alice in the lab, in one commit. */
async function record(app: TestChat, ...acts: Partial<Act>[]): Promise<void> {
  const { id, username } = app.cast.alice
  const act: Act = { serverId: app.lab.id, actor: { id, username }, action: "server.update" }
  await app.chat.commits.decide(async (tx) => {
    for (const more of acts) await recordAct(tx, { ...act, ...more })
  })
}

async function page(app: TestChat, more: Record<string, unknown>) {
  return expectData(await app.cast.alice.client.query("getAuditLog", { serverId: app.lab.id, ...more }))
}
