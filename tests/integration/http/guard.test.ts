import { describe, expect, test } from "bun:test"
import { until } from "../../support/listen.ts"
import { addressOf, ask, fieldsFor, idsOf, routesOf } from "../../support/routes.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"

/** Which page a request came from, as a browser says it; `own` is the address the chat has. */
type Sender = { site?: string; origin?: "own" | string }

const trusted: Sender[] = [
  { site: "same-origin", origin: "own" },
  { site: "same-origin" },
  // A page that sends no referrer posts its forms like this.
  { site: "same-origin", origin: "null" },
  // Browsers from before Fetch Metadata.
  { origin: "own" },
]

const foreign: Sender[] = [
  {},
  { origin: "https://evil.example" },
  { origin: "null" },
  { origin: "http://127.0.0.1" },
  { origin: "http://127.0.0.1:1" },
  { origin: "own.evil.example" },
  { site: "cross-site", origin: "https://evil.example" },
  { site: "cross-site" },
  // The two contradict each other: neither is believed.
  { site: "cross-site", origin: "own" },
  { site: "same-site", origin: "own" },
  { site: "none", origin: "own" },
  { site: "none" },
  { site: "same-origin", origin: "https://evil.example" },
  { site: "", origin: "own" },
]

describe("a form", () => {
  test.each(trusted)("of our own page works: %j", async (sender) => {
    using server = await createTestServer()

    const answer = await create(server, sender)

    expect(answer.status).toBe(303)
    expect((await server.dump()).servers).toHaveLength(2)
  })

  test.each(foreign)("from elsewhere changes nothing: %j", async (sender) => {
    using server = await createTestServer()
    const before = await server.dump()

    const answer = await create(server, sender)

    expect(answer.status).toBe(403)
    expect(answer.headers.get("set-cookie")).toBeNull()
    expect(await server.dump()).toEqual(before)
  })

  test("is compared with the configured address", async () => {
    using server = await createTestServer({ PUBLIC_URL: "https://chat.example.org" })
    const alice = server.as("alice")

    const atPublic = await alice.post(
      "/servers",
      { name: "A" },
      { headers: { origin: "https://chat.example.org" } },
    )
    const atOther = await alice.post("/servers", { name: "B" }, { headers: { origin: server.origin } })

    expect(atPublic.status).toBe(303)
    expect(atOther.status).toBe(403)
  })

  test.each(["PUT", "PATCH", "DELETE"])(
    "by %s from elsewhere is refused before anything is looked up",
    async (method) => {
      using server = await createTestServer()

      const answer = await server
        .as("alice")
        .fetch("/servers", { method, headers: { origin: "https://evil.example" } })

      expect(answer.status).toBe(403)
    },
  )
})

test("a program with its own token needs no origin, and its cookie does not help a page that pretends", async () => {
  using server = await createTestServer()
  const { alice } = server.cast
  const post = (headers: Record<string, string>) =>
    fetch(`${server.origin}/servers`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ name: "Made by a program" }),
      headers,
    })
  const cookie = await server.as("alice").cookie()

  const program = await post({ authorization: `Bearer ${alice.token}` })
  const pretender = await post({ authorization: "Bearer made-up", cookie })
  const basic = await post({ authorization: "Basic YTpi", cookie })

  expect(program.headers.get("location")).toMatch(/^\/servers\//)
  expect(pretender.headers.get("location")).toBe("/login")
  expect(basic.status).toBe(403)
  expect((await server.dump()).servers).toHaveLength(2)
})

test("every route that may change something refuses a foreign page", async () => {
  using server = await createTestServer()
  const ids = await idsOf(server)
  const unsafe = routesOf(server).filter((route) => !/^(GET|WS) /.test(route))
  expect(unsafe.length).toBeGreaterThan(15)
  const before = await server.dump()

  for (const route of unsafe) {
    const answer = await ask(server.as("alice"), route, ids, { headers: { origin: "https://evil.example" } })
    expect([route, answer.status]).toEqual([route, 403])
  }

  expect(await server.dump()).toEqual(before)
  const allowed = await ask(server.as("alice"), "POST /servers/:serverId", ids)
  expect(allowed.status).toBe(303) // or they were refused for another reason
})

