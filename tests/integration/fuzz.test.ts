import { afterAll, describe, expect, type Mock, setDefaultTimeout, spyOn, test } from "bun:test"
import ION from "@covenant-rpc/ion"
import fc from "fast-check"
import { covenant } from "../../src/covenant.ts"
import { errorsSeenBy, silent } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { rawAnswer } from "../support/raw.ts"
import { type Ids, idsOf, routesOf } from "../support/routes.ts"
import { createTestServer, type TestServer, type Visitor } from "../support/server.ts"
import { post } from "./transports/transport.ts"

// With any input from the network the server stays up, reveals nothing and answers without a 500. Every run has
// a seed, which a failure prints; `FUZZ_SEED=7 FUZZ_RUNS=10 bun test tests/integration/fuzz.test.ts` looks further.
const seed = Number(process.env.FUZZ_SEED ?? 1)
const times = Number(process.env.FUZZ_RUNS ?? 1)
const runs = (numRuns: number) => ({ seed, numRuns: numRuns * times, interruptAfterTimeLimit: 100_000 })
setDefaultTimeout(120_000)

/** What alice said in a channel that outsiders may not read. */
const secret = "the launch code is 0451"
/** Of the whole file, with garbage and the test runner's own; what leaks or inflates takes far more. */
const maxGrowthBytes = 300 * 1024 * 1024

const errors: Mock<typeof silent.error> = spyOn(silent, "error")
afterAll(() => errors.mockRestore())

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.constantFrom(
    ..."\0|\ud800|%00|%zz|..%2f|__proto__|constructor|toString|NaN|-1|1e999|9007199254740993|null|undefined".split(
      "|",
    ),
    ...[
      "' or 1=1 --",
      '"><img src=x onerror=y>',
      "\r\nset-cookie: a=b",
      "\u202e\u2066",
      "z\u0335\u0321".repeat(99),
    ],
    ...["x".repeat(2001), "[".repeat(5000), '{"a":'.repeat(2000), "https://".repeat(250)],
  ),
)
const deep = fc
  .tuple(fc.constantFrom(["[", "]"], ['{"a":', "}"], ['{"content":', "}"], ['{"id":', "}"]), fc.nat(7000))
  .map(([[open = "", close = ""], depth]) => `${open.repeat(depth)}1${close.repeat(depth)}`)
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }), fc.double(), fc.constant(null))
const bytes = fc.uint8Array({ maxLength: 200 })

describe("frames of a page's socket", () => {
  const page = fc.record({ content: value, id: value, status: value, type: value }, { requiredKeys: [] })
  const frame = fc.oneof(
    { weight: 4, arbitrary: page.map((frame) => JSON.stringify(frame)) },
    fc.jsonValue().map((any) => JSON.stringify(any)),
    text,
    deep,
    deep.map((nested) => `{"content":"x","id":${nested}}`),
    bytes,
    fc.constant("x".repeat(17_000)),
  )
  const visit = fc.record({
    who: fc.constantFrom("bob", "bob", "mallory", "nobody"),
    query: fc.oneof(
      fc.constant(""),
      text.map((after) => `?after=${encodeURIComponent(after.toWellFormed())}`),
    ),
    frames: fc.array(frame, { minLength: 1, maxLength: 5 }),
  })

  test("break nothing", async () => {
    using server = await createTestServer()
    await withstands(server, async ({ reads }) => {
      await each(visit, 120, async ({ who, query, frames }) => {
        const headers = { cookie: await visitorOf(server, who).cookie(), origin: server.origin }
        const heard = await exchange(server, `${server.roomPath}/live${query}`, headers, frames)
        if (who !== "bob") reads(heard)
      })
    })
  })
})

