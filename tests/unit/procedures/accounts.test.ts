import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { users } from "../../../drizzle/schema.ts"
import { clientOf, createTestChat, expectData, signUp } from "../../support/chat.ts"
import { isStored, readRows } from "../../support/test-database.ts"

describe("signing up", () => {
  test("returns a name and a valid token", async () => {
    using app = await createTestChat()

    const result = await clientOf(app.chat).mutate("signUp", { username: "Dora", password: "swordfish" })

    const dora = expectData(result)
    const text = expect.any(String)
    expect(dora).toEqual({ token: text, userId: text, username: "dora", recoveryCode: text })
    expect(result.resources).toEqual([])
    const server = await clientOf(app.chat, dora.token).mutate("createServer", { name: "Dora's" })
    expect(server.data?.ownerId).toBe(dora.userId)
  })

  test("stores only a hash of the password", async () => {
    using app = await createTestChat()

    await clientOf(app.chat).mutate("signUp", { username: "dora", password: "swordfish" })

    const kept = await readRows(app.database, "select * from accounts")
    expect(kept).toHaveLength(4)
    expect(kept.every(({ password }) => String(password).startsWith("$argon2id$"))).toBe(true)
    expect(await isStored(app.database, "swordfish")).toBe(false)
  })

  test.each(["alice", "ALICE", "  Alice "])(
    "a name that is taken is refused as 409: %p",
    async (username) => {
      using app = await createTestChat()

      const result = await clientOf(app.chat).mutate("signUp", { username, password: "password" })

      expect(result.error).toEqual({ code: 409, message: "That username is taken" })
    },
  )

  test("of two sign-ups with the same name at once, one succeeds and the other is refused as taken", async () => {
    using app = await createTestChat()
    const passwords = ["first password", "second password"]

    const results = await Promise.all(
      passwords.map((password) => clientOf(app.chat).mutate("signUp", { username: "dora", password })),
    )

    expect(results.map(({ error }) => error?.code ?? 200).sort()).toEqual([200, 409])
  })

  test.each([
    { username: "d", password: "password", path: "username" },
    { username: "d".repeat(33), password: "password", path: "username" },
    { username: "dora explorer", password: "password", path: "username" },
    { username: "d\u202eora", password: "password", path: "username" },
    { username: "dora", password: "1234567", path: "password" },
    { username: "dora", password: "1".repeat(257), path: "password" },
  ])("a name or password outside the limits is a 400 that names the field: %o", async (inputs) => {
    using app = await createTestChat()

    const { username, password, path } = inputs
    const result = await clientOf(app.chat).mutate("signUp", { username, password })

    expect(result.error).toMatchObject({ code: 400, issues: [{ path, message: expect.any(String) }] })
    expect(await app.chat.db.select().from(users).all()).toHaveLength(3)
  })

  test("too many accounts from one ip are a 429; other ips are not affected", async () => {
    using app = await createTestChat({ RATE_LIMIT_LOGINS: "1/10m" })
    const from = (address: string, username: string) =>
      clientOf(app.chat, undefined, { address }).mutate("signUp", { username, password: "password" })
    expectData(await from("10.0.0.1", "dora"))

    const second = await from("10.0.0.1", "emil")
    const elsewhere = await from("10.0.0.2", "frida")

    expect(second.error?.code).toBe(429)
    expect(second.error?.retryAfterSeconds).toBeWithin(1, 601)
    expect(elsewhere.success).toBe(true)
  })
})

describe("signing in", () => {
  test.each(["alice", "Alice", " alice "])("with a name in any case: %p", async (username) => {
    using app = await createTestChat()

    const result = await clientOf(app.chat).mutate("login", { username, password: "password" })

    const { alice } = app.cast
    expect(result.data).toEqual({ token: expect.any(String), userId: alice.id, username: "alice" })
    expect(result.data?.token).not.toBe(alice.token)
    expect(result.resources).toEqual([])
  })

  test("an unknown name and a wrong password are refused in the same words", async () => {
    using app = await createTestChat()
    const client = clientOf(app.chat)

    const wrong = await client.mutate("login", { username: "alice", password: "passwort" })
    const unknown = await client.mutate("login", { username: "nobody", password: "password" })
    const impossible = await client.mutate("login", { username: "no/body!", password: "" })

    expect(wrong.error).toEqual({ code: 401, message: "Wrong username or password" })
    expect(unknown).toEqual(wrong)
    expect(impossible).toEqual(wrong)
  })

  test("every character of a long password counts, also past 72 bytes", async () => {
    using app = await createTestChat()
    const client = clientOf(app.chat)
    const password = `${"é".repeat(100)}${"x".repeat(99)}1`
    expectData(await client.mutate("signUp", { username: "dora", password }))

    const right = await client.mutate("login", { username: "dora", password })
    const otherTail = await client.mutate("login", {
      username: "dora",
      password: `${password.slice(0, -1)}2`,
    })
    const cut = await client.mutate("login", { username: "dora", password: password.slice(0, 72) })

    expect(right.success).toBe(true)
    expect(otherTail.error?.code).toBe(401)
    expect(cut.error?.code).toBe(401)
  })
})

