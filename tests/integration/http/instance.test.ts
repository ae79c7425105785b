import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { instanceInvitations, oneTimeLinks, users } from "../../../drizzle/schema.ts"
import { insertInvitation } from "../../../src/features/instance/invitations.ts"
import { insertLink } from "../../../src/features/instance/one-time-links.ts"
import { createSetUpPath } from "../../../src/features/instance/setting-up.ts"
import { updateInstance } from "../../../src/features/instance/store.ts"
import { isAdministrator } from "../../../src/features/permissions/administrators.ts"
import { administrate, putLink } from "../../support/administrators.ts"
import { expectData } from "../../support/chat.ts"
import { find } from "../../support/html.ts"
import { createTestServer, type TestServer, Visitor } from "../../support/server.ts"
import { changeRows, isStored } from "../../support/test-database.ts"

const production = { NODE_ENV: "production" }
const carol = { username: "carol", password: "a long password" }

/** As a form, as a call of the API, and as better-auth's own address would take it. */
const ways = {
  form: (server: TestServer, fields: Record<string, string>) =>
    server.visitor(null).post("/signup", { ...carol, ...fields }),
  call: (server: TestServer, fields: Record<string, string>) =>
    fetch(`${server.origin}/api/signUp`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...carol, ...fields }),
    }),
  "better-auth": (server: TestServer) =>
    server.visitor(null).fetch("/api/auth/sign-up/email", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...carol, name: "carol", email: "carol@users.invalid" }),
    }),
}

async function letIn(server: TestServer, registration: "open" | "invite" | "approval" | "closed") {
  await server.chat.commits.decide((tx) => updateInstance(tx, { registration }))
}

const isThere = async ({ chat }: TestServer, username: string) =>
  (await chat.db.select({ id: users.id }).from(users).where(eq(users.username, username)).get()) !== undefined

const cookieOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ")

describe("who may sign up, by each way", () => {
  const cases = [
    { mode: "open", fields: {}, form: 303, call: 200 },
    { mode: "closed", fields: {}, form: 403, call: 403 },
    { mode: "invite", fields: {}, form: 403, call: 403 },
    { mode: "invite", fields: { invitation: "guessed" }, form: 403, call: 403 },
    { mode: "approval", fields: {}, form: 400, call: 400 },
    { mode: "approval", fields: { application: "I know alice" }, form: 303, call: 200 },
    { mode: "approval", fields: { invitation: "guessed", application: "x" }, form: 403, call: 403 },
  ] as const
  test.each(cases)("$mode with $fields", async ({ mode, fields, ...expected }) => {
    for (const way of ["form", "call", "better-auth"] as const) {
      using server = await createTestServer()
      await letIn(server, mode)

      const answer = await ways[way](server, fields)

      const status = way === "better-auth" ? 404 : expected[way]
      expect([way, answer.status]).toEqual([way, status])
      expect(await isThere(server, "carol")).toBe(status < 400)
    }
  })

  test("a closed door does not say which names exist", async () => {
    using server = await createTestServer()
    for (const mode of ["closed", "invite", "approval"] as const) {
      await letIn(server, mode)

      const [taken, free] = await Promise.all(
        ["alice", "nobody"].map((username) => ways.call(server, { username }).then((it) => it.text())),
      )

      expect(taken).toBe(free as string)
    }
  })

  test("an invitation works as often as it says, and is stored hashed", async () => {
    using server = await createTestServer()
    await letIn(server, "invite")
    const invitation = { createdByName: "alice", note: "friends", expiresAt: null, maxUses: 1 }
    const { code } = await server.chat.commits.decide((tx) => insertInvitation(tx, invitation))
    const page = await (await server.visitor(null).get(`/join/${code}`)).text()
    expect(find(page, "input[name=invitation]")[0]?.attributes.value).toBe(code)

    const both = await Promise.all(
      ["carol", "dave"].map((username) => ways.form(server, { username, invitation: code })),
    )

    expect(both.map(({ status }) => status).toSorted()).toEqual([303, 403])
    expect((await server.visitor(null).get(`/join/${code}`)).status).toBe(404)
    expect(await isStored(server.database, code)).toBe(false)
  })

  test("a name that is taken costs no use of an invitation", async () => {
    using server = await createTestServer()
    await letIn(server, "invite")
    const invitation = { createdByName: "alice", note: "", expiresAt: null, maxUses: 1 }
    const { code } = await server.chat.commits.decide((tx) => insertInvitation(tx, invitation))

    expect((await ways.form(server, { username: "bob", invitation: code })).status).toBe(409)

    const [stored] = await server.chat.db.select().from(instanceInvitations).all()
    expect(stored?.uses).toBe(0)
  })

  test("who waits for an approval sees that, and nothing else", async () => {
    using server = await createTestServer()
    await letIn(server, "approval")
    const signedUp = await ways.form(server, { application: "I know alice" })
    expect(signedUp.headers.get("location")).toBe("/recovery-code?next=%2Fwaiting")
    const waiting = new Visitor(server, null, cookieOf(signedUp))

    const pages = ["/", "/account", "/servers/new", server.roomPath]
    const locations = await Promise.all(
      pages.map(async (path) => (await waiting.get(path)).headers.get("location")),
    )
    const created = await waiting.post("/servers", { name: "Mine" })
    const asked = await waiting.get("/", { headers: { accept: "application/json" } })

    expect(await (await waiting.get("/waiting")).text()).toContain("has to approve it")
    expect([...locations, created.headers.get("location")]).toEqual(Array(5).fill("/waiting"))
    expect(asked.status).toBe(403)
    expect((await waiting.post("/logout", {})).headers.get("location")).toBe("/login")
    expect((await waiting.get("/waiting")).headers.get("location")).toBe("/login")
  })
})

