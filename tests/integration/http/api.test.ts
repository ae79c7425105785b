import { describe, expect, test } from "bun:test"
import { covenant } from "../../../src/covenant.ts"
import { createTestServer, type Name, type TestServer } from "../../support/server.ts"

// The contract as plain JSON: `/api/{procedure}`, and the pages' addresses for programs.

type Json = Record<string, unknown>

/** Asks as one of the cast by their token; the parsed answer beside its status and headers. */
async function ask(server: TestServer, path: string, { by = "alice", body, ...init }: Asked = {}) {
  const answer = await fetch(server.origin + path, {
    redirect: "manual",
    method: body === undefined ? "GET" : "POST",
    ...init,
    headers: {
      ...(by && { authorization: `Bearer ${server.cast[by].token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...init.headers,
    },
    body: typeof body === "string" || body === undefined ? body : JSON.stringify(body),
  })
  const text = await answer.text()
  expect([path, answer.headers.get("content-type")]).toEqual([path, "application/json; charset=utf-8"])
  return { status: answer.status, headers: answer.headers, data: text ? JSON.parse(text) : undefined }
}

interface Asked extends Omit<RequestInit, "body" | "headers"> {
  by?: Name | null
  body?: unknown
  headers?: Record<string, string>
}

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

describe("limits", () => {
  test("are announced in headers before they are reached, with the time of reset", async () => {
    using server = await createTestServer({ RATE_LIMIT_MESSAGES: "2/60s" })
    const send = () => ask(server, `${server.roomPath}/messages`, sending({ content: "x" }))

    const answers = [await send(), await send(), await send()]

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 429])
    const [first, second, third] = answers.map(({ headers }) => headers)
    expect(first?.get("ratelimit-policy")).toBe('"messages";q=2;w=60')
    expect(first?.get("ratelimit")).toMatch(/^"messages";r=1;t=\d+$/)
    expect(second?.get("x-ratelimit-limit")).toBe("2")
    expect(second?.get("x-ratelimit-remaining")).toBe("0")
    const seconds = third?.get("retry-after")
    expect(third?.get("ratelimit")).toBe(`"messages";r=0;t=${seconds}`)
    expect(third?.get("x-ratelimit-reset")).toBe(seconds as string)
    expect(answers[2]?.data.error.retryAfterSeconds).toBe(Number(seconds))
  })

  test("of editing and of wrong passwords too", async () => {
    using server = await createTestServer({ RATE_LIMIT_MESSAGES: "2/60s", RATE_LIMIT_LOGINS: "1/60s" })
    const { data } = await ask(server, `${server.roomPath}/messages`, sending({ content: "x" }))
    const edit = () => ask(server, "/api/editMessage", { body: { messageId: data.id, content: "y" } })
    const guess = () =>
      ask(server, "/api/login", { by: null, body: { username: "alice", password: "wrong" } })

    const edits = [await edit(), await edit()]
    const guesses = [await guess(), await guess()]

    const told = [...edits, ...guesses].map(({ status, headers }) => [
      status,
      headers.get("x-ratelimit-remaining"),
    ])
    expect(told).toEqual([
      [200, "0"],
      [429, "0"],
      [401, "0"],
      [429, "0"],
    ])
    expect(guesses[1]?.headers.get("ratelimit-policy")).toBe('"logins";q=1;w=60')
    expect(Number(guesses[1]?.headers.get("retry-after"))).toBeGreaterThan(0)
  })

  test("that are off are not announced", async () => {
    using server = await createTestServer()

    const { headers } = await ask(server, `${server.roomPath}/messages`, sending({ content: "x" }))

    expect([...headers.keys()].filter((name) => name.includes("ratelimit"))).toEqual([])
  })
})

describe("a message", () => {
  test("is posted as JSON or as a form, and answered as it is stored", async () => {
    using server = await createTestServer()
    const id = crypto.randomUUID()

    const posted = await ask(server, `${server.roomPath}/messages`, sending({ content: "by JSON", id }))
    const byForm = await ask(server, `${server.roomPath}/messages`, {
      body: "content=by+form",
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    })

    expect([posted.status, byForm.status]).toEqual([201, 201])
    expect(posted.data).toMatchObject({ id, content: "by JSON", username: "alice", ...server.room })
    expect(byForm.data.content).toBe("by form")
    const found = await ask(server, posted.headers.get("location") ?? "", json)
    expect([found.status, found.data]).toEqual([200, posted.data])
  })

  test("sent again with its id is there once; an id of someone else's is refused", async () => {
    using server = await createTestServer()
    const id = crypto.randomUUID()
    const send = (content: string, by?: Name) =>
      ask(server, `${server.roomPath}/messages`, { ...sending({ content, id }), by })

    const first = await send("once")
    const again = await send("twice")
    const all = await Promise.all(Array.from({ length: 5 }, () => send("many times")))
    const byBob = await send("mine", "bob")

    expect([first.status, again.status, byBob.status]).toEqual([201, 200, 409])
    expect(again.data).toEqual(first.data)
    expect(again.headers.get("location")).toBeNull()
    for (const { data } of all) expect(data).toEqual(first.data)
    expect((await server.dump()).messages).toHaveLength(1)
  })

  test("that cannot be stored is refused with the failures of every other way", async () => {
    using server = await createTestServer()
    const path = `${server.roomPath}/messages`
    const nowhere = `/servers/${server.lab.id}/channels/none/messages`

    const answers = [
      await ask(server, path, { ...sending({ content: "x" }), by: "mallory" }),
      await ask(server, nowhere, sending({ content: "x" })),
      await ask(server, path, sending({ content: " " })),
      await ask(server, path, sending({ content: 5 })),
      await ask(server, path, sending({ content: "x", id: 5 })),
      await ask(server, path, sending({ content: "x", id: "no uuid" })),
      await ask(server, path, sending([])),
      await ask(server, path, sending(null)),
      await ask(server, path, sending("{")),
      await ask(server, path, {
        ...sending("x"),
        headers: { ...json.headers, "content-type": "text/plain" },
      }),
      await ask(server, path, { ...sending({ content: "x" }), by: null, headers: bearer("made-up") }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([
      403, 404, 400, 400, 400, 400, 400, 400, 400, 415, 401,
    ])
    for (const { status, data } of answers) expect(data.error.code).toBe(status)
    expect((await server.dump()).messages).toEqual([])
  })
})

test("history is paged by positions, there and back, to the end", async () => {
  using server = await createTestServer()
  const { roomPath } = server
  for (let number = 1; number <= 120; number++) {
    await ask(server, `${roomPath}/messages`, sending({ content: String(number) }))
  }

  const newest = await ask(server, roomPath, json)
  expect([newest.status, newest.data.after, newest.data.seq]).toEqual([200, null, 120])
  const older = await ask(server, `${roomPath}?before=${newest.data.before}`, json)
  const oldest = await ask(server, `${roomPath}?before=${older.data.before}`, json)
  expect(oldest.data.before).toBeNull()
  const read = [oldest, older, newest].flatMap(({ data }) =>
    data.messages.map(({ content }: Json) => content),
  )
  expect(read).toEqual(Array.from({ length: 120 }, (_, index) => String(index + 1)))

  const onwards = await ask(server, `${roomPath}?after=${oldest.data.after}`, json)
  expect(onwards.data.messages[0].content).toBe("21")
  expect((await ask(server, `${roomPath}?before=x`, json)).status).toBe(400)
  expect((await ask(server, roomPath, { ...json, by: "mallory" })).status).toBe(403)
})

test("getMessages is paged by the ids of messages, there and back, to the end", async () => {
  using server = await createTestServer()
  const { general, roomPath } = server
  for (let number = 1; number <= 25; number++) {
    await ask(server, `${roomPath}/messages`, sending({ content: String(number) }))
  }
  const page = async (query: string): Promise<Json[]> =>
    (await ask(server, `/api/getMessages?channelId=${general.id}&limit=10&${query}`)).data

  const pages = [await page("")]
  while (pages[0]?.length) pages.unshift(await page(`before=${pages[0][0]?.id}`))
  const forth = await page(`after=${pages[1]?.at(-1)?.id}`)

  expect(pages.map((messages) => messages.length)).toEqual([0, 5, 10, 10])
  expect(pages.flat().map(({ content }) => content)).toEqual(
    Array.from({ length: 25 }, (_, i) => String(i + 1)),
  )
  expect(forth).toEqual(pages[2] ?? [])
})

const json = { headers: { accept: "application/json" } }
const bearer = (token: string) => ({ ...json.headers, authorization: `Bearer ${token}` })
const sending = (body: unknown): Asked => ({ ...json, body })
