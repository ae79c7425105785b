import { describe, expect, setDefaultTimeout, spyOn, test } from "bun:test"
import type { Chat } from "../../../src/chat.ts"
import { createTestChat, errorsSeenBy, silent } from "../../support/chat.ts"
import { hostileBodies } from "../../support/corpora/hostile-bodies.ts"
import { cpuMs } from "../../support/cpu.ts"
import { until } from "../../support/listen.ts"
import { createTestServer } from "../../support/server.ts"

// Input that is too much: refused before it costs anything.

setDefaultTimeout(30_000)

test("lengths are counted in UTF-16 code units, as browsers do", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const connected = await alice.client.connect("chat", app.room, {})
  const send = (content: string) => alice.client.send("chat", app.room, connected.token ?? "", { content })

  await send("\u{1f600}".repeat(1000))
  await expect(send(`x${"\u{1f600}".repeat(1000)}`)).rejects.toMatchObject({ fault: "client", code: 400 })
  const named = await alice.client.mutate("createServer", { name: "\u{1f600}".repeat(51) })
  expect(named.error?.code).toBe(400)
})

test("a list of thousands of invalid values is not answered by as many issues", async () => {
  using app = await createTestChat()
  const answers = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`question ${index}`, 1]))

  const result = await app.cast.alice.client.mutate("answerQuestions", {
    serverId: app.lab.id,
    answers: answers as never,
  })

  expect(result.error?.code).toBe(400)
  expect(result.error?.issues).toHaveLength(50)
})

test.each(["/api/login", "/api/covenant", "/login"])(
  "a client that goes away within its body writes nothing into the log of errors: %s",
  async (path) => {
    using server = await createTestServer()
    using errors = spyOn(silent, "error")
    const { hostname, port, host } = new URL(server.origin)
    const head = ["Content-Type: application/json", "Content-Length: 100", `Origin: ${server.origin}`]
    const before = answeredBy(server)

    const connection = await Bun.connect({ hostname, port: Number(port), socket: { data() {} } })
    connection.write(`POST ${path} HTTP/1.1\r\nHost: ${host}\r\n${head.join("\r\n")}\r\n\r\n{`)
    await until("the request is being read", () => server.app.server?.pendingRequests === 1)
    connection.terminate()

    await until("it is over", () => answeredBy(server) > before)
    expect(errorsSeenBy(errors)).toEqual([])
  },
)

describe("a body of", () => {
  test.each(hostileBodies)("%s is refused, and costs nothing", async (_, body) => {
    using server = await createTestServer()
    using errors = spyOn(silent, "error")
    const alice = server.as("alice")
    const before = await server.dump()
    const authorization = `Bearer ${server.cast.alice.token}`
    const call = (asked: string) =>
      fetch(`${server.origin}/api/covenant`, { method: "POST", headers: { authorization }, body: asked })
    const json = { "content-type": "application/json" }

    const answers: Response[] = []
    const cost = await cpuMs(async () => {
      answers.push(
        await alice.fetch("/servers", { method: "POST", headers: json, body }),
        await alice.fetch(`${server.roomPath}/messages`, {
          method: "POST",
          headers: json,
          body: `{"content":${body}}`,
        }),
        await call(body),
        await call(`{"procedure":"createServer","inputs":{"name":${body.slice(0, 60_000)}}}`),
        await call(`{"procedure":"createServer","inputs":${body}}`),
      )
    })

    for (const { status } of answers) expect([400, 404, 413]).toContain(status)
    expect(cost).toBeLessThan(1000)
    expect(errorsSeenBy(errors)).toEqual([])
    expect(await server.dump()).toEqual(before)
  })

  const zeros = Buffer.alloc(40 * 1024 * 1024)
  test.each([
    ["gzip", Bun.gzipSync(zeros, { level: 9 })],
    ["deflate", Bun.deflateSync(zeros, { level: 9 })],
    ["gzip, gzip", Bun.gzipSync(Bun.gzipSync(zeros, { level: 9 }), { level: 9 })],
  ])("40 MB that travel as 40 KB by %s are never unpacked", async (encoding, body) => {
    expect(body.length).toBeLessThan(64 * 1024)
    using server = await createTestServer()
    const headers = { "content-encoding": encoding, "content-type": "application/x-www-form-urlencoded" }
    const send = (path: string, type?: string) =>
      server.as("alice").fetch(path, {
        method: "POST",
        headers: { ...headers, ...(type && { "content-type": type }) },
        body,
      })
    await send("/servers")
    const before = await server.dump()
    const held = memory()

    const answers = [
      await send("/servers"),
      await send("/servers", "application/json"),
      await send("/api/covenant", "text/plain"),
    ]
    for (let count = 0; count < 10; count++) answers.push(await send(`${server.roomPath}/messages`))

    for (const { status } of answers) expect(status).toBeWithin(400, 500)
    expect(await server.dump()).toEqual(before)
    expect(memory() - held).toBeLessThan(200 * 1024 * 1024) // of 520
  })
})

function memory(): number {
  Bun.gc(true)
  return process.memoryUsage().rss
}

/** How many requests were answered. */
function answeredBy({ chat }: { chat: Chat }): number {
  const counts = chat.metrics.registry.text().matchAll(/^covenant_http_requests_total\{.*\} (\d+)$/gm)
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
}
