import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { sessions } from "../../../drizzle/schema.ts"
import { clientOf, createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { SoftwarePasskey } from "../../support/passkeys.ts"
import { readRows } from "../../support/test-database.ts"

// Passwords are checked slowly on purpose.
setDefaultTimeout(30_000)

const origin = "https://chat.example.org"
const create = () => createTestChat({ PUBLIC_URL: origin })
const challengeIn = (options: string) => JSON.parse(options).challenge as string

/** Adds a passkey; its backup codes. */
async function add({ client }: Person, passkey: SoftwarePasskey): Promise<string[]> {
  const { step, options } = expectData(await client.mutate("beginPasskey", null))
  const response = passkey.create({ origin, challenge: challengeIn(options) })
  return expectData(await client.mutate("addPasskey", { step, name: "Phone", response })).backupCodes
}

/** Begins a sign-in; `finish` sends what a passkey answers. */
async function begin(app: TestChat) {
  const client = clientOf(app.chat)
  const { step, options } = expectData(await client.mutate("beginPasskeyLogin", { loginStep: null }))
  return {
    challenge: challengeIn(options),
    finish: (response: string) => client.mutate("loginWithPasskey", { step, response }),
  }
}

describe("a passkey", () => {
  test("signs in by itself, and makes the password alone worth nothing", async () => {
    using app = await create()
    const { bob } = app.cast
    const passkey = new SoftwarePasskey()

    const codes = await add(bob, passkey)
    const { challenge, finish } = await begin(app)
    const signedIn = await finish(passkey.get({ origin, challenge }))

    expect(codes).toHaveLength(10)
    expect(signedIn.data).toEqual({ token: expect.any(String), userId: bob.id, username: "bob" })
    expect((await clientOf(app.chat, signedIn.data?.token).query("getServers", null)).success).toBe(true)
    const login = (code?: string) =>
      clientOf(app.chat).mutate("login", { username: "bob", password: "password", code })
    expect((await login()).error).toMatchObject({ code: 403, issues: [{ path: "code" }] })
    expect((await login(codes[0])).success).toBe(true)
    const [listed] = expectData(await bob.client.query("getPasskeys", null))
    expect(listed).toMatchObject({ name: "Phone", lastUsedAt: expect.any(Date) })
  })

  test("is renamed and removed by its owner alone; with the last one the second factor ends", async () => {
    using app = await create()
    const { bob, mallory } = app.cast
    const passkey = new SoftwarePasskey()
    await add(bob, passkey)
    const [{ id = "" } = {}] = expectData(await bob.client.query("getPasskeys", null))
    expect((await mallory.client.mutate("renamePasskey", { id, name: "Mine" })).error?.code).toBe(404)
    expect((await mallory.client.mutate("removePasskey", { id })).error?.code).toBe(404)
    expectData(await bob.client.mutate("renamePasskey", { id, name: "Laptop" }))
    expect(expectData(await bob.client.query("getPasskeys", null))).toMatchObject([{ name: "Laptop" }])

    expectData(await bob.client.mutate("removePasskey", { id }))

    const { challenge, finish } = await begin(app)
    expect((await finish(passkey.get({ origin, challenge }))).error?.code).toBe(401)
    const login = await clientOf(app.chat).mutate("login", { username: "bob", password: "password" })
    expect(login.success).toBe(true)
  })
})

test("confirms its owner, and no other user's does", async () => {
  using app = await create()
  const { bob, mallory } = app.cast
  const [bobs, mallorys] = [new SoftwarePasskey(), new SoftwarePasskey()]
  await add(bob, bobs)
  await add(mallory, mallorys)
  const long = { createdAt: new Date(Date.now() - 3_600_000), confirmedAt: null }
  await app.chat.commits.decide((tx) => tx.update(sessions).set(long).run())
  const ask = async () => {
    const { step, options } = expectData(await bob.client.mutate("beginPasskeyConfirmation", null))
    const confirm = (response: string) => bob.client.mutate("confirmByPasskey", { step, response })
    return { challenge: challengeIn(options), confirm }
  }
  expect((await bob.client.mutate("beginPasskey", null)).error?.code).toBe(403)

  const forged = await ask()
  const hers = mallorys.get({ origin, challenge: forged.challenge })
  expect((await forged.confirm(hers)).error?.code).toBe(401)
  // A challenge to sign in confirms nothing, nor does somebody else's session.
  const login = expectData(await bob.client.mutate("beginPasskeyLogin", { loginStep: null }))
  const response = bobs.get({ origin, challenge: challengeIn(login.options) })
  const inPlace = await bob.client.mutate("confirmByPasskey", { step: login.step, response })
  expect(inPlace.error?.code).toBe(401)
  expect((await bob.client.mutate("beginPasskey", null)).error?.code).toBe(403)

  const { challenge, confirm } = await ask()
  const answer = bobs.get({ origin, challenge })
  expectData(await confirm(answer))

  expect((await bob.client.mutate("beginPasskey", null)).success).toBe(true)
  expect((await mallory.client.mutate("beginPasskey", null)).error?.code).toBe(403)
  expect((await confirm(answer)).error?.code).toBe(401)
})

describe("an answer is refused", () => {
  const evil = "https://chat.example.org.evil.example"
  const wrong: [why: string, answer: (passkey: SoftwarePasskey, challenge: string) => string][] = [
    ["of another site", (passkey, challenge) => passkey.get({ origin: evil, challenge })],
    ["to another challenge", (passkey) => passkey.get({ origin, challenge: "b3RoZXI" })],
    [
      "without a proof of the person",
      (passkey, challenge) => passkey.get({ origin, challenge, isUnverified: true }),
    ],
    ["of an unknown passkey", (_, challenge) => new SoftwarePasskey().get({ origin, challenge })],
    [
      "that names a known one",
      (passkey, challenge) => {
        const forged = JSON.parse(new SoftwarePasskey().get({ origin, challenge }))
        return JSON.stringify({ ...forged, id: passkey.id, rawId: passkey.id })
      },
    ],
    ["that is none", () => '{"id": 1}'],
    ["that is no JSON", () => "{"],
  ]

  test("with the same words for every error", async () => {
    using app = await create()
    const passkey = new SoftwarePasskey()
    await add(app.cast.bob, passkey)
    const before = await readRows(app.database, "select * from sessions")

    for (const [why, answer] of wrong) {
      const { challenge, finish } = await begin(app)
      const { error } = await finish(answer(passkey, challenge))
      const message = "This passkey does not work here. Log in another way"
      expect([why, error]).toEqual([why, { code: 401, message }])
    }

    expect(await readRows(app.database, "select * from sessions")).toEqual(before)
    const { challenge, finish } = await begin(app)
    expect((await finish(passkey.get({ origin, challenge }))).success).toBe(true)
  })

  test("when it is sent twice, or its counter goes back", async () => {
    using app = await create()
    const passkey = new SoftwarePasskey()
    await add(app.cast.bob, passkey)
    const first = await begin(app)
    const answer = passkey.get({ origin, challenge: first.challenge, counter: 5 })
    expect((await first.finish(answer)).success).toBe(true)

    const again = await first.finish(answer)
    const copied = await begin(app)
    const behind = await copied.finish(passkey.get({ origin, challenge: copied.challenge, counter: 5 }))

    expect(again.error?.code).toBe(401)
    expect(behind.error?.code).toBe(401)
  })

  test("to somebody else's step, for adding and for the second factor", async () => {
    using app = await create()
    const { bob, mallory } = app.cast
    const [bobs, mallorys] = [new SoftwarePasskey(), new SoftwarePasskey()]
    await add(bob, bobs)
    await add(mallory, mallorys)
    const { step, options } = expectData(await bob.client.mutate("beginPasskey", null))
    const response = new SoftwarePasskey().create({ origin, challenge: challengeIn(options) })

    const stolen = await mallory.client.mutate("addPasskey", { step, name: "Hers", response })
    const login = new Headers()
    const inputs = { username: "bob", password: "password" }
    await app.chat.server.call("login", inputs, { headers: new Headers(), url: "" }, login)
    const loginStep = login.get("set-cookie")?.match(/login_step=([^;]+)/)?.[1]
    const client = clientOf(app.chat)
    const factor = expectData(await client.mutate("beginPasskeyLogin", { loginStep: loginStep ?? null }))
    expect(JSON.parse(factor.options).allowCredentials).toMatchObject([{ id: bobs.id }])
    const challenge = challengeIn(factor.options)
    const finish = (passkey: SoftwarePasskey) =>
      client.mutate("loginWithPasskey", { step: factor.step, response: passkey.get({ origin, challenge }) })

    expect(stolen.error?.code).toBe(404)
    expect((await finish(mallorys)).error?.code).toBe(401)
    expect((await finish(bobs)).data?.username).toBe("bob")
  })
})
