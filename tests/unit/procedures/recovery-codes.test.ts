import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { isCommon, isSimilar } from "../../../src/features/accounts/password-strength.ts"
import { clientOf, createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { isStored } from "../../support/test-database.ts"

// Passwords are hashed slowly on purpose.
setDefaultTimeout(60_000)

const newPassword = "correct horse"

async function bobsCode({ cast }: TestChat): Promise<string> {
  const made = await cast.bob.client.mutate("renewRecoveryCode", { password: "password" })
  return expectData(made).recoveryCode
}

const recover = (app: TestChat, recoveryCode: string, username = "bob") =>
  clientOf(app.chat).mutate("recoverAccount", { username, recoveryCode, newPassword })

const login = (app: TestChat, password: string, username = "bob") =>
  clientOf(app.chat).mutate("login", { username, password })

describe("a recovery code", () => {
  test("comes with a new account, is stored hashed, and sets a password as it was typed", async () => {
    using app = await createTestChat()
    const signedUp = await clientOf(app.chat).mutate("signUp", { username: "dora", password: "swordfish" })
    const { recoveryCode = "" } = expectData(signedUp)
    expect(recoveryCode).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/)
    expect(await isStored(app.database, recoveryCode)).toBe(false)
    expect(await isStored(app.database, recoveryCode.replaceAll("-", ""))).toBe(false)

    const typed = ` ${recoveryCode.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l")}`
    const recovered = expectData(await recover(app, typed, " Dora "))

    expect(recovered).toEqual({ username: "dora", recoveryCode: expect.any(String) })
    expect((await login(app, "swordfish", "dora")).error?.code).toBe(401)
    expectData(await login(app, newPassword, "dora"))
  })

  test("works once, also for two at once; then the next one does", async () => {
    using app = await createTestChat()
    const code = await bobsCode(app)

    const both = await Promise.all([recover(app, code), recover(app, code)])

    expect(both.map(({ error }) => error?.code ?? 200).toSorted()).toEqual([200, 401])
    expect((await recover(app, code)).error?.code).toBe(401)
    const next = both.find(({ success }) => success)?.data?.recoveryCode ?? ""
    expectData(await recover(app, next))
  })

  test("ends all sessions and live connections of its account alone", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const code = await bobsCode(app)
    await listen(bob, app.room)
    await listen(alice, app.room)

    expectData(await recover(app, code))

    expect(bob.faults.map((fault) => fault.code)).toEqual([401])
    expect((await bob.client.query("getServers", null)).error?.code).toBe(401)
    expect(alice.faults).toEqual([])
    expectData(await alice.client.query("getServers", null))
  })

  test("is replaced by a new one after the password", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const first = await bobsCode(app)
    const refused = await bob.client.mutate("renewRecoveryCode", { password: "passwort" })
    expect(refused.error).toMatchObject({ code: 403, issues: [{ path: "password" }] })

    const second = await bobsCode(app)

    expect((await recover(app, first)).error?.code).toBe(401)
    expectData(await recover(app, second))
    const { createdAt } = expectData(
      await clientOf(app.chat, (await login(app, newPassword)).data?.token).query("getRecovery", null),
    )
    expect(createdAt).toBeInstanceOf(Date)
  })

  test("is not that of another account, and a wrong one says as little as an unknown name", async () => {
    using app = await createTestChat()
    const code = await bobsCode(app)

    const refused = await Promise.all([
      recover(app, code, "alice"),
      recover(app, "guess"),
      recover(app, code, "nobody"),
      recover(app, "", ""),
    ])

    const wrong = { code: 401, message: "Wrong username or recovery code" }
    expect(refused.map(({ error }) => error)).toEqual([wrong, wrong, wrong, wrong])
    expectData(await login(app, "password"))
  })

  test("cannot be guessed: too many wrong ones are a 429, also for the right one", async () => {
    using app = await createTestChat({ RATE_LIMIT_LOGINS: "2/10m" })
    const code = await bobsCode(app)

    const guesses = await Promise.all(["a", "b", "c", "d"].map((guess) => recover(app, guess)))

    const codes = guesses.map(({ error }) => error?.code)
    expect(codes.toSorted()).toEqual([401, 401, 429, 429])
    expect((await recover(app, code)).error?.code).toBe(429)
  })
})

describe("new passwords", () => {
  test.each([
    ["dora", "DORA-1234", true],
    ["dora", "doradora", true],
    ["dora", "1arod!!!", true],
    ["user1", "user1234", true],
    ["dora", "dora-the-explorer", false],
    ["dora", "password", false],
    ["...", "password", false],
  ])("of %p: is %p too similar? %p", (name, password, expected) => {
    expect(isSimilar(password, name)).toBe(expected)
  })

  test.each([
    ["aaaaaaaa", true],
    ["abcabcab", true],
    ["12345678", true],
    ["Qwertzui", true],
    ["P4ssw0rd", true],
    ["password", true],
    ["Password123!", true],
    ["poiuytrewq", true],
    ["swordfish", false],
    ["long enough", false],
    ["correct horse battery", false],
  ])("is %p common? %p", (password, expected) => {
    expect(isCommon(password)).toBe(expected)
  })

  test("that are the name or the chat's are refused wherever one is chosen, and others are not", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const code = await bobsCode(app)
    const choose = (chosen: string) => [
      clientOf(app.chat).mutate("signUp", { username: "bobby", password: chosen.replace("bob", "bobby") }),
      bob.client.mutate("changePassword", { currentPassword: "password", newPassword: chosen }),
      clientOf(app.chat).mutate("recoverAccount", {
        username: "bob",
        recoveryCode: code,
        newPassword: chosen,
      }),
    ]

    const answers = await Promise.all([...choose("bob123456"), ...choose("CovenantChat1")])

    expect(answers.map(({ error }) => error?.code)).toEqual([400, 400, 400, 400, 400, 400])
    expect(answers[0]?.error?.issues).toMatchObject([{ path: "password" }])
    expectData(await login(app, "password"))
  })
})
