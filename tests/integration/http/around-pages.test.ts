import { describe, expect, test } from "bun:test"
import { refuseMetrics } from "../../../src/web/metrics-access.ts"
import { expectData } from "../../support/chat.ts"
import { find } from "../../support/html.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"

const elsewhere = "https://page.example"

test("programs find what they ask every site for", async () => {
  using server = await createTestServer({ SECURITY_CONTACT: "mailto:security@example.org" })
  const get = (path: string) => server.visitor(null).get(path)

  const robots = await get("/robots.txt")
  expect([robots.headers.get("content-type"), await robots.text()]).toEqual([
    "text/plain; charset=utf-8",
    "User-agent: *\nAllow: /invites/\nDisallow: /\n",
  ])
  const icon = await get((await get("/favicon.ico")).headers.get("location") ?? "")
  expect([icon.status, icon.headers.get("content-type")]).toEqual([200, "image/x-icon"])
  const { status, headers } = await get("/.well-known/change-password")
  expect([status, headers.get("location")]).toEqual([303, "/account/password"])
  const security = await (await get("/.well-known/security.txt")).text()
  const [, expires = ""] = security.match(/^Expires: (\S+)$/m) ?? []
  expect(security).toStartWith("Contact: mailto:security@example.org\n")
  const days = (Date.parse(expires) - Date.now()) / 86_400_000
  expect([days > 90, days < 365]).toEqual([true, true])
  // Programs look whether a site says yes to everything. Source: W3C, Detecting the Reliability of HTTP Status Codes.
  const missing = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200"
  expect((await get(missing)).status).toBe(404)
})

test("an invite says to other programs what it says to people, and no more", async () => {
  using server = await createTestServer({ PUBLIC_URL: "https://chat.example.org" })
  const { client } = server.cast.alice
  const serverId = server.lab.id
  expectData(await client.mutate("updateServer", { serverId, name: `"><script>x</script>`, description: "" }))
  const { code } = expectData(await client.mutate("createInvite", { serverId }))

  const page = await (await server.visitor(null).get(`/invites/${code}`)).text()
  const gone = await (await server.visitor(null).get("/invites/nosuchcode")).text()

  const said = Object.fromEntries(
    find(page, "meta[property], meta[name=robots]").map(({ attributes }) => [
      attributes.property ?? attributes.name,
      attributes.content,
    ]),
  )
  expect(said).toEqual({
    robots: "noindex",
    "og:type": "website",
    "og:site_name": "Covenant Chat",
    "og:title": `Join "><script>x</script>`,
    "og:description": "alice invites you. 2 members.",
    "og:url": `https://chat.example.org/invites/${code}`,
  })
  expect(find(page, "script")).toEqual([])
  expect(find(gone, "meta[property]")).toEqual([])
})

describe("a page of another origin", () => {
  const ask = (server: TestServer, path: string, init: RequestInit & { headers: Record<string, string> }) =>
    fetch(server.origin + path, { ...init, headers: { origin: elsewhere, ...init.headers } })
  const allowed = ({ headers }: Response) => headers.get("access-control-allow-origin")

  test("uses the API with a token, and never with a cookie", async () => {
    using server = await createTestServer()
    const bearer = { authorization: `Bearer ${server.cast.alice.token}` }
    const cookie = await server.as("alice").cookie()

    const preflight = await ask(server, "/api/createServer", {
      method: "OPTIONS",
      headers: {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
      },
    })
    expect([preflight.status, allowed(preflight)]).toEqual([204, "*"])
    expect(preflight.headers.get("access-control-allow-headers")).toContain("authorization")

    const servers = await ask(server, "/api/getServers", { headers: bearer })
    expect([servers.status, allowed(servers)]).toEqual([200, "*"])
    const body = JSON.stringify({ name: "New" })
    const headers = { ...bearer, "content-type": "application/json" }
    const made = await ask(server, "/api/createServer", { method: "POST", headers, body })
    expect([made.status, allowed(made)]).toEqual([200, "*"])
    // What went wrong is read there too.
    const refused = await ask(server, "/api/getServers", { headers: { authorization: "Bearer wrong" } })
    expect([refused.status, allowed(refused)]).toEqual([401, "*"])

    const before = await server.dump()
    const byCookie = await ask(server, "/api/getServers", { headers: { cookie } })
    const login = { method: "POST", headers: { "content-type": "application/json" } }
    const signIn = await ask(server, "/api/login", {
      ...login,
      body: `{"username":"alice","password":"password"}`,
    })
    const page = await ask(server, "/account", { headers: { ...bearer, cookie } })
    const plain = await ask(server, "/api/getServers", {
      method: "OPTIONS",
      headers: { "access-control-request-method": "GET" },
    })
    expect([byCookie, signIn, page, plain].map(allowed)).toEqual([null, null, null, null])
    expect([byCookie.status, signIn.status]).toEqual([401, 403])
    for (const answer of [preflight, servers, made, refused, byCookie, signIn, page, plain])
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull()
    expect(await server.dump()).toEqual(before)
  })
})

const token = "a-token-that-is-only-used-in-tests"
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })

test.each<[who: string, address: string, headers: Record<string, string>, status: number | undefined]>([
  ["this machine", "127.0.0.1", {}, undefined],
  ["this machine by IPv6", "::1", { host: "[::1]:3000" }, undefined],
  ["this machine, as a double socket says it", "::ffff:127.0.0.1", {}, undefined],
  ["another machine", "10.0.0.7", {}, 401],
  ["another that says it is this one", "203.0.113.7", { host: "localhost" }, 401],
  ["somebody through a proxy here", "127.0.0.1", { "x-forwarded-for": "203.0.113.7" }, 401],
  ["somebody through another proxy here", "127.0.0.1", { forwarded: "for=203.0.113.7" }, 401],
  ["somebody whose host a proxy passed on", "127.0.0.1", { host: "chat.example.org" }, 401],
  ["nobody on a network", "", {}, 401],
  ["anyone with the token", "203.0.113.7", { host: "chat.example.org", ...bearer(token) }, undefined],
  ["anyone with a wrong token", "203.0.113.7", bearer(`${token}x`), 401],
])("metrics are refused to all but this machine and the token: %s", (_, address, headers, status) => {
  const { host = "127.0.0.1:3000", ...others } = headers
  const request = new Request(`http://${host}/metrics`, { headers: others })

  expect(refuseMetrics({ request, address, token })?.status).toBe(status)
  const withoutToken = headers.authorization ? 403 : status && 403
  expect(refuseMetrics({ request, address })?.status).toBe(withoutToken)
})