describe("frames of a program's socket", () => {
  const token = fc.oneof(text, fc.constant("granted"))
  const covenantFrame = fc.record(
    {
      type: fc.oneof(fc.constantFrom("subscribe", "unsubscribe", "send", "listen", "unlisten"), value),
      token,
      ref: value,
      channel: fc.oneof(fc.constantFrom("chat", "presence"), value),
      params: fc.oneof(fc.dictionary(fc.string(), fc.string()), value),
      data: value,
      resources: fc.oneof(fc.array(text, { maxLength: 5 }), value),
    },
    { requiredKeys: ["type"] },
  )
  const frame = fc.oneof(
    { weight: 4, arbitrary: covenantFrame.map((frame) => JSON.stringify(frame)) },
    { weight: 2, arbitrary: covenantFrame.map((frame) => ION.stringify(frame)) },
    text,
    deep,
    bytes,
  )

  test("break nothing", async () => {
    using server = await createTestServer()
    const { serverId } = server.room
    const watched = ["listen", `channels/server/${serverId}`, `members/server/${serverId}`]
    await withstands(server, async ({ reads }) => {
      await each(fc.array(frame, { minLength: 1, maxLength: 6 }), 120, async (frames) => {
        const listen = JSON.stringify({ type: "listen", resources: watched })
        const granted = frames.some((frame) => String(frame).includes("granted")) ? await grant(server) : ""
        const sent = frames.map((one) =>
          typeof one === "string" ? one.replace('"granted"', `"${granted}"`) : one,
        )
        reads(await exchange(server, "/socket", {}, [listen, ...sent]))
      })
    })
  })

  /** A connection that bob's program was granted: its holder is in the room. */
  async function grant({ chat, cast, room }: TestServer): Promise<string> {
    const headers = new Headers({ authorization: `Bearer ${cast.bob.token}` })
    const { token } = await chat.server.connect("chat", room, {}, { headers, url: "" })
    return token ?? ""
  }
})

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
        const answer = await rawAnswer(server.origin, [...head, ...headers.map((pair) => pair.join(": "))])
        // Nothing at all is how Bun refuses what is no HTTP.
        if (answer) expect(Number(answer.split(" ")[1])).toBeLessThan(500)
        reads(answer)
      })
    })
  })
})

describe("calls over the wire", () => {
  const ion = fc.oneof(
    fc.anything({ withDate: true, withMap: true, withSet: true, maxDepth: 3 }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, new Date(8.64e15), new Map([[{}, new Set()]]), {
      toString: 1,
    }),
    text,
  )
  const broken = fc.constantFrom(
    ...[
      "",
      "date:",
      "date:x",
      "map{",
      "map {1:}",
      "set[1",
      '{"__proto__":{"isAdmin":true}}',
      "[1,,2]",
      "-",
      "1e",
      '"\\u00',
    ],
    ...[
      '{"procedure":{"toString":1}}',
      '{"procedure":{"valueOf":null,"toString":null}}',
      '{"channel":{"toString":[]}}',
    ],
    ...[
      "map{}",
      "set{}",
      "null",
      "0",
      '{"procedure":map{},"inputs":set{}}',
      '{"procedure":"toString","inputs":null}',
    ],
  )

  test("break nothing, in any of the contract's procedures and channels", async () => {
    using server = await createTestServer({ RATE_LIMIT_LOGINS: "2/10m" })
    const names = Object.keys(covenant.procedures).filter(
      (name) => !/logout|OtherSessions|login|signUp/.test(name),
    )
    expect(names.length).toBeGreaterThan(20)

    await withstands(server, async ({ reads, ids }) => {
      // Most of it right, or nothing would get further than to be checked for its shape.
      const right = { ...unlucky(ids), ...{ name: "new", content: "new", position: 1, limit: 5, maxUses: 1 } }
      const some = fc.oneof(fc.constantFrom(...Object.values(right)), text, ion)
      const optional = { sessionId: some, reason: some, before: some, after: some, expiresInSeconds: some }
      const passwords = { currentPassword: some, newPassword: some, password: some }
      const needed: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(
        Object.entries(right).map(([name, value]) => [
          name,
          fc.oneof({ weight: 9, arbitrary: fc.constant(value) }, some),
        ]),
      )
      const any = fc.record({ ...optional, ...passwords, ...needed }, { requiredKeys: [] })
      const inputs = fc.oneof({ weight: 3, arbitrary: fc.record(needed) }, { weight: 2, arbitrary: any }, ion)
      const asked = fc.oneof(
        { weight: 6, arbitrary: fc.record({ procedure: fc.constantFrom(...names), inputs }) },
        fc.record({ procedure: some, inputs }),
        {
          weight: 2,
          arbitrary: fc.record({
            channel: fc.oneof(fc.constantFrom("chat", "presence"), some),
            params: inputs,
            data: ion,
          }),
        },
      )
      const content = fc.oneof(
        { weight: 8, arbitrary: asked.map(toIon) },
        broken,
        deep,
        deep.map((nested) => `{"procedure":"getServers","inputs":${nested}}`),
        deep.map((nested) => `{"channel":"chat","params":${nested}}`),
      )
      const visit = fc.record({ who: fc.constantFrom("mallory", "mallory", "mallory", "nobody"), content })

      await each(visit, 700, async ({ who, content }) => {
        const headers: Record<string, string> =
          who === "mallory" ? { authorization: `Bearer ${server.cast.mallory.token}` } : {}
        const address = `${server.origin}/api/covenant${content.includes('"channel"') ? "?type=connect" : ""}`
        const answer = await fetch(address, { method: "POST", headers, body: content.toWellFormed() })
        await expectAnswer(answer, reads)
      })
    })
  })

  /** What the encoder takes of it. */
  function toIon(any: unknown): string {
    try {
      return ION.stringify(any as never)
    } catch {
      return "{}"
    }
  }
})

