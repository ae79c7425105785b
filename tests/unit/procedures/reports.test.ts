import { describe, expect, test } from "bun:test"
import { channelOverwrites, memberRoles, roles, serverMembers } from "../../../drizzle/schema.ts"
import { permissionsOf } from "../../../src/features/permissions/bits.ts"
import { refreshMember } from "../../../src/features/permissions/derived.ts"
import { createTestChat, expectData, type Person, signUp, type TestChat } from "../../support/chat.ts"
import { say } from "../../support/say.ts"

describe("a report", () => {
  test("keeps the message and five on each side as they were, and waits for moderators", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const ids: string[] = []
    for (let number = 0; number < 13; number++) ids.push(await say(app, alice, `number ${number}`))

    const own = expectData(await report(bob, ids[6], "  Rude  "))
    await alice.client.mutate("editMessage", { messageId: ids[6] ?? "", content: "harmless" })
    await alice.client.mutate("deleteMessage", { messageId: ids[5] ?? "" })

    expect(own).toMatchObject({ reason: "Rude", status: "open", answer: null, serverName: "Lab" })
    const [waiting] = expectData(await alice.client.query("getReports", { serverId: app.lab.id }))
    expect(waiting).toMatchObject({ authorName: "alice", reporterName: "bob", channelName: "general" })
    const { messages } = expectData(await alice.client.query("getReport", { reportId: own.id }))
    expect(messages.map(({ content }) => content)).toEqual(
      Array.from({ length: 11 }, (_, index) => `number ${index + 1}`),
    )
  })

  test("is claimed by one, closed once, answered, and recorded", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    await promote(app, mallory)
    const own = expectData(await report(bob, await say(app, alice, "hello")))
    const of = { reportId: own.id }

    expect(expectData(await mallory.client.mutate("claimReport", of)).moderatorName).toBe("mallory")
    expect((await alice.client.mutate("claimReport", of)).error).toMatchObject({
      code: 409,
      message: "mallory has claimed this report already",
    })
    const closed = await mallory.client.mutate("closeReport", { ...of, outcome: "acted", answer: "Thanks" })
    const again = await alice.client.mutate("closeReport", { ...of, outcome: "dismissed" })

    expect(closed.resources).toEqual([
      `reports/server/${app.lab.id}`,
      `reports/user/${bob.id}`,
      `auditLog/server/${app.lab.id}`,
    ])
    expect(again.error?.code).toBe(409)
    const [mine] = expectData(await bob.client.query("getMyReports", null))
    expect(mine).toMatchObject({ status: "acted", answer: "Thanks", closedAt: expect.any(Date) })
    expect(expectData(await alice.client.query("getReports", { serverId: app.lab.id }))).toEqual([])
    const acted = await alice.client.query("getReports", { serverId: app.lab.id, status: "acted" })
    expect(expectData(acted)).toHaveLength(1)
    const { entries } = expectData(
      await alice.client.query("getAuditLog", { serverId: app.lab.id, actorId: mallory.id }),
    )
    expect(entries.map(({ action }) => action)).toEqual(["report.act", "report.claim"])
  })

  test("names people as members of the server see them", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    await promote(app, mallory)
    const displayNames = { alice: "Al", bob: "Robert", mallory: "Mal" }
    for (const { client, username } of [alice, bob, mallory]) {
      const displayName = displayNames[username as keyof typeof displayNames]
      expectData(await client.mutate("updateProfile", { displayName }))
    }
    const nickname = { serverId: app.lab.id, userId: bob.id, nickname: "Bobby" }
    expectData(await alice.client.mutate("setNickname", nickname))
    const { id: reportId } = expectData(await report(bob, await say(app, alice, "hello")))

    const claimed = expectData(await mallory.client.mutate("claimReport", { reportId }))
    const [listed] = expectData(
      await alice.client.query("getReports", { serverId: app.lab.id, status: "claimed" }),
    )
    const { messages } = expectData(await alice.client.query("getReport", { reportId }))

    const names = { authorName: "Al", reporterName: "Bobby", moderatorName: "Mal" }
    expect(claimed).toMatchObject(names)
    expect(listed).toMatchObject(names)
    expect(messages.map(({ username }) => username)).toEqual(["Al"])
  })

  test("is refused for things that cannot be reported, or were already", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const [own, deleted, other] = [
      await say(app, bob, "a"),
      await say(app, alice, "b"),
      await say(app, alice, "c"),
    ]
    expectData(await alice.client.mutate("deleteMessage", { messageId: deleted }))
    expectData(await report(bob, other))

    const refused: [who: Person, id: string, reason: string, code: number][] = [
      [bob, own, "mine", 400],
      [bob, deleted, "gone", 410],
      [bob, other, "again", 409],
      [bob, other, " ", 400],
      [bob, other, "x".repeat(513), 400],
      [mallory, other, "not a member", 404],
      [bob, "nothing", "nowhere", 404],
    ]
    for (const [who, id, reason, code] of refused) {
      expect([reason, (await report(who, id, reason)).error?.code]).toEqual([reason, code])
    }
    expect(expectData(await alice.client.query("getReports", { serverId: app.lab.id }))).toHaveLength(1)
  })

  test("is not shown to a moderator who may not read the channel, and its author does not close it", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    await promote(app, mallory)
    const hidden = expectData(await report(bob, await say(app, alice, "in private")))
    const about = expectData(await report(bob, await say(app, mallory, "by the moderator")))
    const close = (reportId: string) =>
      mallory.client.mutate("closeReport", { reportId, outcome: "dismissed" })

    expect((await close(about.id)).error?.code).toBe(403)
    const deny = Number(permissionsOf("viewChannel"))
    await app.chat.commits.decide((tx) =>
      tx
        .insert(channelOverwrites)
        .values({ channelId: app.general.id, targetId: mallory.id, kind: "member", deny })
        .run(),
    )

    expect(expectData(await mallory.client.query("getReports", { serverId: app.lab.id }))).toEqual([])
    expect((await mallory.client.query("getReport", { reportId: hidden.id })).error?.code).toBe(404)
    expect((await close(hidden.id)).error?.code).toBe(404)
    expect(expectData(await alice.client.query("getReports", { serverId: app.lab.id }))).toHaveLength(2)
  })

  test("can be made twenty times an hour", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const carol = await signUp(app.chat, "carol")
    await join(app, carol)
    for (let count = 0; count < 20; count++) expectData(await report(bob, await say(app, alice, `${count}`)))
    const id = await say(app, alice, "one more")

    expect((await report(bob, id)).error).toMatchObject({ code: 429, retryAfterSeconds: expect.any(Number) })
    expectData(await report(carol, id))
  })
})

function report({ client }: Person, messageId = "", reason = "Rude") {
  return client.mutate("reportMessage", { messageId, reason })
}

async function join({ chat, lab }: TestChat, { id: userId }: Pick<Person, "id">): Promise<void> {
  await chat.commits.decide(async (tx) => {
    await tx.insert(serverMembers).values({ serverId: lab.id, userId }).run()
    await refreshMember(tx, lab.id, userId)
  })
}

/** Makes someone a member who may manage messages. */
async function promote(app: TestChat, person: Person): Promise<void> {
  const { chat, lab } = app
  await join(app, person)
  const role = { id: crypto.randomUUID(), serverId: lab.id, name: "Moderator", position: 1 }
  await chat.commits.decide(async (tx) => {
    const permissions = Number(permissionsOf("manageMessages"))
    await tx
      .insert(roles)
      .values({ ...role, permissions })
      .run()
    await tx.insert(memberRoles).values({ serverId: lab.id, userId: person.id, roleId: role.id }).run()
    await refreshMember(tx, lab.id, person.id)
  })
}
