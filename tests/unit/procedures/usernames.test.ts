import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { eq } from "drizzle-orm"
import { formerUsernames } from "../../../drizzle/schema.ts"
import { clientOf, createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { hearPresence, listen, until } from "../../support/listen.ts"
import { say } from "../../support/say.ts"

// Passwords are hashed slowly on purpose.
setDefaultTimeout(60_000)

const rename = ({ cast }: TestChat, username: string, password = "password") =>
  cast.bob.client.mutate("changeUsername", { username, password })

const signUp = ({ chat }: TestChat, username: string) =>
  clientOf(chat).mutate("signUp", { username, password: "swordfish" })

describe("changing a username", () => {
  test("keeps sessions, messages and mentions, which follow at once and are not sent again", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [first, mention] = [await say(app, bob, "hello"), await say(app, alice, "@bob hi")]
    const before = expectData(await alice.client.query("getMessages", { channelId: app.general.id }))
    const room = await listen(alice, app.room)
    const { heard } = await hearPresence(alice, app.general.id)

    expect(expectData(await rename(app, "Robert"))).toEqual({ username: "robert" })

    // Over the connection that he had before.
    const later = await say(app, bob, "again")
    await until("alice hears it", () => room.heard.length > 0)
    expect(room.heard.map(({ id, username }) => [id, username])).toEqual([[later, "robert"]])
    const after = expectData(await alice.client.query("getMessages", { channelId: app.general.id }))
    expect(after.map(({ id, username }) => [id, username])).toEqual([
      [first, "robert"],
      [mention, "alice"],
      [later, "robert"],
    ])
    expect(after.slice(0, 2).map(({ seq, position }) => [seq, position])).toEqual(
      before.map(({ seq, position }) => [seq, position]),
    )
    expect(after[1]?.extras?.mentions?.[0]?.userId).toBe(bob.id)
    await until("alice's page hears of it", () => heard.some(({ username }) => username === "robert"))
    const members = expectData(await bob.client.query("getMembers", { serverId: app.lab.id }))
    expect(members.map(({ username }) => username)).toContain("robert")
    expect(
      (await clientOf(app.chat).mutate("login", { username: "bob", password: "password" })).error?.code,
    ).toBe(401)
    expectData(await clientOf(app.chat).mutate("login", { username: "robert", password: "password" }))
  })

  test("keeps the old name from others for 14 days, and not from its owner", async () => {
    using app = await createTestChat()
    expectData(await rename(app, "robert"))

    const taken = [
      (await signUp(app, "Bob")).error?.code,
      (await app.cast.alice.client.mutate("createBot", { username: "bob" })).error?.code,
      (await app.cast.alice.client.mutate("changeUsername", { username: "bob", password: "password" })).error
        ?.code,
    ]

    expect(taken).toEqual([409, 409, 409])
    expectData(await rename(app, "bob"))
    // Now the other one is held, until its time is over.
    expect((await signUp(app, "robert")).error?.code).toBe(409)
    const over = { freeAt: new Date() }
    await app.chat.commits.decide((tx) =>
      tx.update(formerUsernames).set(over).where(eq(formerUsernames.username, "robert")).run(),
    )
    expectData(await signUp(app, "robert"))
  })

  test("needs the password and a name that is free and allowed", async () => {
    using app = await createTestChat()

    const refused = await Promise.all([
      rename(app, "robert", "passwort"),
      rename(app, "alice"),
      rename(app, "bob"),
      rename(app, "no spaces"),
      rename(app, "deleted-bob"),
    ])

    expect(refused.map(({ error }) => [error?.code, error?.issues?.[0]?.path])).toEqual([
      [403, "password"],
      [409, "username"],
      [400, "username"],
      [400, "username"],
      [400, "username"],
    ])
  })

  test("of two who want the same name, one gets it", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const inputs = { username: "robin", password: "password" }

    const both = await Promise.all([alice, bob].map(({ client }) => client.mutate("changeUsername", inputs)))

    expect(both.map(({ error }) => error?.code ?? 200).toSorted()).toEqual([200, 409])
  })

  test("is limited to 3 on one day, also for names that are taken", async () => {
    using app = await createTestChat({ RATE_LIMIT_LOGINS: "100/10m" })

    const codes = []
    for (const name of ["alice", "b1", "b2", "b3"]) codes.push((await rename(app, name)).error?.code ?? 200)

    expect(codes).toEqual([409, 200, 200, 429])
  })
})
