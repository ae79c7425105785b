import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { tokenHash } from "../../../src/features/token-hash.ts"
import { clientOf, createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { appCode, codes, loginAsBob, password, putFactor } from "../../support/second-factors.ts"
import { isStored, readRows } from "../../support/test-database.ts"

// Passwords are checked slowly on purpose.
setDefaultTimeout(30_000)

/** Calls a procedure with cookies; its result, and the cookies that it set. */
async function withCookies(app: TestChat, name: "login" | "completeLogin", inputs: object, cookie = "") {
  const set = new Headers()
  const headers = new Headers({ cookie, "user-agent": "curl/8.5.0" })
  const result = await app.chat.server.call(name, inputs as never, { headers, url: "" }, set)
  const cookies = new Map(
    set.getSetCookie().map((one) => one.split(";")[0]?.split(/=(.*)/s) as [string, string]),
  )
  return { result, cookies, all: set.getSetCookie() }
}

describe("signing in with a second factor", () => {
  test("needs a code, and is not revealed without the password", async () => {
    using app = await createTestChat()
    await putFactor(app.chat, { userId: app.cast.bob.id })
    const before = await readRows(app.database, "select * from sessions")

    const wrongPassword = await loginAsBob(app, { password: "guess", code: appCode() })
    const missing = await loginAsBob(app)
    const wrong = await loginAsBob(app, { code: "12345" })

    expect(wrongPassword.error).toEqual({ code: 401, message: "Wrong username or password" })
    const message = "Enter the code of your authenticator app"
    expect(missing.error).toEqual({ code: 403, message, issues: [{ path: "code", message }] })
    expect(wrong.error).toMatchObject({ code: 403, issues: [{ path: "code" }] })
    expect(await readRows(app.database, "select * from sessions")).toEqual(before)
    expect((await loginAsBob(app, { code: appCode() })).success).toBe(true)
  })

  test("takes a code of the step before or after, each once, also of two at the same time", async () => {
    using app = await createTestChat()
    await putFactor(app.chat, { userId: app.cast.bob.id })
    expect((await loginAsBob(app, { code: appCode(-3) })).error?.code).toBe(403)
    expect((await loginAsBob(app, { code: appCode(3) })).error?.code).toBe(403)

    const both = await Promise.all([
      loginAsBob(app, { code: appCode(1) }),
      loginAsBob(app, { code: appCode(1) }),
    ])

    expect(both.map(({ error }) => error?.code ?? 200).sort()).toEqual([200, 403])
    // What is older than a code that was used is over, too.
    expect((await loginAsBob(app, { code: appCode() })).error?.code).toBe(403)
  })

  test("too many wrong codes close it to right ones, from everywhere, and not to others", async () => {
    using app = await createTestChat({ RATE_LIMIT_LOGINS: "100/10m" })
    const { bob, alice } = app.cast
    await putFactor(app.chat, { userId: bob.id, codes })
    for (let count = 0; count < 10; count++)
      expect((await loginAsBob(app, { code: "1" })).error?.code).toBe(403)

    const right = await loginAsBob(app, { code: codes[0] })
    const other = await clientOf(app.chat).mutate("login", { username: alice.username, password })

    expect(right.error?.code).toBe(429)
    expect(other.success).toBe(true)
  })

  test("in two steps: the fifth wrong code ends it, a right one works once", async () => {
    using app = await createTestChat()
    await putFactor(app.chat, { userId: app.cast.bob.id, codes })
    const begin = async () => {
      const { cookies, all } = await withCookies(app, "login", { username: "bob", password })
      expect(all[0]).toContain("HttpOnly; SameSite=Lax")
      return cookies.get("covenant.login_step") ?? ""
    }
    const [first, second] = [await begin(), await begin()]
    const complete = async (step: string, code: string) =>
      (await withCookies(app, "completeLogin", { step, code })).result.error?.code ?? 200

    const wrong: number[] = []
    for (let count = 0; count < 5; count++) wrong.push(await complete(first, "1"))

    expect(wrong).toEqual([403, 403, 403, 403, 401])
    expect(await complete(first, codes[0] ?? "")).toBe(401)
    expect(await isStored(app.database, second)).toBe(false)
    expect(await complete(second, codes[0] ?? "")).toBe(200)
    expect(await complete(second, codes[1] ?? "")).toBe(401)
    expect(await complete("", codes[1] ?? "")).toBe(401)
  })

  test("a changed password ends the step and trusted devices", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    await putFactor(app.chat, { userId: bob.id, codes })
    const { cookies } = await withCookies(app, "login", { username: "bob", password })
    const step = cookies.get("covenant.login_step") ?? ""
    const change = { currentPassword: password, newPassword: "correct horse" }
    const trusted = await withCookies(app, "login", {
      ...{ username: "bob", password, code: codes[1], trustDevice: true },
    })
    const [name = "", value] = [...trusted.cookies].find(([one]) => one.includes("device")) ?? []
    const withDevice = (given: string) =>
      withCookies(app, "login", { username: "bob", password: given }, `${name}=${value}`)
    expect((await withDevice(password)).result.success).toBe(true)
    expect((await withCookies(app, "login", { username: "bob", password })).result.error?.code).toBe(403)

    expectData(await bob.client.mutate("changePassword", change))

    const late = await withCookies(app, "completeLogin", { step, code: codes[0] })
    expect(late.result.error?.code).toBe(401)
    expect((await withDevice("correct horse")).result.error?.code).toBe(403)
  })

  test("a trusted device is listed, and can be trusted no longer", async () => {
    using app = await createTestChat()
    const { bob, mallory } = app.cast
    await putFactor(app.chat, { userId: bob.id, codes, deviceId: tokenHash("a cookie") })
    const { trustedDevices } = expectData(await bob.client.query("getSecondFactor", null))
    const id = trustedDevices[0]?.id ?? ""
    expect(trustedDevices).toMatchObject([{ userAgent: "curl/8.5.0", isCurrent: false }])
    const cookie = `covenant.device_${bob.id.slice(0, 8)}=a cookie`
    const signIn = () => withCookies(app, "login", { username: "bob", password }, cookie)
    expect((await signIn()).result.success).toBe(true)

    // A device trusted by somebody else is not trusted here, under any name of the cookie.
    await putFactor(app.chat, { userId: mallory.id, deviceId: tokenHash("hers") })
    const hers = cookie.replace("a cookie", "hers")
    const byHers = await withCookies(app, "login", { username: "bob", password }, hers)
    expect(byHers.result.error?.code).toBe(403)
    expect((await mallory.client.mutate("revokeTrustedDevice", { id })).error?.code).toBe(404)
    expectData(await bob.client.mutate("revokeTrustedDevice", { id }))

    expect((await signIn()).result.error?.code).toBe(403)
  })
})
