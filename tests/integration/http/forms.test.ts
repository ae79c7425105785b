import { describe, expect, test } from "bun:test"
import { find, the } from "../../support/html.ts"
import { idsOf } from "../../support/routes.ts"
import { createTestServer, type Fields, type TestServer } from "../../support/server.ts"

const tooLong = "x".repeat(2001)
const tricky = `"><img src=x onerror=alert(1)> & 'so on'`

interface Refusal {
  form: string
  as?: "alice" | "bob" | null
  path: (server: TestServer) => string | Promise<string>
  fields: Fields
  status: number
  says: RegExp
  /** The field that still holds what was typed. */
  keeps?: string
}

const refusals: Refusal[] = [
  {
    form: "signing in with a wrong password",
    as: null,
    path: () => "/login",
    fields: { username: `alice${tricky}`, password: "wrong-secret" },
    status: 401,
    says: /Wrong username or password/,
    keeps: "username",
  },
  {
    form: "signing up with a name that is taken",
    as: null,
    path: () => "/signup",
    fields: { username: "Alice", password: "wrong-secret" },
    status: 409,
    says: /taken/,
    keeps: "username",
  },
  {
    form: "signing up with a name that cannot be one",
    as: null,
    path: () => "/signup",
    fields: { username: tricky, password: "wrong-secret" },
    status: 400,
    says: /letters a–z/,
    keeps: "username",
  },
  {
    form: "signing up with a short password",
    as: null,
    path: () => "/signup",
    fields: { username: "carol", password: "short" },
    status: 400,
    says: /at least 8 characters/,
    keeps: "username",
  },
  {
    form: "a server without a name",
    path: () => "/servers",
    fields: { name: "   " },
    status: 400,
    says: /Enter a name/,
    keeps: "name",
  },
  {
    form: "a server whose name shows nothing",
    path: () => "/servers",
    fields: { name: "\u200b\u2060\u3164" },
    status: 400,
    says: /Enter a name/,
    keeps: "name",
  },
  {
    form: "a server with too long a name",
    path: () => "/servers",
    fields: { name: tricky.repeat(3) },
    status: 400,
    says: /at most 100 characters/,
    keeps: "name",
  },
  {
    form: "renaming a server to nothing",
    path: ({ lab }) => `/servers/${lab.id}`,
    fields: { name: "" },
    status: 400,
    says: /Enter a name/,
    keeps: "name",
  },
  {
    form: "deleting a server with its name mistyped",
    path: ({ lab }) => `/servers/${lab.id}/delete`,
    fields: { name: "lab" },
    status: 400,
    says: /Type the server.s name exactly/,
    keeps: "name",
  },
  {
    form: "a channel with too long a name",
    path: ({ lab }) => `/servers/${lab.id}/channels`,
    fields: { name: "c".repeat(101) },
    status: 400,
    says: /at most 100 characters/,
    keeps: "name",
  },
  {
    form: "renaming a channel to nothing",
    path: ({ roomPath }) => roomPath,
    fields: { name: "\u202e" },
    status: 400,
    says: /Enter a name/,
    keeps: "name",
  },
  {
    form: "an invite for too many",
    path: ({ lab }) => `/servers/${lab.id}/invites`,
    fields: { maxUses: "101", expiresInSeconds: "3600" },
    status: 400,
    says: /Enter at most 100/,
    keeps: "maxUses",
  },
  {
    form: "an invite for no number of people",
    path: ({ lab }) => `/servers/${lab.id}/invites`,
    fields: { maxUses: "many", expiresInSeconds: "" },
    status: 400,
    says: /Enter a whole number/,
    keeps: "maxUses",
  },
  {
    form: "an invite that is over at once",
    path: ({ lab }) => `/servers/${lab.id}/invites`,
    fields: { maxUses: "", expiresInSeconds: "1" },
    status: 400,
    says: /at least 1 minute/,
  },
  {
    form: "signing in with a password that is nobody's",
    as: null,
    path: () => "/login",
    fields: { username: "alice", password: `wrong-secret${tooLong}` },
    status: 400,
    says: /This password is too long/,
    keeps: "username",
  },
  {
    form: "a message that says nothing",
    path: ({ roomPath }) => `${roomPath}/messages`,
    fields: { content: " \r\n " },
    status: 400,
    says: /Write something first/,
  },
  {
    form: "a message that is too long",
    path: ({ roomPath }) => `${roomPath}/messages`,
    fields: { content: `\n${tricky}${tooLong}` },
    status: 400,
    says: /at most 2000 characters/,
    keeps: "content",
  },
  {
    form: "a message from the composer's frame that is too long",
    path: ({ roomPath }) => `${roomPath}/messages?from=composer`,
    fields: { content: tooLong },
    status: 400,
    says: /at most 2000 characters/,
    keeps: "content",
  },
  {
    form: "a message whose id is none",
    path: ({ roomPath }) => `${roomPath}/messages`,
    fields: { content: "hello", id: "../../etc" },
    status: 400,
    says: /UUID/,
    keeps: "content",
  },
  {
    form: "a message of someone who is signed out",
    as: null,
    path: ({ roomPath }) => `${roomPath}/messages?from=composer`,
    fields: { content: `\n${tricky}` },
    status: 401,
    says: /You are logged out/,
    keeps: "content",
  },
  {
    form: "an edit that says nothing",
    async path(server) {
      const id = crypto.randomUUID()
      await server.as("alice").post(`${server.roomPath}/messages`, { content: "without files", id })
      return `/messages/${id}`
    },
    fields: { content: "" },
    status: 400,
    says: /Write something first/,
    keeps: "content",
  },
  {
    form: "an edit that is too long",
    path: async (server) => `/messages/${(await idsOf(server)).messageId}`,
    fields: { content: `${tricky}${tooLong}` },
    status: 400,
    says: /at most 2000 characters/,
    keeps: "content",
  },
  {
    form: "an owner's wish to leave",
    path: ({ lab }) => `/servers/${lab.id}/leave`,
    fields: {},
    status: 400,
    says: /owner cannot leave/i,
  },
]