interface Batch {
  ids: Ids
  /** Looks at what an outsider was told. */
  reads(answer: string): void
}

/** Lets something happen to a server that holds a secret, then looks whether it stands as before. */
async function withstands(server: TestServer, attack: (batch: Batch) => Promise<void>): Promise<void> {
  const ids = await idsOf(server)
  expect(await post(server.as("alice"), server.room, secret)).toBe(200)
  const secrets = [secret, ids.code, server.cast.bob.token, server.cast.alice.token, "$argon2"]
  const [before, stats] = [rss(), held(server)]
  errors.mockClear()

  await attack({
    ids,
    reads(answer) {
      for (const one of secrets) expect(answer.includes(one)).toBe(false)
    },
  })

  expect(errorsSeenBy(errors)).toEqual([])
  await until("all that was opened is closed", () => Bun.deepEquals(held(server), stats))
  expect((await fetch(`${server.origin}/health`)).status).toBe(200)
  expect(await post(server.as("alice"), server.room, "still here")).toBe(200)
  const page = await (await server.as("bob").get(server.roomPath)).text()
  expect(page).toContain("still here") // and members still read what outsiders were not told
  expect(rss() - before).toBeLessThan(maxGrowthBytes)
}

/** What connections leave behind; tokens nobody used expire by themselves. */
function held({ chat }: TestServer) {
  const { tokens: _, ...rest } = chat.sidekick.stats()
  return rest
}

function rss(): number {
  Bun.gc(true)
  return process.memoryUsage().rss
}

/** Runs a property; what it throws names the seed and the smallest case that fails. */
async function each<T>(arbitrary: fc.Arbitrary<T>, count: number, holds: (value: T) => Promise<void>) {
  await fc.assert(
    fc.asyncProperty(arbitrary, async (value) => {
      errors.mockClear()
      await holds(value)
      // Also what went wrong behind the answer.
      expect(errorsSeenBy(errors)).toEqual([])
    }),
    runs(count),
  )
}

async function expectAnswer(answer: Response, reads?: (text: string) => void): Promise<void> {
  const content = await answer.text()
  expect([answer.status, content.includes("Something went wrong") && content]).toEqual([
    expect.any(Number),
    false,
  ])
  expect(answer.status).toBeLessThan(500)
  reads?.(content + JSON.stringify([...answer.headers]))
}

/** Opens a socket, sends, and closes it when all was answered or it was closed; returns the received frames. */
async function exchange(
  { origin }: TestServer,
  path: string,
  headers: Record<string, string>,
  frames: (string | Uint8Array)[],
): Promise<string> {
  const ws = new WebSocket(origin.replace("http", "ws") + path, { headers } as never)
  let heard = ""
  ws.onmessage = ({ data }) => {
    heard += data
  }
  const closed = new Promise<void>((resolve) => {
    ws.onclose = ({ reason }) => {
      heard += reason
      resolve()
    }
  })
  await new Promise<void>((resolve) => {
    ws.onopen = () => resolve()
    void closed.then(resolve)
  })
  for (const frame of frames) if (ws.readyState === WebSocket.OPEN) ws.send(frame as never)
  // Its answer comes after all others.
  if (ws.readyState === WebSocket.OPEN)
    await new Promise<void>((resolve) => {
      ws.addEventListener("pong" as never, () => resolve())
      void closed.then(resolve)
      ;(ws as unknown as { ping(): void }).ping()
    })
  ws.close()
  await closed
  return heard
}

function visitorOf(server: TestServer, who: string): Visitor {
  return who === "nobody" ? server.visitor(null) : server.as(who as "alice")
}

function pathOf(route: string, ids: Ids): string {
  return (route.split(" ")[1] ?? "").replace(/:(\w+)/g, (_, name: keyof Ids) => ids[name] ?? "none")
}

/** What an outsider may have seen somewhere; an invite would make them no outsider. */
const unlucky = (ids: Ids): Ids => ({ ...ids, code: "nothing" })

const encode = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map((pair) => pair.map(segment).join("="))
    .join("&")

/** As a browser would send it, or not. */
const segment = (any: string) => (any.startsWith("%") ? any : encodeURIComponent(any.toWellFormed()))
