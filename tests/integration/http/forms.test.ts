import { describe, expect, test } from "bun:test"
import { administrate } from "../../support/administrators.ts"
import { expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { addressOf, idsOf, routesOf } from "../../support/routes.ts"
import { say } from "../../support/say.ts"
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

const form = "application/x-www-form-urlencoded"
/** What is no form, or no good one. */
const broken: [what: string, body: string, type: string][] = [
  ["nothing at all", "", ""],
  ["a form without fields", "", form],
  ["every field twice", "name=a&name=b&content=a&content=b&username=a&username=b&id=a&id=b", form],
  ["fields that are lists and maps", "name[]=a&name[x]=b&content[0]=c", form],
  ["bad percent-encoding", "name=%E0%A4%A&content=%zz&position=%&%=%", form],
  ["NUL and lone surrogates", "name=%00&content=%00%ED%A0%80&position=%00", form],
  ["numbers that are none", "position=NaN&maxUses=1e99&expiresInSeconds=-1", form],
  ["prototypes", "__proto__=x&constructor=y&name.__proto__=z", form],
  ["malformed JSON", "{", "application/json"],
  ["JSON of another shape", '[{"name":1}]', "application/json"],
  ["JSON null", "null", "application/json"],
  [
    "JSON with a prototype",
    '{"__proto__":{"name":"x"},"name":{"toString":1},"content":[]}',
    "application/json",
  ],
  ["text", "name=a", "text/plain"],
  ["bytes", "\u0000\u0001", "application/octet-stream"],
  ["a type that is none", "x", "no/such; charset=utf-7"],
  [
    "a multipart form cut short",
    "--x\r\nContent-Disposition: form-data; name=",
    "multipart/form-data; boundary=x",
  ],
  ["a multipart form without boundary", "abc", "multipart/form-data"],
  [
    "a file in place of a text",
    '--x\r\nContent-Disposition: form-data; name="content"; filename="a.txt"\r\n\r\nhi\r\n--x--\r\n',
    "multipart/form-data; boundary=x",
  ],
]

test.each(broken)("%s breaks no form", async (_, body, type) => {
  using server = await createTestServer()
  const ids = await idsOf(server)
  // Last what takes away the ground the others stand on.
  const isLast = (route: string) => /delete|remove|leave|logout/.test(route)
  const routes = routesOf(server).filter((route) => route.startsWith("POST") && !/login|signup/.test(route))
  const headers = new Headers(type ? { "content-type": type } : {})

  for (const route of routes.toSorted((a, b) => Number(isLast(a)) - Number(isLast(b)))) {
    const answer = await server.as("alice").fetch(addressOf(route, ids), { method: "POST", body, headers })
    const text = await answer.text()
    // The provider is one that nobody answers for.
    const isOutOfReach = answer.status === 503 && /\/(connect|confirm\/with\/:providerId)$/.test(route)
    expect([route, answer.status < 500 || isOutOfReach, text.includes("Something went wrong")]).toEqual([
      route,
      true,
      false,
    ])
  }
})

test("only forms log in and sign up", async () => {
  using server = await createTestServer()
  const before = await server.dump()
  const twice = "username=alice&username=alice&password=password&password=password"

  for (const [body, type] of [
    ["", form],
    [twice, form],
    ['{"username":{"$ne":""},"password":{"$ne":""}}', "application/json"],
    ["{", "application/json"],
  ]) {
    for (const path of ["/login", "/signup"]) {
      const headers = { "content-type": type ?? "" }
      const answer = await server.visitor(null).fetch(path, { method: "POST", body, headers })
      expect([400, 401]).toContain(answer.status)
      expect(answer.headers.get("set-cookie")).toBeNull()
    }
  }

  expect(await server.dump()).toEqual(before)
})

test("a body larger than any form of ours is refused, also when it does not say how large it is", async () => {
  using server = await createTestServer()
  const alice = server.as("alice")
  const before = await server.dump()
  const headers = { "content-type": form }
  const chunks = () =>
    new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode("x".repeat(32 * 1024)))
        if (++sent === 5) controller.close()
      },
    })
  let sent = 0

  const announced = await alice.post(`${server.roomPath}/messages`, { content: "x".repeat(70_000) })
  const streamed = await alice.fetch(`${server.roomPath}/messages`, {
    method: "POST",
    body: chunks(),
    headers,
  })

  expect(announced.status).toBe(413)
  // Or it must say first how long it is.
  expect([411, 413]).toContain(streamed.status)
  expect(await server.dump()).toEqual(before)
})

const odd = [
  "..%2f..%2fetc%2fpasswd",
  "%E0%A4%A",
  "%00",
  "%",
  "a".repeat(5000),
  "__proto__",
  "constructor",
  "%F0%9F%98%80",
  "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
  "' or 1=1 --",
]

test("invalid ids are not found", async () => {
  using server = await createTestServer()
  const routes = routesOf(server).filter((route) => /:(serverId|channelId|messageId|code)/.test(route))
  const alice = server.as("alice")
  // Everyone else is refused below /admin, for any path.
  await administrate(server.chat, server.cast.alice.id)

  for (const id of odd) {
    const ids = { serverId: id, channelId: id, messageId: id, userId: id, code: id, sessionId: id }
    for (const route of routes.filter((route) => !route.startsWith("WS"))) {
      const path = (route.split(" ")[1] ?? "").replace(/:(\w+)/g, (_, name: keyof typeof ids) => ids[name])
      const answer = await (route.startsWith("GET")
        ? alice.get(path)
        : alice.post(path, { name: "x", content: "x" }))
      const text = await answer.text()
      // Ids longer than any id are refused as such by some.
      expect([path, [400, 404].includes(answer.status)]).toEqual([path, true])
      expect(find(text, "[onerror]")).toEqual([])
    }
  }
})