test("GET never writes", async () => {
  using server = await createTestServer()
  const ids = await idsOf(server)
  const readable = routesOf(server).filter((route) => route.startsWith("GET "))
  expect(readable.length).toBeGreaterThan(20)
  const before = await server.dump()

  for (const visitor of [server.as("alice"), server.as("mallory"), server.visitor(null)]) {
    for (const route of readable) {
      await ask(visitor, route, ids)
      // What a link could carry is no form.
      const query = new URLSearchParams(fieldsFor(route.replace("GET", "POST"), ids))
      const answer = await visitor.get(`${addressOf(route, ids)}?${query}`, {
        signal: AbortSignal.timeout(2000),
      })
      await answer.body?.cancel()
    }
  }

  expect(await server.dump()).toEqual(before)
})

test("there is no GET for what a form does", async () => {
  using server = await createTestServer()
  const ids = await idsOf(server)
  const readable = new Set(routesOf(server).filter((route) => route.startsWith("GET ")))
  const formsOnly = routesOf(server).filter(
    (route) => route.startsWith("POST ") && !readable.has(route.replace("POST", "GET")),
  )
  expect(formsOnly).toContain("POST /logout")

  for (const route of formsOnly) {
    const answer = await server.as("alice").get(addressOf(route, ids))
    expect([route, answer.status]).toEqual([route, 404])
  }
})

describe("a WebSocket", () => {
  const own = "own"
  test.each([
    [own, "live"],
    ["https://evil.example", 403],
    ["null", 403],
    [undefined, 403],
    ["http://127.0.0.1:1", 403],
    ["http://127.0.0.1", 403],
    ["own.evil.example", 403],
    ["", 403],
  ])("with the origin %p: %p", async (origin, outcome) => {
    using server = await createTestServer()
    const headers: Record<string, string> = { cookie: await server.as("bob").cookie() }
    if (origin !== undefined) headers.origin = origin.replace(/^own/, server.origin)

    expect<unknown>(await upgrade(server, headers)).toBe(outcome)

    expect(server.chat.sidekick.stats().connections).toBe(outcome === "live" ? 1 : 0)
  })

  test("of a program needs its token and no origin", async () => {
    using server = await createTestServer()
    const authorization = `Bearer ${server.cast.bob.token}`

    expect(await upgrade(server, { authorization })).toBe("live")
  })
})

/** Alice's browser asks for a new server, on behalf of the page that the headers name. */
function create(server: TestServer, { site, origin }: Sender): Promise<Response> {
  return server
    .as("alice")
    .cookie()
    .then((cookie) => {
      const headers = new Headers({ cookie })
      if (site !== undefined) headers.set("sec-fetch-site", site)
      if (origin !== undefined) headers.set("origin", origin.replace(/^own/, server.origin))
      const body = new URLSearchParams({ name: "New" })
      return fetch(`${server.origin}/servers`, { method: "POST", redirect: "manual", headers, body })
    })
}

/** Asks for an upgrade over a bare connection, which adds no header of its own: `live` or the status instead. */
async function upgrade(server: TestServer, headers: Record<string, string>): Promise<"live" | number> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const request = [
    `GET ${server.roomPath}/live HTTP/1.1`,
    `Host: ${new URL(server.origin).host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...lines,
    "",
    "",
  ].join("\r\n")
  let answer = ""
  const connection = await Bun.connect({
    hostname: "127.0.0.1",
    port: Number(new URL(server.origin).port),
    socket: {
      data(_, chunk) {
        answer += chunk.toString("latin1")
      },
    },
  })
  connection.write(request)
  const hasAnswered = () =>
    answer.includes('{"type":"live"}') || (answer.includes("\r\n\r\n") && !isUpgraded())
  const isUpgraded = () => answer.startsWith("HTTP/1.1 101")
  await until("the upgrade is answered", hasAnswered)
  return isUpgraded() ? "live" : Number(answer.split(" ")[1])
}