describe("a refused form says what to do and keeps what was typed", () => {
  test.each(refusals)("$form", async ({ as = "alice", path, fields, status, says, keeps }) => {
    using server = await createTestServer()
    const visitor = as ? server.as(as) : server.visitor(null)
    const address = await path(server)
    const before = await server.dump()

    const answer = await visitor.post(address, fields)

    const html = await answer.text()
    expect(answer.status).toBe(status)
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8")
    const alerts = find(html, "[role=alert]").map(({ text }) => text)
    expect(alerts.join(" ")).toMatch(says)
    // What programs are told: a field's name, and how schemas speak.
    expect(alerts.join(" ")).not.toMatch(/^\w+: |expected|received/)
    if (keeps) expect(typedInto(html, keeps)).toBe(new Map(Object.entries(fields)).get(keeps))
    expect(html).not.toContain("wrong-secret")
    expect(find(html, "[onerror]")).toEqual([])
    expect(await server.dump()).toEqual(before)
  })

  test("and htmx gets the form alone, for the dialog it came from", async () => {
    using server = await createTestServer()
    const alice = server.as("alice")

    const answer = await alice.post("/servers", { name: "" }, { headers: { "hx-request": "true" } })

    const html = await answer.text()
    expect(answer.status).toBe(400)
    expect(find(html, "html, body, script")).toEqual([])
    expect(the(html, "form").attributes).toMatchObject({ action: "/servers", "hx-target": "#dialog-body" })
    expect(the(html, "[role=alert]").text).toMatch(/Enter a name/)
  })
})

test("a rate limit says how long to wait and keeps the draft", async () => {
  using server = await createTestServer({ RATE_LIMIT_MESSAGES: "2/10s" })
  const alice = server.as("alice")
  const send = (content: string) => alice.post(`${server.roomPath}/messages`, { content })
  expect([(await send("one")).status, (await send("two")).status]).toEqual([303, 303])

  const answer = await send("three")

  expect(answer.status).toBe(429)
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0)
  const html = await answer.text()
  expect(typedInto(html, "content")).toBe("three")
  expect(the(html, "#composer-error").text).toMatch(/too fast/)
  expect((await server.dump()).messages).toHaveLength(2)
})

test("guessing passwords is limited by username", async () => {
  using server = await createTestServer({ RATE_LIMIT_LOGINS: "1/10m" })
  const stranger = server.visitor(null)
  const guess = () => stranger.post("/login", { username: "nobody", password: "wrong-secret" })
  expect((await guess()).status).toBe(401)

  const answer = await guess()

  expect(answer.status).toBe(429)
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0)
  expect(typedInto(await answer.text(), "username")).toBe("nobody")
})

/** What a field holds: a textarea's first line break is not part of it (WHATWG HTML, 13.2.6.4.7). */
function typedInto(html: string, name: string): string | undefined {
  const field = the(html, `input[name=${name}], textarea[name=${name}]`)
  return field.name === "textarea" ? field.text.replace(/^\n/, "") : field.attributes.value
}
