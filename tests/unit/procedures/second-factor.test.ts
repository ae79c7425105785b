import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { eq } from "drizzle-orm"
import { accounts, sessions } from "../../../drizzle/schema.ts"
import { totpCode } from "../../../src/features/second-factor/totp.ts"
import { tokenHash } from "../../../src/features/token-hash.ts"
import { administrate } from "../../support/administrators.ts"
import { clientOf, createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { appCode, appSecret, putFactor } from "../../support/second-factors.ts"
import { isStored, readRows } from "../../support/test-database.ts"

// Passwords are checked slowly on purpose.
setDefaultTimeout(30_000)

const password = "password"
const codes = ["aaaa-bbbb-cccc-dddd", "eeee-ffff-gggg-hhhh"]

const login = (app: TestChat, fields: { code?: string; password?: string; trustDevice?: boolean } = {}) =>
  clientOf(app.chat).mutate("login", { username: "bob", password, ...fields })

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

test("codes are those of RFC 6238", () => {
  // Appendix B, SHA-1: the last six of eight digits.
  for (const [seconds, code] of [
    [59, "287082"],
    [1111111109, "081804"],
    [2000000000, "279037"],
    [20000000000, "353130"],
  ] as const)
    expect(totpCode(appSecret, Math.floor(seconds / 30))).toBe(code)
})

describe("setting up an app", () => {
  test("needs the password and a first code, and gives ten codes once", async () => {
    using app = await createTestChat()
    const { client, id } = app.cast.bob
    expect((await client.mutate("beginAuthenticator", { password: "guess" })).error?.code).toBe(403)
    expect((await client.mutate("beginAuthenticator", {})).error?.code).toBe(403)
    const { secret, uri } = expectData(await client.mutate("beginAuthenticator", { password }))
    expect(uri).toStartWith(`otpauth://totp/Covenant%20Chat:bob?secret=${secret}&issuer=Covenant%20Chat`)
    expect((await login(app)).success).toBe(true) // nothing is on yet
    const code = totpCode(secret, Math.floor(Date.now() / 30_000))
    const wrong = code === "000000" ? "000001" : "000000"

    const refused = await client.mutate("confirmAuthenticator", { code: wrong })
    const { backupCodes } = expectData(await client.mutate("confirmAuthenticator", { code }))

    expect(refused.error).toMatchObject({ code: 400, issues: [{ path: "code" }] })
    expect(new Set(backupCodes).size).toBe(10)
    expect((await login(app)).error).toMatchObject({ code: 403, issues: [{ path: "code" }] })
    // The first code is used up, like every other.
    expect((await login(app, { code })).error?.code).toBe(403)
    expect((await login(app, { code: backupCodes[0] })).success).toBe(true)
    expect((await login(app, { code: backupCodes[0] })).error?.code).toBe(403)
    for (const kept of [secret, backupCodes[1] ?? "", (backupCodes[1] ?? "").replaceAll("-", "")])
      expect(await isStored(app.database, kept)).toBe(false)
    expect((await client.mutate("beginAuthenticator", { password })).error?.code).toBe(409)
    expect(await readRows(app.database, `select * from totp_secrets where user_id = '${id}'`)).toHaveLength(1)
  })

  test("is undone by the password and a code, with all that belongs to it", async () => {
    using app = await createTestChat()
    const { client, id } = app.cast.bob
    await putFactor(app.chat, { userId: id, codes, deviceId: "a browser" })

    const noPassword = await client.mutate("removeAuthenticator", { password: "guess", code: appCode() })
    const noCode = await client.mutate("removeAuthenticator", { password, code: "123" })
    expect([noPassword.error?.code, noCode.error?.code]).toEqual([403, 403])
    expect((await login(app)).error?.code).toBe(403) // it is on
    expectData(await client.mutate("removeAuthenticator", { password, code: appCode() }))

    expect((await login(app)).success).toBe(true)
    for (const table of ["totp_secrets", "recovery_codes where purpose = 'factor'", "trusted_devices"])
      expect([table, await readRows(app.database, `select * from ${table}`)]).toEqual([table, []])
  })
})

describe("signing in with a second factor", () => {
  test("needs a code, and is not revealed without the password", async () => {
    using app = await createTestChat()
    await putFactor(app.chat, { userId: app.cast.bob.id })
    const before = await readRows(app.database, "select * from sessions")

    const wrongPassword = await login(app, { password: "guess", code: appCode() })
    const missing = await login(app)
    const wrong = await login(app, { code: "12345" })

    expect(wrongPassword.error).toEqual({ code: 401, message: "Wrong username or password" })
    const message = "Enter the code of your authenticator app"
    expect(missing.error).toEqual({ code: 403, message, issues: [{ path: "code", message }] })
    expect(wrong.error).toMatchObject({ code: 403, issues: [{ path: "code" }] })
    expect(await readRows(app.database, "select * from sessions")).toEqual(before)
    expect((await login(app, { code: appCode() })).success).toBe(true)
  })

  test("takes a code of the step before or after, each once, also of two at the same time", async () => {
    using app = await createTestChat()
    await putFactor(app.chat, { userId: app.cast.bob.id })
    expect((await login(app, { code: appCode(-3) })).error?.code).toBe(403)
    expect((await login(app, { code: appCode(3) })).error?.code).toBe(403)

    const both = await Promise.all([login(app, { code: appCode(1) }), login(app, { code: appCode(1) })])

    expect(both.map(({ error }) => error?.code ?? 200).sort()).toEqual([200, 403])
    // What is older than a code that was used is over, too.
    expect((await login(app, { code: appCode() })).error?.code).toBe(403)
  })

  test("too many wrong codes close it to right ones, from everywhere, and not to others", async () => {
    using app = await createTestChat({ RATE_LIMIT_LOGINS: "100/10m" })
    const { bob, alice } = app.cast
    await putFactor(app.chat, { userId: bob.id, codes })
    for (let count = 0; count < 10; count++) expect((await login(app, { code: "1" })).error?.code).toBe(403)

    const right = await login(app, { code: codes[0] })
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

describe("confirming who one is", () => {
  const ago = (app: TestChat, token: string, minutes: number) =>
    app.chat.commits.decide((tx) =>
      tx
        .update(sessions)
        .set({ createdAt: new Date(Date.now() - minutes * 60_000), confirmedAt: null })
        .where(eq(sessions.token, token))
        .run(),
    )

  test("is needed ten minutes after the sign-in, by the password or a code", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    await administrate(app.chat, alice.id)
    await putFactor(app.chat, { userId: alice.id, codes })
    const end = () => alice.client.mutate("endPersonSessions", { userId: bob.id })
    await ago(app, alice.token, 9)
    expectData(await end())
    await ago(app, alice.token, 11)

    const late = await end()
    expect(late.error).toMatchObject({ code: 403, issues: [{ path: "confirmation" }] })
    expect((await alice.client.mutate("renewBackupCodes", null)).error?.code).toBe(403)
    expect((await alice.client.mutate("setSecondFactorRule", { needsSecondFactor: true })).error?.code).toBe(
      403,
    )
    expect((await alice.client.mutate("updateLook", { name: "Mine" })).error?.code).toBe(403)
    expect((await alice.client.mutate("removeInstanceIcon", null)).error?.code).toBe(403)
    const offer = { serverId: app.lab.id, userId: bob.id, name: "Lab" }
    expect((await alice.client.mutate("transferServer", offer)).error?.code).toBe(403)
    // What other programs have always done needs none.
    expect((await alice.client.query("getAllPeople", {})).success).toBe(true)
    expect((await alice.client.mutate("renameServer", { serverId: app.lab.id, name: "L" })).success).toBe(
      true,
    )
    for (const wrong of [{ password: "guess" }, { code: "1" }, {}])
      expect((await alice.client.mutate("confirmIdentity", wrong)).success).toBe(false)
    expect((await end()).error?.code).toBe(403)

    expectData(await alice.client.mutate("confirmIdentity", { code: codes[0] }))
    expectData(await end())
    await app.chat.commits.decide((tx) => tx.update(sessions).set({ confirmedAt: null }).run())
    expect((await end()).error?.code).toBe(403)
    expectData(await alice.client.mutate("confirmIdentity", { password }))
    expectData(await end())
  })
})

test("who has no password needs a recent sign-in instead of one, and no password helps", async () => {
  using app = await createTestChat()
  const { bob } = app.cast
  await app.chat.commits.decide((tx) => tx.delete(accounts).where(eq(accounts.userId, bob.id)).run())
  const calls = [
    () => bob.client.mutate("changeUsername", { username: "robert" }),
    () => bob.client.mutate("renewRecoveryCode", {}),
  ]
  const long = { createdAt: new Date(Date.now() - 3_600_000), confirmedAt: null }
  await app.chat.commits.decide((tx) => tx.update(sessions).set(long).run())
  for (const call of calls)
    expect((await call()).error).toMatchObject({ code: 403, issues: [{ path: "confirmation" }] })
  expect((await bob.client.mutate("renewRecoveryCode", { password })).error?.code).toBe(403)

  await app.chat.commits.decide((tx) => tx.update(sessions).set({ confirmedAt: new Date() }).run())
  for (const call of calls) expect((await call()).success).toBe(true)

  // Who has one has to give it, however recent the sign-in is.
  expect((await app.cast.alice.client.mutate("renewRecoveryCode", {})).error?.code).toBe(403)
})

describe("administrators", () => {
  test("who need a second factor do nothing before they have one", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    await administrate(app.chat, alice.id)
    expectData(await alice.client.mutate("setSecondFactorRule", { needsSecondFactor: true }))

    const without = await alice.client.query("getAllPeople", {})
    const outsider = await bob.client.query("getAllPeople", {})
    await putFactor(app.chat, { userId: alice.id })

    expect(without.error).toMatchObject({ code: 403, issues: [{ path: "secondFactor" }] })
    expect(outsider.error?.message).toBe("Only administrators of this chat may do this")
    expect((await alice.client.query("getAllPeople", {})).success).toBe(true)
  })

  test("help who lost theirs: it is gone, with all sessions", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    await administrate(app.chat, alice.id)
    await putFactor(app.chat, { userId: bob.id, codes })
    expect((await login(app)).error?.code).toBe(403)

    expectData(await alice.client.mutate("removeSecondFactor", { userId: bob.id, reason: "Lost phone" }))

    expect((await bob.client.query("getServers", null)).error?.code).toBe(401)
    expect((await login(app)).success).toBe(true)
    const { entries } = expectData(await alice.client.query("getInstanceLog", {}))
    expect(entries[0]).toMatchObject({
      action: "person.removeFactor",
      targetName: "bob",
      reason: "Lost phone",
    })
    expect(expectData(await alice.client.query("getPersonSessions", { userId: bob.id }))).toHaveLength(1)
  })
})
