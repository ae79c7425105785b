import { describe, expect, setDefaultTimeout, test } from "bun:test"
import type { Chat } from "../../../src/chat.ts"
import { loginLimit } from "../../../src/features/accounts/limits.ts"
import { Sessions } from "../../../src/features/accounts/sessions.ts"
import { clientOf, createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { whileSigningIn } from "../../support/signing-in.ts"
import { changeRows, readRows } from "../../support/test-database.ts"

// Passwords are checked slowly on purpose.
setDefaultTimeout(60_000)

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"

describe("the list of sessions", () => {
  test("says what each was called and where it came from, and which one asks", async () => {
    using app = await createTestChat()
    const token = await signIn(app.chat, "bob", { "user-agent": firefox, "x-client-address": "10.1.2.3" })

    const sessions = expectData(await clientOf(app.chat, token).query("getSessions", null))

    expect(sessions).toHaveLength(2)
    expect(sessions.find(({ isCurrent }) => isCurrent)).toEqual({
      id: expect.any(String),
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
      userAgent: firefox,
      ipAddress: "10.1.2.3",
      isCurrent: true,
    })
    expect(JSON.stringify(sessions)).not.toContain(token)
  })

  test("keeps no more of a long name than is needed", async () => {
    using app = await createTestChat()
    const token = await signIn(app.chat, "bob", { "user-agent": "x".repeat(10_000) })

    const sessions = expectData(await clientOf(app.chat, token).query("getSessions", null))

    expect(sessions.find(({ isCurrent }) => isCurrent)?.userAgent).toBe("x".repeat(400))
  })

  test("lists own sessions only, and no expired ones", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const token = await signIn(app.chat, "bob", {})
    await changeRows(app.database, `update sessions set expires_at = 1000 where token = '${bob.token}'`)

    const ofBob = expectData(await clientOf(app.chat, token).query("getSessions", null))
    const ofAlice = expectData(await alice.client.query("getSessions", null))

    expect([ofBob.length, ofAlice.length]).toEqual([1, 1])
    expect(ofAlice[0]?.id).not.toBe(ofBob[0]?.id as string)
  })

  test("shows them all: one more than it has room for ends the one that was not used for longest", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [ofAlice, ofBob] = [await listen(alice, app.room), await listen(bob, app.room)]
    await ofAlice.send("before")
    expect(ofBob.heard).toHaveLength(1)
    await changeRows(app.database, "update sessions set updated_at = 1000")
    const row = (index: number, expiresAt: number) =>
      `('s${index}', 't${index}', '${bob.id}', ${expiresAt}, ${Date.now()}, ${Date.now()})`
    const open = Array.from({ length: 199 }, (_, index) => row(index, Date.now() + 3_600_000))
    const expired = Array.from({ length: 10 }, (_, index) => row(1000 + index, 1000))
    await changeRows(
      app.database,
      `insert into sessions (id, token, user_id, expires_at, created_at, updated_at) values ${[...open, ...expired]}`,
    )

    const token = await signIn(app.chat, "bob", {})

    await ofAlice.send("after")
    expect([ofAlice.heard.length, ofBob.heard.length]).toEqual([2, 1])
    expect((await bob.client.query("getSessions", null)).error?.code).toBe(401)
    expect((await alice.client.query("getSessions", null)).data).toHaveLength(1)
    expect(expectData(await clientOf(app.chat, token).query("getSessions", null))).toHaveLength(200)
    expect(await readRows(app.database, `select id from sessions where user_id = '${bob.id}'`)).toHaveLength(
      200,
    )
  })

  test("holds none that was made by the right password of too many guesses", async () => {
    using app = await createTestChat({ RATE_LIMIT_LOGINS: "1/10m" })
    const { bob } = app.cast
    whileSigningIn(async () => app.chat.limits.get(loginLimit).count("account bob"))

    const login = await clientOf(app.chat).mutate("login", { username: "bob", password: "password" })

    expect(login.error?.code).toBe(429)
    expect((await bob.client.query("getSessions", null)).data).toHaveLength(1)
  })
})

describe("ending a session", () => {
  test("ends its token and its connections only", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const [phone, here] = [await deviceOf(app), await listen(bob, app.room)]
    const [there] = [await listen(phone, app.room)]
    await here.send("before")
    expect([here.heard.length, there.heard.length]).toEqual([1, 1])

    const result = await bob.client.mutate("revokeSession", { sessionId: phone.sessionId })
    await here.send("after")

    expect(result).toMatchObject({ success: true, resources: [`sessions/user/${bob.id}`] })
    expect([here.heard.length, there.heard.length]).toEqual([2, 1])
    expect((await phone.client.query("getServers", null)).error?.code).toBe(401)
    expect((await bob.client.query("getSessions", null)).data).toHaveLength(1)
  })

  test("of another user is not found", async () => {
    using app = await createTestChat()
    const { alice, mallory } = app.cast
    const [ofAlice] = expectData(await alice.client.query("getSessions", null))

    const foreign = await mallory.client.mutate("revokeSession", { sessionId: ofAlice?.id ?? "" })
    const none = await mallory.client.mutate("revokeSession", { sessionId: "none" })

    expect(foreign.error).toEqual({ code: 404, message: "There is no such session" })
    expect(none).toEqual(foreign)
    expect((await alice.client.query("getServers", null)).success).toBe(true)
  })

  test("all others at once leaves the one that asks, and other people alone", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const others = [await deviceOf(app), await deviceOf(app)]
    const heard = await Promise.all(others.map((device) => listen(device, app.room)))
    const [alices, bobs] = [await listen(alice, app.room), await listen(bob, app.room)]

    expectData(await bob.client.mutate("revokeOtherSessions", null))
    await alices.send("after")

    expect(heard.map((device) => device.heard.length)).toEqual([0, 0])
    expect([alices.heard.length, bobs.heard.length]).toEqual([1, 1])
    for (const { client } of others) expect((await client.query("getServers", null)).error?.code).toBe(401)
    expect((await bob.client.query("getSessions", null)).data).toMatchObject([{ isCurrent: true }])
  })

  test("while it is being looked up does not let it in once more", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const phone = await deviceOf(app)
    const auth = await app.chat.auth()
    let isFirst = true
    const getSession = async (asked: { headers: Headers }) => {
      const found = await auth.api.getSession(asked)
      if (isFirst) await bob.client.mutate("revokeSession", { sessionId: phone.sessionId })
      if (isFirst) sessions.forget({ sessionId: phone.sessionId })
      isFirst = false
      return found
    }
    const sessions = new Sessions({
      auth: async () => ({ ...auth, api: { ...auth.api, getSession } }) as never,
      openBot: async () => undefined,
    })

    const found = await sessions.find(new Headers({ authorization: `Bearer ${phone.token}` }))

    expect(isFirst).toBe(false)
    expect(found).toBeNull()
  })
})

async function signIn(chat: Chat, username: string, headers: Record<string, string>): Promise<string> {
  const call = { headers: new Headers(headers), url: "" }
  return expectData(await chat.server.call("login", { username, password: "password" }, call)).token
}

/** One more device on which bob is signed in. */
async function deviceOf({ chat, cast: { bob } }: TestChat) {
  const token = await signIn(chat, "bob", {})
  const client = clientOf(chat, token)
  const sessions = expectData(await client.query("getSessions", null))
  return { ...bob, client, token, sessionId: sessions.find(({ isCurrent }) => isCurrent)?.id ?? "" }
}
