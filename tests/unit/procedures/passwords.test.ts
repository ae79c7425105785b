import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { users } from "../../../drizzle/schema.ts"
import { updatePasswordHash } from "../../../src/features/accounts/store.ts"
import { clientOf, createTestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { whileSigningIn } from "../../support/signing-in.ts"
import { readRows } from "../../support/test-database.ts"

// Passwords are checked slowly on purpose.
setDefaultTimeout(60_000)

const change = { currentPassword: "password", newPassword: "correct horse" }

describe("changing a password", () => {
  test("makes the new one good and the old one bad, and keeps the session that asks", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const login = (password: string) => clientOf(app.chat).mutate("login", { username: "bob", password })
    const before = await login("password")
    const bobs = await listen(bob, app.room)

    const result = await bob.client.mutate("changePassword", change)

    expect(result).toMatchObject({ success: true, data: null })
    expect((await login("password")).error?.code).toBe(401)
    expect((await login("correct horse")).success).toBe(true)
    const old = clientOf(app.chat, before.data?.token)
    expect((await old.query("getServers", null)).error?.code).toBe(401)
    await bobs.send("still here")
    expect(bobs.heard).toHaveLength(1)
    expect(bob.faults).toEqual([])
  })

  test("with a wrong one is a 403 that names the field, and changes nothing", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const before = await readRows(app.database, "select * from accounts")

    const wrong = await bob.client.mutate("changePassword", { ...change, currentPassword: "passwort" })
    const short = await bob.client.mutate("changePassword", { ...change, newPassword: "short" })

    expect(wrong.error).toEqual({
      code: 403,
      message: "That is not your password",
      issues: [{ path: "currentPassword", message: "That is not your password" }],
    })
    expect(short.error).toMatchObject({ code: 400, issues: [{ path: "newPassword" }] })
    expect(await readRows(app.database, "select * from accounts")).toEqual(before)
  })

  test("a stolen session cannot guess: too many wrong ones are a 429, also for the right one", async () => {
    using app = await createTestChat({ RATE_LIMIT_LOGINS: "2/10m" })
    const { bob } = app.cast
    const guess = (currentPassword: string) =>
      bob.client.mutate("changePassword", { ...change, currentPassword })

    const guesses = await Promise.all(["one", "two", "three", "four"].map(guess))

    const codes = guesses.map(({ error }) => error?.code ?? 200)
    expect(codes.filter((code) => code === 403)).toHaveLength(2)
    expect(codes.filter((code) => code === 429)).toHaveLength(2)
    expect((await guess("password")).error?.code).toBe(429)
    const login = await clientOf(app.chat).mutate("login", { username: "bob", password: "password" })
    expect(login.error?.code).toBe(429)
  })

  test("twice at once succeeds once", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const passwords = ["first password", "second password"]

    const results = await Promise.all(
      passwords.map((newPassword) => bob.client.mutate("changePassword", { ...change, newPassword })),
    )

    expect(results.map(({ error }) => error?.code ?? 200).sort()).toEqual([200, 409])
  })

  test("a concurrent login with the old one fails", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const newHash = await Bun.password.hash("correct horse")
    whileSigningIn(() => app.chat.commits.decide((tx) => updatePasswordHash(tx, bob.id, newHash)))

    const login = await clientOf(app.chat).mutate("login", { username: "bob", password: "password" })

    expect(login.error).toEqual({ code: 401, message: "Wrong username or password" })
    expect((await bob.client.query("getSessions", null)).data).toHaveLength(1)
  })
})

describe("deleting an account", () => {
  test("keeps its messages under a placeholder name", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const bobs = await listen(bob, app.room)
    await bobs.send("I was here")
    await bob.client.mutate("markRead", { channelId: app.general.id, position: 1 })

    const result = await bob.client.mutate("deleteAccount", { password: "password" })

    expect(result.data).toEqual({ serverIds: [app.lab.id] })
    expect(result.resources).toEqual([`members/server/${app.lab.id}`])
    const { data: messages } = await alice.client.query("getMessages", { channelId: app.general.id })
    expect(messages).toMatchObject([{ userId: bob.id, content: "I was here" }])
    expect(messages?.[0]?.username).toMatch(/^deleted-[0-9a-f]{8}$/)
    const { data: members } = await alice.client.query("getMembers", { serverId: app.lab.id })
    expect(members?.map(({ username }) => username)).toEqual(["alice"])
    for (const table of ["sessions", "accounts", "read_positions", "server_members"]) {
      const left = await readRows(app.database, `select * from ${table} where user_id = '${bob.id}'`)
      expect([table, left]).toEqual([table, []])
    }
    const users = await readRows(app.database, `select * from users where id = '${bob.id}'`)
    expect(JSON.stringify(users)).not.toContain("bob")
  })

  test("ends every way in: token, password, name", async () => {
    using app = await createTestChat()
    const { bob } = app.cast

    await bob.client.mutate("deleteAccount", { password: "password" })

    expect((await bob.client.query("getServers", null)).error?.code).toBe(401)
    const login = (username: string) => clientOf(app.chat).mutate("login", { username, password: "password" })
    expect((await login("bob")).error?.code).toBe(401)
    const { username = "" } =
      (await app.chat.db.select().from(users).all()).find(({ id }) => id === bob.id) ?? {}
    expect((await login(username)).error?.code).toBe(401)
    // The name is free again, for someone else.
    const next = await clientOf(app.chat).mutate("signUp", { username: "bob", password: "password" })
    expect(next.data?.userId).not.toBe(bob.id)
    expect(next.success).toBe(true)
  })

  test.each(["deleted-12345678", "Deleted-me"])("its name cannot be taken: %s", async (username) => {
    using app = await createTestChat()

    const result = await clientOf(app.chat).mutate("signUp", { username, password: "password" })

    expect(result.error).toMatchObject({ code: 400, issues: [{ path: "username" }] })
  })

  test("is refused to an owner of servers, and with a wrong password", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast

    const byOwner = await alice.client.mutate("deleteAccount", { password: "password" })
    const wrong = await bob.client.mutate("deleteAccount", { password: "passwort" })

    expect(byOwner.error).toMatchObject({
      code: 400,
      message: expect.stringContaining("Delete each of them"),
    })
    expect(wrong.error).toMatchObject({ code: 403, issues: [{ path: "password" }] })
    expect((await alice.client.query("getServers", null)).data).toEqual([app.lab])
    expect((await bob.client.query("getServers", null)).data).toEqual([app.lab])
  })
})