// Hashing is slow on purpose, and slower where other work shares the processor.
setDefaultTimeout(60_000)

describe("guessing passwords", () => {
  test("too many wrong ones for an account close it for a while, from everywhere, also to the right one", async () => {
    using app = await createTestChat({ RATE_LIMIT_LOGINS: "2/10m" })
    const login = (address: string, username: string, password: string) =>
      clientOf(app.chat, undefined, { address }).mutate("login", { username, password })
    expect((await login("10.0.0.1", "bob", "wrong 1")).error?.code).toBe(401)
    expect((await login("10.0.0.2", "BOB ", "wrong 2")).error?.code).toBe(401)

    const third = await login("10.0.0.3", "bob", "password")
    const alice = await login("10.0.0.3", "alice", "password")

    expect(third.error?.code).toBe(429)
    expect(third.error?.retryAfterSeconds).toBeWithin(1, 601)
    expect(alice.success).toBe(true)
  })

  test("too many wrong ones from an address close it to all accounts; other addresses stay open", async () => {
    using app = await createTestChat({ RATE_LIMIT_LOGINS: "2/10m" })
    const login = (address: string, username: string, password: string) =>
      clientOf(app.chat, undefined, { address }).mutate("login", { username, password })
    expect((await login("10.0.0.1", "nobody", "wrong")).error?.code).toBe(401)
    expect((await login("10.0.0.1", "bob", "wrong")).error?.code).toBe(401)

    const fromThere = await login("10.0.0.1", "alice", "password")
    const fromElsewhere = await login("10.0.0.2", "alice", "password")

    expect(fromThere.error?.code).toBe(429)
    expect(fromElsewhere.success).toBe(true)
  })

  test("right ones do not count", async () => {
    using app = await createTestChat({ RATE_LIMIT_LOGINS: "2/10m" })
    const login = (password: string) => clientOf(app.chat).mutate("login", { username: "alice", password })
    for (let count = 0; count < 3; count++) expectData(await login("password"))

    const wrong = await login("wrong")

    expect(wrong.error?.code).toBe(401)
  })

  test("guessing many at once learns no more than guessing one by one", async () => {
    using app = await createTestChat({ RATE_LIMIT_LOGINS: "2/10m" })
    const guesses = ["one", "two", "three", "four", "five", "six", "seven", "password"]
    // Her password is checked slowly, other than alice's: all guesses have begun when the first is found wrong.
    const dora = await signUp(app.chat, "dora")

    const results = await Promise.all(
      guesses.map((password) => clientOf(app.chat).mutate("login", { username: dora.username, password })),
    )

    const codes = results.map(({ error }) => error?.code)
    expect(codes.filter((code) => code === 401)).toHaveLength(2)
    expect(codes.filter((code) => code === 429)).toHaveLength(6)
  })

  test("many right ones at once are all let in", async () => {
    using app = await createTestChat({ RATE_LIMIT_LOGINS: "2/10m" })

    const results = await Promise.all(
      Array.from({ length: 4 }, () =>
        clientOf(app.chat).mutate("login", { username: "alice", password: "password" }),
      ),
    )

    expect(results.map(({ success }) => success)).toEqual([true, true, true, true])
  })
})

describe("signing out", () => {
  test("ends this session and no other", async () => {
    using app = await createTestChat()
    const phone = app.cast.alice.client
    const { token } = expectData(
      await clientOf(app.chat).mutate("login", { username: "alice", password: "password" }),
    )
    const laptop = clientOf(app.chat, token)
    expectData(await laptop.query("getServers", null)) // or its refusal below proves nothing

    const result = await laptop.mutate("logout", null)

    expect(result).toMatchObject({ success: true, data: null, resources: [] })
    expect((await laptop.query("getServers", null)).error).toEqual({ code: 401, message: "Log in first" })
    expect((await laptop.mutate("logout", null)).error?.code).toBe(401)
    expect((await phone.query("getServers", null)).success).toBe(true)
  })
})
