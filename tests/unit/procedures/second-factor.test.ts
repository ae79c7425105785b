import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { eq } from "drizzle-orm"
import { accounts, sessions } from "../../../drizzle/schema.ts"
import { totpCode } from "../../../src/features/second-factor/totp.ts"
import { administrate } from "../../support/administrators.ts"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { appCode, appSecret, codes, loginAsBob, password, putFactor } from "../../support/second-factors.ts"
import { isStored, readRows } from "../../support/test-database.ts"

// Passwords are checked slowly on purpose.
setDefaultTimeout(30_000)

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
    expect((await loginAsBob(app)).success).toBe(true) // nothing is on yet
    const code = totpCode(secret, Math.floor(Date.now() / 30_000))
    const wrong = code === "000000" ? "000001" : "000000"

    const refused = await client.mutate("confirmAuthenticator", { code: wrong })
    const { backupCodes } = expectData(await client.mutate("confirmAuthenticator", { code }))

    expect(refused.error).toMatchObject({ code: 400, issues: [{ path: "code" }] })
    expect(new Set(backupCodes).size).toBe(10)
    expect((await loginAsBob(app)).error).toMatchObject({ code: 403, issues: [{ path: "code" }] })
    // The first code is used up, like every other.
    expect((await loginAsBob(app, { code })).error?.code).toBe(403)
    expect((await loginAsBob(app, { code: backupCodes[0] })).success).toBe(true)
    expect((await loginAsBob(app, { code: backupCodes[0] })).error?.code).toBe(403)
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
    expect((await loginAsBob(app)).error?.code).toBe(403) // it is on
    expectData(await client.mutate("removeAuthenticator", { password, code: appCode() }))

    expect((await loginAsBob(app)).success).toBe(true)
    for (const table of ["totp_secrets", "recovery_codes where purpose = 'factor'", "trusted_devices"])
      expect([table, await readRows(app.database, `select * from ${table}`)]).toEqual([table, []])
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
    expect((await loginAsBob(app)).error?.code).toBe(403)

    expectData(await alice.client.mutate("removeSecondFactor", { userId: bob.id, reason: "Lost phone" }))

    expect((await bob.client.query("getServers", null)).error?.code).toBe(401)
    expect((await loginAsBob(app)).success).toBe(true)
    const { entries } = expectData(await alice.client.query("getInstanceLog", {}))
    expect(entries[0]).toMatchObject({
      action: "person.removeFactor",
      targetName: "bob",
      reason: "Lost phone",
    })
    expect(expectData(await alice.client.query("getPersonSessions", { userId: bob.id }))).toHaveLength(1)
  })
})
