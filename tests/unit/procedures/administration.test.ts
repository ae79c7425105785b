import { describe, expect, test } from "bun:test"
import { eq, isNull } from "drizzle-orm"
import { messagePurges, messages } from "../../../drizzle/schema.ts"
import { newWork } from "../../../src/features/accounts/sign-up-work.ts"
import { insertPurge } from "../../../src/features/administration/purges.ts"
import { appendMessage } from "../../../src/features/messages/append.ts"
import { findWebhook, insertWebhook } from "../../../src/features/webhooks/store.ts"
import { administrate, keepWaiting } from "../../support/administrators.ts"
import { appear, clientOf, createTestChat, expectData } from "../../support/chat.ts"
import { listen, until } from "../../support/listen.ts"
import { say } from "../../support/say.ts"

/** The challenge with the number that it asks for. */
function solved(challenge: string): string {
  for (let number = 0; ; number++) {
    const answer = `${challenge}:${number}`
    const hash = new Bun.CryptoHasher("sha256").update(answer).digest()
    if (hash[0] === 0 && hash[1] === 0) return answer
  }
}

test("suspending ends sessions, live connections and bots, and its end lets bots in again", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  await administrate(app.chat, alice.id)
  const bot = expectData(await bob.client.mutate("createBot", { username: "robot" }))
  const { token } = expectData(await bob.client.mutate("createBotToken", { botId: bot.id }))
  const headers = new Headers({ authorization: `Bearer ${token}` })
  const askAsBot = () => app.chat.server.processProcedure("getServers", null, { headers, url: "" })
  expect((await askAsBot()).error).toBeNull()
  await listen(bob, app.room)

  expectData(await alice.client.mutate("suspendPerson", { userId: bob.id, reason: "spam" }))

  expect((await bob.client.query("getServers", null)).error?.code).toBe(401)
  expect(bob.faults.map(({ code }) => code)).toEqual([401])
  expect((await askAsBot()).error?.code).toBe(401)
  expectData(await alice.client.mutate("unsuspendPerson", { userId: bob.id }))
  expect((await askAsBot()).error).toBeNull()
})

test("of two administrators who remove each other at once, one stays", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  await administrate(app.chat, alice.id)
  await administrate(app.chat, bob.id)

  const both = await Promise.all([
    alice.client.mutate("setAdministrator", { userId: bob.id, isAdministrator: false }),
    bob.client.mutate("setAdministrator", { userId: alice.id, isAdministrator: false }),
  ])

  expect(both.map(({ success }) => success).toSorted()).toEqual([false, true])
})

test("an administrator stays the last one while the others are suspended", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  await administrate(app.chat, alice.id)
  await administrate(app.chat, bob.id)
  const resign = () => alice.client.mutate("setAdministrator", { userId: alice.id, isAdministrator: false })

  expectData(await alice.client.mutate("suspendPerson", { userId: bob.id }))

  expect((await resign()).error?.code).toBe(400)
  expect((await alice.client.mutate("suspendPerson", { userId: alice.id })).error?.code).toBe(400)
  expectData(await alice.client.mutate("unsuspendPerson", { userId: bob.id }))
  expectData(await resign())
})

test("an administrator reads nothing private by it", async () => {
  using app = await createTestChat()
  const { mallory } = app.cast
  await administrate(app.chat, mallory.id)
  expectData(await mallory.client.query("getAllServers", {}))

  expect((await mallory.client.query("getMessages", { channelId: app.general.id })).error?.code).toBe(403)
})

test("who is approved is in at once", async () => {
  using app = await createTestChat()
  await administrate(app.chat, app.cast.alice.id)
  const wanda = await appear(app.chat, "wanda")
  await keepWaiting(app.chat, wanda.id)
  expect((await wanda.client.query("getServers", null)).error?.code).toBe(403)

  expectData(await app.cast.alice.client.mutate("approvePerson", { userId: wanda.id }))

  expectData(await wanda.client.query("getServers", null))
})

test("what a spammer wrote goes everywhere with the suspension, and nothing else does", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  await administrate(app.chat, alice.id)
  const lair = expectData(await bob.client.mutate("createServer", { name: "Lair" }))
  const den = expectData(await bob.client.mutate("createChannel", { serverId: lair.id, name: "den" }))
  const spam = await Promise.all([
    say(app, bob, "buy this"),
    say({ room: { serverId: lair.id, channelId: den.id } }, bob, "buy this"),
  ])
  const robot = expectData(await bob.client.mutate("createBot", { username: "robot" }))
  const id = crypto.randomUUID()
  const hook = { id, channelId: den.id, name: "Offers", createdAt: new Date(), hash: "", createdBy: bob.id }
  await app.chat.commits.decide((tx) => insertWebhook(tx, hook))
  const account = (await findWebhook(app.chat.db, id))?.userId ?? ""
  const inDen = { serverId: lair.id, channelId: den.id, content: "buy this", createdAt: new Date() }
  for (const [userId, username] of [
    [robot.id, "robot"],
    [account, "Offers"],
  ] as const) {
    const draft = { ...inDen, id: crypto.randomUUID(), userId, username }
    await app.chat.publisher.append(den.id, (changes) => appendMessage(changes, draft))
    spam.push(draft.id)
  }
  const kept = await say(app, alice, "what is this?")
  const left = async () =>
    (await app.chat.db.select().from(messages).where(isNull(messages.deletedAt)).all()).map(({ id }) => id)
  expect(await left()).toEqual(expect.arrayContaining([...spam, kept]))

  app.chat.start()
  const spammer = { userId: bob.id, reason: "spam", deletesMessages: true }
  expectData(await alice.client.mutate("suspendPerson", spammer))

  await until("the messages are gone", async () => !(await left()).some((id) => spam.includes(id)))
  expect(await left()).toContain(kept)
  expect((await bob.client.query("getServers", null)).error?.code).toBe(401)
  await until(
    "nothing is left to do",
    async () => (await app.chat.db.select().from(messagePurges).all()).length === 0,
  )
  const { entries } = expectData(await alice.client.query("getInstanceLog", {}))
  expect(entries[0]).toMatchObject({
    action: "person.suspend",
    reason: "spam",
    changes: { messages: { after: "deleted" } },
  })
})

