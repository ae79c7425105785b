import { describe, expect, setDefaultTimeout, test } from "bun:test"
import fc from "fast-check"
import { rawAnswer } from "../../support/raw.ts"
import { type Ids, routesOf } from "../../support/routes.ts"
import { createTestServer } from "../../support/server.ts"
import { deep, each, expectAnswer, noteErrors, text, unlucky, visitorOf, withstands } from "./attack.ts"

setDefaultTimeout(120_000)
noteErrors()

/** By people who may: it takes away the ground the others stand on. */
const destructive =
  /delete|remove|leave|logout|revoke|ban|password|account|sessions|login|signup|timeout|lock|permissions|access|archive|purge|roles|transfer|joining|admin/

describe("forms", () => {
  const names =
    "name content id username password position status expiresInSeconds maxUses reason currentPassword newPassword next"
  const fields = fc.dictionary(
    fc.constantFrom(...names.split(" "), "__proto__", "constructor", "name[a]"),
    text,
  )
  const body = fc.oneof(
    fields.map((form) => ["application/x-www-form-urlencoded", encode(form)] as const),
    fields.map((form) => ["application/json", JSON.stringify(form)] as const),
    fc.jsonValue().map((any) => ["application/json", JSON.stringify(any)] as const),
    deep.map((nested) => ["application/json", nested] as const),
    fc.tuple(fc.constantFrom("multipart/form-data; boundary=x", "text/plain", "x/y", ""), text),
  )

  test("break nothing, by whomever and to wherever", async () => {
    using server = await createTestServer({ RATE_LIMIT_LOGINS: "2/10m" })
    const routes = routesOf(server).filter((route) => route.startsWith("POST"))
    expect(routes.length).toBeGreaterThan(20)
    const visit = fc.record({
      who: fc.constantFrom("alice", "bob", "mallory", "nobody"),
      body,
      htmx: fc.boolean(),
    })

    await withstands(server, async ({ reads, ids }) => {
      for (const route of routes) {
        await each(visit, 12, async ({ who, body: [type, content], htmx }) => {
          const isOutside = who === "mallory" || who === "nobody"
          if (!isOutside && destructive.test(route)) return

          const headers = { "content-type": type, ...(htmx && { "hx-request": "true" }) }
          const init = { method: "POST", headers, body: content.toWellFormed() }
          const answer = await visitorOf(server, who).fetch(
            pathOf(route, isOutside ? unlucky(ids) : ids),
            init,
          )
          await expectAnswer(answer, isOutside ? reads : undefined)
        })
      }
    })
  })
})

describe("addresses", () => {
  test("of every route are answered without a 500, with any ids", async () => {
    using server = await createTestServer({ RATE_LIMIT_LOGINS: "2/10m" })
    const routes = routesOf(server).filter((route) => !/^WS|\/(events|stream)$/.test(route))
    const visit = fc.record({
      who: fc.constantFrom("alice", "mallory", "nobody"),
      ids: fc.array(
        fc.oneof(
          text.map(segment),
          fc.webPath().map((path) => path || "a"),
        ),
        { minLength: 4 },
      ),
      query: fc.oneof(
        fc.constant(""),
        fc.dictionary(text.map(segment), text).map((all) => `?${encode(all)}`),
      ),
    })

    await withstands(server, async ({ reads }) => {
      for (const route of routes) {
        await each(visit, 6, async ({ who, ids, query }) => {
          const [named = "", declared = ""] = route.split(" ")
          const method = named === "ALL" ? "POST" : named
          if (who === "alice" && destructive.test(route)) return
          const path = declared.replace(/:\w+|\*/g, () => ids.shift() ?? "x") + query
          const isRead = method === "GET" || method === "HEAD"
          const init = isRead ? { method } : { method, body: new URLSearchParams({ name: "x" }) }
          const answer = await visitorOf(server, who).fetch(path, init)
          await expectAnswer(answer, who === "alice" ? undefined : reads)
        })
      }
    })
  })
})

describe("headers", () => {
  const names =
    "Cookie Authorization Accept Content-Type Last-Event-ID Origin Sec-Fetch-Site HX-Request HX-Target Accept-Encoding X-Forwarded-For X-Request-Id If-None-Match Range Content-Length Transfer-Encoding Expect Upgrade"
  // Any bytes but those that end a header: others would be cut off by the parser, and that is its business.
  const bytesOfHeader = fc.string({
    unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  })
  const content = fc.oneof(
    bytesOfHeader,
    fc.constantFrom(
      "*/*",
      "application/json",
      "text/event-stream",
      "null",
      "true",
      "-1",
      "9".repeat(30),
      ";;;=,",
      "gzip, br",
    ),
    fc.constantFrom(
      "x".repeat(6000),
      `covenant.session_token=${"%".repeat(500)}`,
      "Bearer ",
      "Basic Og==",
      "a=b; ".repeat(900),
    ),
  )
  const headers = fc.array(fc.tuple(fc.constantFrom(...names.split(" ")), content), { maxLength: 5 })

  test("break nothing on any page, form or stream", async () => {
    using server = await createTestServer()
    const paths = ["", "/live", "/events", "/stream", "/around", "/composer"].map(
      (end) => server.roomPath + end,
    )
    const lines = [
      ...[...paths, "/", "/login", "/socket", "/health"].map((path) => `GET ${path}`),
      "POST /servers",
    ]
    const visit = fc.record({
      line: fc.constantFrom(...lines, `POST ${server.roomPath}/messages`),
      host: fc.constantFrom("chat.example", "chat.example", "", "a b", "x:99999", "[::1]", "\xff", "//"),
      headers,
    })

    await withstands(server, async ({ reads }) => {
      await each(visit, 250, async ({ line, host, headers }) => {
        const head = [`${line} HTTP/1.1`, `Host: ${host}`, "Connection: close"]
        const lines = [...head, ...headers.map((pair) => pair.join(": "))]
        const answer = await rawAnswer(server.origin, lines, { maxMs: 500 })
        // Nothing at all is how Bun refuses what is no HTTP.
        if (answer) expect(Number(answer.split(" ")[1])).toBeLessThan(500)
        reads(answer)
      })
    })
  })
})

function pathOf(route: string, ids: Ids): string {
  return (route.split(" ")[1] ?? "").replace(/:(\w+)/g, (_, name: keyof Ids) => ids[name] ?? "none")
}

const encode = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map((pair) => pair.map(segment).join("="))
    .join("&")

/** As a browser would send it, or not. */
const segment = (any: string) => (any.startsWith("%") ? any : encodeURIComponent(any.toWellFormed()))
