import { describe, expect, test } from "bun:test"
import { covenant } from "../../../src/covenant.ts"
import { type Asked, ask, type Json, sending } from "../../support/api.ts"
import { createTestServer } from "../../support/server.ts"

describe("a procedure", () => {
  test("that reads takes GET, with its input in the query string", async () => {
    using server = await createTestServer()
    const { lab, general, roomPath } = server
    for (const content of ["one", "two", "three"])
      await ask(server, `${roomPath}/messages`, sending({ content }))

    const servers = await ask(server, "/api/getServers")
    const two = await ask(server, `/api/getMessages?channelId=${general.id}&limit=2`)
    const byPost = await ask(server, "/api/getMessages", { body: { channelId: general.id, limit: 2 } })

    expect(servers.status).toBe(200)
    expect(servers.data).toEqual([{ ...lab, createdAt: lab.createdAt.toISOString() }])
    expect(two.data.map(({ content }: Json) => content)).toEqual(["two", "three"])
    expect(byPost.data).toEqual(two.data)
    expect(two.headers.get("cache-control")).toBe("no-store")
    expect(two.headers.get("x-content-type-options")).toBe("nosniff")
  })

  test("that writes takes POST only", async () => {
    using server = await createTestServer()
    const before = await server.dump()

    const answers = [
      await ask(server, "/api/createServer?name=x"),
      await ask(server, "/api/createServer", { method: "PUT", body: { name: "x" } }),
      await ask(server, "/api/getServers", { method: "DELETE" }),
    ]
    expect(answers.map(({ status, headers }) => [status, headers.get("allow")])).toEqual([
      [405, "POST"],
      [405, "POST"],
      [405, "GET, HEAD, POST"],
    ])
    expect(await server.dump()).toEqual(before)

    const made = await ask(server, "/api/createServer", { body: { name: "Den" } })
    expect([made.status, made.data.name, made.data.ownerId]).toEqual([200, "Den", server.cast.alice.id])
  })

  test("takes a form's fields too, as curl sends them", async () => {
    using server = await createTestServer()
    const form = { "content-type": "application/x-www-form-urlencoded" }

    const body = new URLSearchParams({ serverId: server.lab.id, maxUses: "5" }).toString()
    const invite = await ask(server, "/api/createInvite", { body, headers: form })
    const signedIn = await ask(server, "/api/login", {
      by: null,
      body: "username=bob&password=password",
      headers: form,
    })

    expect([invite.status, invite.data.maxUses]).toEqual([200, 5])
    expect([signedIn.status, signedIn.data.username]).toEqual([200, "bob"])
    expect(signedIn.headers.get("set-cookie")).toBeNull()
  })

  test("without input needs no body, and answers null where it has nothing to say", async () => {
    using server = await createTestServer()

    const ended = await ask(server, "/api/revokeOtherSessions", { method: "POST" })
    const named = await ask(server, "/api/revokeOtherSessions", { body: null })

    expect([ended.status, ended.data, named.status]).toEqual([200, null, 200])
  })

  test("answers HEAD as GET, without the body", async () => {
    using server = await createTestServer()

    const answer = await ask(server, "/api/getServers", { method: "HEAD" })

    expect([answer.status, answer.data]).toEqual([200, undefined])
  })

  test("is there for each of the contract, refused to strangers with where to get in", async () => {
    using server = await createTestServer()
    const names = Object.keys(covenant.procedures)
    expect(names.length).toBeGreaterThan(25)

    for (const name of names) {
      const { status, data, headers } = await ask(server, `/api/${name}`, { by: null, body: {} })
      expect([name, [400, 401].includes(status)]).toEqual([name, true])
      expect([name, data.error.code]).toEqual([name, status])
      if (status === 401) expect(headers.get("www-authenticate")).toStartWith("Bearer")
    }
  })
})