test("messages that were being deleted when the process stopped go at the next start", async () => {
  using app = await createTestChat()
  const { bob } = app.cast
  const spam = await say(app, bob, "buy this")
  await app.chat.commits.decide((tx) => insertPurge(tx, bob.id))

  app.chat.start()

  await until("it is gone", async () => {
    const found = await app.chat.db.select().from(messages).where(eq(messages.id, spam)).get()
    return found?.deletedAt !== null
  })
})

describe("a question at sign-up", () => {
  test.each([
    { registration: "open", answer: " the  KETTLE ", code: undefined },
    { registration: "open", answer: "a pot", code: 400 },
    { registration: "open", answer: undefined, code: 400 },
    { registration: "approval", answer: "a pot", code: 400 },
    { registration: "approval", answer: "the kettle", code: undefined },
    { registration: "invite", answer: undefined, code: undefined },
  ] as const)("$registration, answered $answer: $code", async ({ registration, answer, code }) => {
    using app = await createTestChat()
    const { alice } = app.cast
    await administrate(app.chat, alice.id)
    const asks = { signUpQuestion: "What is on?", signUpAnswer: "The kettle" }
    const settings = { registration, serverCreation: "everyone", ...asks } as const
    expectData(await alice.client.mutate("updateInstance", settings))
    expect(expectData(await alice.client.query("getInstance", null)).signUpQuestion).toBe("What is on?")
    const invitation = expectData(await alice.client.mutate("createInvitation", {})).code

    const signedUp = await clientOf(app.chat).mutate("signUp", {
      ...{ username: "dora", password: "swordfish", answer, application: "I know alice" },
      ...(registration === "invite" && { invitation }),
    })

    expect(signedUp.error?.code).toBe(code as number)
    if (code) expect(signedUp.error?.issues).toMatchObject([{ path: "answer" }])
    const { entries } = expectData(await alice.client.query("getInstanceLog", {}))
    expect(JSON.stringify(entries)).not.toContain("The kettle")
  })

  test("is spared by work, where the instance takes it: once, in time, and of our own challenge", async () => {
    using app = await createTestChat()
    const { alice } = app.cast
    await administrate(app.chat, alice.id)
    const { config } = app.chat
    const signUp = async (username: string, work: string) =>
      (await clientOf(app.chat).mutate("signUp", { username, password: "swordfish", work })).error?.code
    const settings = { registration: "open", serverCreation: "everyone" } as const
    const asks = { signUpQuestion: "What is on?", signUpAnswer: "The kettle" }
    expectData(await alice.client.mutate("updateInstance", { ...settings, ...asks }))
    expect(await clientOf(app.chat).query("getSignUpWork", null)).toMatchObject({ data: null })
    expect(await signUp("early", solved(newWork(config)))).toBe(400)

    expectData(await alice.client.mutate("updateInstance", { ...settings, signUpWork: true }))
    const asked = expectData(await clientOf(app.chat).query("getSignUpWork", null))
    const right = solved(asked?.challenge ?? "")
    const wrong = {
      "a number that is none": right.replace(/:\d+$/, ":x"),
      "another number": right.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)),
      "a challenge of somebody else's": solved(newWork({ authSecret: "x".repeat(32) })),
      "one that has ended": solved(newWork(config, Date.now() - 7_200_000)),
      nothing: "",
    }
    for (const [what, work] of Object.entries(wrong))
      expect([what, await signUp("dora", work)]).toEqual([what, 400])

    expect(await signUp("dora", right)).toBeUndefined()
    expect(await signUp("eve", right)).toBe(400)
    const both = solved(newWork(config))
    const codes = await Promise.all([signUp("fay", both), signUp("gus", both)])
    expect(codes.toSorted()).toEqual([400, undefined])
  })

  test("needs an answer", async () => {
    using app = await createTestChat()
    await administrate(app.chat, app.cast.alice.id)
    const settings = {
      registration: "open",
      serverCreation: "everyone",
      signUpQuestion: "What is on?",
    } as const

    const { error } = await app.cast.alice.client.mutate("updateInstance", settings)

    expect(error).toMatchObject({ code: 400, issues: [{ path: "signUpAnswer" }] })
  })
})