describe("a new instance in production", () => {
  test("is closed, and says how to get in", async () => {
    using server = await createTestServer(production)

    const page = await (await server.visitor(null).get("/login")).text()
    const refused = await ways.form(server, {})

    expect(
      find(page, ".aside")
        .map(({ text }) => text)
        .join(),
    ).toContain("in the server's log")
    expect([refused.status, await isThere(server, "carol")]).toEqual([403, false])
  })

  const settings = { name: "Our chat", registration: "invite", serverCreation: "administrators" }

  test("makes the opener of its address administrator, once", async () => {
    using server = await createTestServer(production)
    const path = (await createSetUpPath(server.database, { keepOthers: false })) ?? ""
    expect(await isStored(server.database, path.replace("/setup/", ""))).toBe(false)
    expect((await server.visitor(null).get(path)).status).toBe(200)

    const answers = await Promise.all(
      ["carol", "dave"].map((username) =>
        server.visitor(null).post(path, { ...carol, ...settings, username }),
      ),
    )

    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 404])
    const administrators = await server.chat.db
      .select()
      .from(users)
      .where(eq(users.isAdministrator, true))
      .all()
    expect(administrators).toHaveLength(1)
    // The second one got no account either.
    expect([await isThere(server, "carol"), await isThere(server, "dave")].toSorted()).toEqual([false, true])
    expect((await server.visitor(null).get(path)).status).toBe(404)
    expect(await createSetUpPath(server.database, { keepOthers: false })).toBeUndefined()
    expect((await server.as("bob").post("/servers", { name: "Mine" })).status).toBe(403)
    expect(await (await server.visitor(null).get("/login")).text()).toContain("Our chat")
  })

  test("takes the account that is signed in", async () => {
    using server = await createTestServer(production)
    const path = (await createSetUpPath(server.database, { keepOthers: false })) ?? ""
    const page = await (await server.as("alice").get(path)).text()
    expect(find(page, "input[name=password]")).toEqual([])

    const answer = await server.as("alice").post(path, settings)

    expect(answer.headers.get("location")).toBe("/admin")
    expect(await isAdministrator(server.chat.db, server.cast.alice.id)).toBe(true)
  })

  test("forgets an address when it is over, and when a new one is made", async () => {
    using server = await createTestServer(production)
    const first = (await createSetUpPath(server.database, { keepOthers: false })) ?? ""
    const second = (await createSetUpPath(server.database, { keepOthers: false })) ?? ""
    expect((await server.visitor(null).get(first)).status).toBe(404)
    expect((await server.visitor(null).get(second)).status).toBe(200)

    await changeRows(server.database, `update one_time_links set expires_at = ${Date.now() - 1}`)

    expect((await server.visitor(null).post(second, { ...carol, ...settings })).status).toBe(404)
    expect(await isThere(server, "carol")).toBe(false)
  })

  test("keeps the fields of a refused form, and the link stays valid", async () => {
    using server = await createTestServer(production)
    const path = (await createSetUpPath(server.database, { keepOthers: false })) ?? ""
    for (const wrong of [
      { password: "short" },
      { username: "bob" },
      { name: "" },
      { registration: "what" },
    ]) {
      const refused = await server.visitor(null).post(path, { ...carol, ...settings, ...wrong })

      expect([wrong, refused.status < 500 && refused.status >= 400]).toEqual([wrong, true])
      expect(find(await refused.text(), "form[action^='/setup/']")).toHaveLength(1)
    }

    expect((await server.visitor(null).post(path, { ...carol, ...settings })).status).toBe(303)
  })
})

describe("an address for a new password", () => {
  test("works once, ends all sessions, and is no login", async () => {
    using server = await createTestServer()
    const { bob } = server.cast
    const link = { purpose: "password", userId: bob.id } as const
    const { token } = await server.chat.commits.decide((tx) => insertLink(tx, link))
    expect((await server.as("bob").get("/account")).status).toBe(200)
    expect(await isStored(server.database, token)).toBe(false)

    const short = await server.visitor(null).post(`/reset/${token}`, { newPassword: "short" })
    const both = await Promise.all(
      ["new password 1", "new password 1"].map((newPassword) =>
        server.visitor(null).post(`/reset/${token}`, { newPassword }),
      ),
    )

    expect(short.status).toBe(400)
    expect(both.map(({ status }) => status).toSorted()).toEqual([303, 404])
    expect((await server.as("bob").get("/account")).headers.get("location")).toContain("/login")
    const login = (password: string) => server.visitor(null).post("/login", { username: "bob", password })
    expect([(await login("password")).status, (await login("new password 1")).status]).toEqual([401, 303])
  })

  test("expires, and works for no other account", async () => {
    using server = await createTestServer()
    await putLink(server.chat, {
      token: "late",
      purpose: "password",
      userId: server.cast.bob.id,
      minutes: -1,
    })
    await putLink(server.chat, { token: "setup", purpose: "setup" })

    for (const token of ["late", "setup", "guessed"]) {
      const newPassword = "a new password"
      expect((await server.visitor(null).post(`/reset/${token}`, { newPassword })).status).toBe(404)
    }
    const unused = await server.chat.db.select({ usedAt: oneTimeLinks.usedAt }).from(oneTimeLinks).all()
    expect(unused.every(({ usedAt }) => usedAt === null)).toBe(true)
  })
})

test("the last administrator cannot delete their account", async () => {
  using server = await createTestServer()
  const { alice, bob } = server.cast
  await administrate(server.chat, bob.id)
  const remove = () => bob.client.mutate("deleteAccount", { password: "password" })

  expect((await remove()).error?.code).toBe(400)

  await administrate(server.chat, alice.id)
  expectData(await remove())
  expect(await isAdministrator(server.chat.db, bob.id)).toBe(false)
})