test("odd query strings are refused or ignored", async () => {
  using server = await createTestServer()
  const alice = server.as("alice")
  const statusOf = async (query: string) => (await alice.get(server.roomPath + query)).status

  for (const query of [
    "?before=-1",
    "?before=1e9",
    "?after=x",
    "?before=%00",
    "?after=1.5",
    "?before=9".padEnd(40, "9"),
  ]) {
    expect([query, await statusOf(query)]).toEqual([query, 400])
  }
  for (const query of ["?around=nothing", "?around=__proto__", "?around="]) {
    expect([query, await statusOf(query)]).toEqual([query, 404])
  }
  for (const query of ["?a=%zz", "?transport=pigeon", "?constructor=1&__proto__=2", "?=&&?"]) {
    expect([query, await statusOf(query)]).toEqual([query, 200])
  }
})

const local = ["/", "/servers/x?before=1", "/invites/abc#top", "/a//b"]
const elsewhere = [
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "javascript:alert(1)",
  " //evil.example",
  "evil.example",
  "",
]

test("after signing in one goes only to places of ours", async () => {
  using server = await createTestServer()
  const stranger = server.visitor(null)
  const fields = { username: "alice", password: "password" }

  const home = await stranger.post("/login", { ...fields, next: "//evil.example" })
  const inside = await stranger.post("/login", { ...fields, next: "/invites/abc" })

  expect([home.status, home.headers.get("location")]).toEqual([303, "/"])
  expect([inside.status, inside.headers.get("location")]).toEqual([303, "/invites/abc"])
  for (const [nexts, goesThere] of [
    [local, true],
    [elsewhere, false],
  ] as const) {
    for (const next of nexts) {
      const signedIn = await server.as("alice").get(`/login?next=${encodeURIComponent(next)}`)
      expect([next, signedIn.headers.get("location")]).toEqual([next, goesThere ? next : "/"])
      const page = await (await stranger.get(`/signup?next=${encodeURIComponent(next)}`)).text()
      expect([next, the(page, "[name=next]").attributes.value]).toEqual([next, goesThere ? next : "/"])
    }
  }
})

test("who must sign in first comes back to where they were going", async () => {
  using server = await createTestServer()
  const stranger = server.visitor(null)
  const wanted = `${server.roomPath}?before=7`

  const sent = await stranger.get(wanted)
  const entrance = await (await stranger.get(sent.headers.get("location") ?? "")).text()
  const next = the(entrance, "[name=next]").attributes.value ?? ""
  const answer = await stranger.post("/login", { username: "bob", password: "password", next })

  expect(answer.headers.get("location")).toBe(wanted)
})

test("an invite leads a stranger through signing up into the server", async () => {
  using server = await createTestServer()
  const { code } = expectData(
    await server.cast.alice.client.mutate("createInvite", { serverId: server.lab.id }),
  )
  const stranger = server.visitor(null)
  const invite = await (await stranger.get(`/invites/${code}`)).text()
  const [signUp] = find(invite, "a[href^='/signup']")

  const page = await (await stranger.get(signUp?.attributes.href ?? "")).text()
  const fields = {
    username: "carol",
    password: "long enough",
    next: the(page, "[name=next]").attributes.value ?? "",
  }
  const signedUp = await stranger.post("/signup", fields)
  const cookie = signedUp.headers.getSetCookie()[0]?.split(";")[0] ?? ""
  expect(signedUp.headers.get("location")).toBe(
    `/recovery-code?next=${encodeURIComponent(`/invites/${code}`)}`,
  )
  const joined = await stranger.post(`/invites/${code}`, {}, { headers: { cookie } })

  expect(joined.headers.get("location")).toBe(`/servers/${server.lab.id}`)
  const members = expectData(await server.cast.bob.client.query("getMembers", { serverId: server.lab.id }))
  expect(members.map(({ username }) => username)).toEqual(["alice", "bob", "carol"])
})

/** What a field holds: a textarea's first line break is not part of it (WHATWG HTML, 13.2.6.4.7). */
function typedInto(html: string, name: string): string | undefined {
  const field = the(html, `input[name=${name}], textarea[name=${name}]`)
  return field.name === "textarea" ? field.text.replace(/^\n/, "") : field.attributes.value
}

test("a form's page leads back to what it is about; in a dialog it does not", async () => {
  using server = await createTestServer()
  const id = await say(server, server.cast.alice, "hello")
  const alice = server.as("alice")
  const backFrom = async (path: string, init?: RequestInit) =>
    find(await (await alice.get(path, init)).text(), ".way-back").map(
      ({ text, attributes }) => `${text.trim()}: ${attributes.href}`,
    )
  const toServer = `/servers/${server.lab.id}`

  expect(await backFrom(`/messages/${id}/actions`)).toEqual([`Back to message: /messages/${id}`])
  expect(await backFrom(`/messages/${id}/delete`)).toEqual([`Back to message: /messages/${id}`])
  expect(await backFrom(`${server.roomPath}/pins`)).toEqual([`Back to channel: ${server.roomPath}`])
  expect(await backFrom(`${toServer}/channels/new`)).toEqual([`Back to server: ${toServer}`])
  expect(await backFrom(`${toServer}/settings`)).toEqual([`Back to server: ${toServer}`])
  expect(await backFrom("/account/mails")).toEqual(["Back to account: /account"])
  for (const path of ["/servers/new", "/saved", "/keyboard"]) expect(await backFrom(path)).toEqual([])
  expect(await backFrom(`/messages/${id}/actions`, { headers: { "hx-request": "true" } })).toEqual([])
})
