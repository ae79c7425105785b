import { describe, expect, test } from "bun:test"
import { and, eq } from "drizzle-orm"
import { channelOverwrites, memberRoles, roles } from "../../../drizzle/schema.ts"
import type { JoinQuestion } from "../../../src/features/joining/contract.ts"
import { permissionsOf } from "../../../src/features/permissions/bits.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { configureJoining, mayIn } from "../../support/joining.ts"

describe("questions", () => {
  test("remember the answers that give no role, also through a ban that is undone", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { serverId } = app.room
    const question = questionOf([await role(app, "red"), null, null], true)
    expectData(await configureJoining(app, { questions: [question] }))
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
    expectData(await configureJoining(app, { questions: [question, several] }))
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
      const { error } = await configureJoining(app, { questions: [questionOf([roleId], false)] })
      expect([roleId, error?.code]).toEqual([roleId, 400])
    }
  })

  test("end what a lost role let one view", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const { serverId, channelId } = app.room
    const key = await role(app, "key")
    const question = questionOf([key], true)
    expectData(await configureJoining(app, { questions: [question] }))
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
