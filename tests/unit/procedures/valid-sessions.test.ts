import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { findOpenSession } from "../../../src/features/accounts/open-session.ts"
import { sessionRenewals } from "../../../src/features/accounts/session-renewals.ts"
import { Sessions } from "../../../src/features/accounts/sessions.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { changeRows, readRows } from "../../support/test-database.ts"

// Passwords are checked slowly on purpose.
setDefaultTimeout(60_000)

describe("a valid session", () => {
  const asBob = { body: { username: "bob", password: "password" }, returnHeaders: true } as const

  test("is found without better-auth, by its token and by its cookie", async () => {
    using app = await createTestChat()
    const { sessions, asked } = countingSessions(app)
    const { headers } = await (await app.chat.auth()).api.signInUsername(asBob)
    const cookie = headers.getSetCookie()[0]?.split(";")[0] ?? ""

    const byToken = await sessions.find(new Headers({ authorization: `Bearer ${app.cast.bob.token}` }))
    const byCookie = await sessions.find(new Headers({ cookie }))

    expect([byToken, byCookie].map((viewer) => viewer?.username)).toEqual(["bob", "bob"])
    expect(byToken?.sessionId).not.toBe(byCookie?.sessionId as string)
    expect(asked()).toBe(0)
  })

  test("is not opened by a cookie that is not signed for it, or not for this place", async () => {
    using app = await createTestChat()
    const { sessions, asked } = countingSessions(app)
    const { headers } = await (await app.chat.auth()).api.signInUsername(asBob)
    const cookie = headers.getSetCookie()[0]?.split(";")[0] ?? ""
    const other = cookie.replace(/=\w+/, `=${app.cast.bob.token}`)
    expect(other).not.toBe(cookie)

    for (const wrong of [other, cookie.slice(0, cookie.lastIndexOf(".")), `__Secure-${cookie}`])
      expect(await sessions.find(new Headers({ cookie: wrong }))).toBeNull()

    expect(asked()).toBe(3)
  })

  test("is left to better-auth when it expires soon, or has expired", async () => {
    using app = await createTestChat()
    const { sessions, asked } = countingSessions(app)
    const { bob, alice } = app.cast
    const soon = Date.now() + 60_000
    await expire(app, bob, soon)
    await expire(app, alice, 1000)

    const renewed = await sessions.find(headersOf(bob))
    const expired = await sessions.find(headersOf(alice))

    expect([renewed?.username, expired]).toEqual(["bob", null])
    expect(asked()).toBe(2)
    expect(await expiryOf(app, bob)).toBeGreaterThan(soon)
    expect(await expiryOf(app, alice)).toBeUndefined()
  })

  test("is renewed after its use once it is due, many in one commit", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const { sessions, workers, commits } = app.chat
    const [due, fresh] = [daysFromNow(28), daysFromNow(29.5)]
    for (const person of [alice, bob]) await expire(app, person, due)
    await expire(app, mallory, fresh)
    sessions.clear()
    let committed = 0
    commits.onCommit = () => committed++

    const found = await Promise.all([alice, bob, mallory].map((person) => sessions.find(headersOf(person))))
    expect(await expiryOf(app, alice)).toBe(due) // nobody waits for it
    await workers.get(sessionRenewals).write()

    expect(found.map((viewer) => viewer?.username)).toEqual(["alice", "bob", "mallory"])
    expect(committed).toBe(1)
    for (const person of [alice, bob]) {
      expect(await expiryOf(app, person)).toBeGreaterThan(daysFromNow(29.9))
      const [session] = expectData(await person.client.query("getSessions", null))
      expect(session?.updatedAt.getTime()).toBeGreaterThan(Date.now() - 60_000)
    }
    expect(await expiryOf(app, mallory)).toBe(fresh)
  })

  test("is not renewed when it has ended meanwhile", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    for (const person of [alice, bob]) await expire(app, person, daysFromNow(28))
    app.chat.sessions.clear()
    for (const person of [alice, bob]) expect(await app.chat.sessions.find(headersOf(person))).not.toBeNull()

    await expire(app, alice, 1000)
    expectData(await bob.client.mutate("logout", null))
    await app.chat.workers.get(sessionRenewals).write()

    expect(await expiryOf(app, alice)).toBe(1000)
    expect(await expiryOf(app, bob)).toBeUndefined()
  })

  test("is not cached when it ended while what is cached with it was read", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const sessions = new Sessions({
      auth: app.chat.auth,
      openSession: (credential) => findOpenSession(app.chat.db, app.chat.config, credential, Date.now()),
      openBot: async () => undefined,
      async personalOf() {
        await changeRows(app.database, `delete from sessions where token = '${bob.token}'`)
        sessions.forget({ userId: bob.id })
        return {}
      },
    })

    expect(await sessions.find(headersOf(bob))).toBeNull()
  })
})

const headersOf = ({ token }: Person) => new Headers({ authorization: `Bearer ${token}` })
const daysFromNow = (days: number) => Date.now() + days * 24 * 3_600_000

async function expire({ database }: TestChat, { token }: Person, at: number): Promise<void> {
  await changeRows(database, `update sessions set expires_at = ${at} where token = '${token}'`)
}

/** When somebody's session expires; `undefined` without one. */
async function expiryOf({ database }: TestChat, { token }: Person): Promise<unknown> {
  const [row] = await readRows(database, `select expires_at from sessions where token = '${token}'`)
  return row?.expires_at
}

/** The sessions of a chat, and how often better-auth was asked about them. */
function countingSessions({ chat }: TestChat) {
  let asked = 0
  const sessions = new Sessions({
    auth: () => {
      asked++
      return chat.auth()
    },
    openSession: (credential) => findOpenSession(chat.db, chat.config, credential, Date.now()),
    openBot: async () => undefined,
  })
  return { sessions, asked: () => asked }
}