describe("who asks", () => {
  test("is read from the token only, not from cookies", async () => {
    using server = await createTestServer()
    const cookie = await server.as("alice").cookie()

    const byCookie = await ask(server, "/api/getServers", { by: null, headers: { cookie } })
    const badToken = await ask(server, "/api/getServers", {
      by: null,
      headers: { cookie, authorization: "Bearer made-up" },
    })

    expect([byCookie.status, badToken.status]).toEqual([401, 401])
  })

  test("may not be a page of another site", async () => {
    using server = await createTestServer()
    const body = { username: "alice", password: "password" }

    const program = await ask(server, "/api/login", { by: null, body })
    const page = await ask(server, "/api/login", {
      by: null,
      body,
      headers: { origin: "https://evil.example" },
    })

    expect([program.status, page.status]).toEqual([200, 403])
    expect(page.data.error.code).toBe(403)
  })

  test("gets the same refusals as everywhere", async () => {
    using server = await createTestServer()
    const { lab } = server

    const outsider = await ask(server, `/api/getChannels?serverId=${lab.id}`, { by: "mallory" })
    const noOwner = await ask(server, "/api/renameServer", {
      by: "bob",
      body: { serverId: lab.id, name: "x" },
    })
    const nothing = await ask(server, "/api/getMessages?channelId=none")

    expect(outsider.data).toEqual({ error: { code: 403, message: "You are not a member of this server" } })
    expect([outsider.status, noOwner.status, nothing.status]).toEqual([403, 403, 404])
    expect(nothing.data.error).toEqual({ code: 404, message: "There is no such channel" })
  })
})

describe("what cannot be understood", () => {
  test("says where and why", async () => {
    using server = await createTestServer()
    const { general } = server

    const limit = await ask(server, `/api/getMessages?channelId=${general.id}&limit=many`)
    const two = await ask(server, "/api/renameChannel", { body: { name: "" } })
    const bad = await ask(server, "/api/createServer", { body: '{"name": "x' })

    expect([limit.status, limit.data.error.issues[0].path]).toEqual([400, "limit"])
    expect(limit.data.error.message).toStartWith("limit: ")
    expect(two.data.error.issues.map(({ path }: Json) => path)).toEqual(["channelId", "name"])
    expect([bad.status, bad.data.error.message]).toEqual([400, expect.stringContaining("not valid JSON")])
  })

  test.each([
    ["/api/nothing", 404, {}],
    ["/api/__proto__", 404, {}],
    ["/api/constructor", 404, { body: {} }],
    ["/api/%zz", 404, {}],
    ["/api/getServers/more", 404, {}],
    ["/api/createServer", 415, { body: "name=x", headers: { "content-type": "text/plain" } }],
    ["/api/createServer", 415, { body: "<name/>", headers: { "content-type": "application/xml" } }],
    ["/api/createServer", 415, { body: "x", headers: { "content-encoding": "gzip" } }],
    ["/api/createServer", 413, { body: { name: "x".repeat(70_000) } }],
    ["/api/createServer", 400, { body: { name: "x".repeat(101) } }],
  ] as [string, number, Asked][])(
    "%s that cannot be answered is refused in JSON: %i",
    async (path, status, asked) => {
      using server = await createTestServer()
      const before = await server.dump()

      const answer = await ask(server, path, asked)

      expect([answer.status, answer.data.error.code]).toEqual([status, status])
      expect(await server.dump()).toEqual(before)
    },
  )

  const hostile: [string, string][] = [
    ["another type", "5"],
    ["a list", "[]"],
    ["text", '"x"'],
    ["prototype keys", '{"__proto__":{"name":"x"},"constructor":{"prototype":{"x":1}},"toString":1}'],
    ["numbers without end", '{"limit":1e999,"position":-1e400,"maxUses":9007199254740993}'],
    ["what is nested deeply", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
    ["objects nested deeply", `${'{"name":'.repeat(6000)}1${"}".repeat(6000)}`],
    ["half a character", '{"name":"\\ud800","content":"\\u0000","username":"\\udfff","password":"\\ud800"}'],
    ["nothing but keys", `{${Array.from({ length: 5000 }, (_, i) => `"k${i}":1`).join(",")}}`],
  ]
  test.each(hostile)("%s is never a 500, for any procedure", async (_, body) => {
    using server = await createTestServer({ RATE_LIMIT_LOGINS: "1000/10m" })

    for (const [name, { type }] of Object.entries(covenant.procedures)) {
      const { status } = await ask(server, `/api/${name}`, { by: "mallory", body })
      expect([name, status < 500]).toEqual([name, true])
      if (type === "mutation") continue
      const query = "__proto__=x&constructor=1&limit=1e999&limit=2&channelId[]=x&serverId=&__proto__[x]=1"
      const asked = await ask(server, `/api/${name}?${query}`)
      expect([name, asked.status < 500]).toEqual([name, true])
    }
    expect(({} as Json).name).toBeUndefined()
  })
})
