import { afterAll, describe, expect, test } from "bun:test"
import ION from "@covenant-rpc/ion"
import type { ChannelFault } from "../../../src/kernel/index.ts"
import { Upstream } from "../../../src/sidekick/upstream.ts"
import { silent } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"

/** A server whose answers the test decides, and the requests it got. */
let answer: (type: string, body: never) => Response | Promise<Response> = () => new Response()
const asked: { type: string; body: unknown; authorization: string | null }[] = []
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    const type = new URL(request.url).searchParams.get("type") ?? ""
    const body = ION.parse(await request.text())
    asked.push({ type, body, authorization: request.headers.get("authorization") })
    return answer(type, body as never)
  },
})
afterAll(() => void server.stop(true))

function createUpstream(reply: typeof answer, options: { openResources?: boolean; timeoutMs?: number } = {}) {
  asked.length = 0
  answer = reply
  const url = `http://127.0.0.1:${server.port}/api/covenant`
  const upstream = new Upstream({ url, secret: "shared", openResources: false, log: silent, ...options })
  const send = (data: unknown, token = "t") => upstream.forward("chat", { a: "1" }, data, { id: "me" }, token)
  return { upstream, send }
}

const ion = (value: object, status = 200) => new Response(ION.stringify(value as never), { status })

describe("a message of a client", () => {
  test("is forwarded whole, with the secret", async () => {
    const { send } = createUpstream(() => new Response(null, { status: 204 }))
    const at = new Date()

    expect(await send({ at })).toBeNull()

    const body = { channel: "chat", params: { a: "1" }, data: { at }, context: { id: "me" } }
    expect(asked).toEqual([{ type: "channel", body, authorization: "Bearer shared" }])
  })

  const unreachable: Partial<ChannelFault> = { fault: "sidekick", code: 503 }
  const answers: { what: string; status: number; body: object | string; fault: Partial<ChannelFault> }[] = [
    {
      what: "a refusal",
      status: 429,
      body: { fault: "client", message: "Too fast", code: 429, retryAfterSeconds: 3, more: "x" },
      fault: { fault: "client", message: "Too fast", code: 429, retryAfterSeconds: 3 },
    },
    {
      what: "the reference's refusal",
      status: 400,
      body: { fault: "client", message: "No" },
      fault: { fault: "client", message: "No" },
    },
    {
      what: "a bug of the reference's",
      status: 500,
      body: { error: "x" },
      fault: { fault: "server", code: 500 },
    },
    {
      what: "a database that is full",
      status: 503,
      body: { fault: "server", message: "Full", code: 503 },
      fault: { fault: "server", code: 503 },
    },
    {
      what: "a session that has ended",
      status: 401,
      body: { fault: "client", message: "Out", code: 401 },
      fault: { fault: "client", code: 401 },
    },
    {
      what: "a secret that is wrong",
      status: 401,
      body: { fault: "sidekick", message: "No" },
      fault: unreachable,
    },
    { what: "a proxy without a server", status: 502, body: "<h1>Bad gateway</h1>", fault: unreachable },
    { what: "another server", status: 404, body: "<h1>Not found</h1>", fault: unreachable },
    { what: "a way elsewhere", status: 302, body: "", fault: unreachable },
  ]
  test.each(answers)("$what becomes the right fault", async ({ status, body, fault }) => {
    const text = typeof body === "string" ? body : ION.stringify(body as never)
    const { send } = createUpstream(() => new Response(text, { status, headers: { location: "/elsewhere" } }))

    const told = await send("hello")

    expect(told).toMatchObject(fault)
    expect(Object.keys(told ?? {})).not.toContain("more")
    expect(asked).toHaveLength(1) // the secret was sent nowhere else
  })

  test("waits for those before it on its connection only, and too many are refused", async () => {
    const gate = Promise.withResolvers<void>()
    const { upstream, send } = createUpstream(async () => {
      await gate.promise
      return new Response(null, { status: 204 })
    })
    const sending = Array.from({ length: 201 }, (_, index) => send(index))
    const beside = send("beside", "another")
    await until("both connections sent a request", () => asked.length === 2)

    expect(await sending[200]).toMatchObject({ fault: "sidekick", code: 503 })
    expect(upstream.waiting).toBe(201)
    gate.resolve()
    const told = await Promise.all([...sending.slice(0, 200), beside])
    expect(told.every((fault) => fault === null)).toBe(true)
    const ofOne = asked
      .map(({ body }) => (body as { data: unknown }).data)
      .filter((data) => data !== "beside")
    expect(ofOne).toEqual(Array.from({ length: 200 }, (_, index) => index))
    expect(upstream.waiting).toBe(0)
  })

  test("does not wait for a hanging server: only the first does, the others are refused", async () => {
    const gate = Promise.withResolvers<void>()
    const { send } = createUpstream(
      async () => {
        await gate.promise
        return new Response()
      },
      { timeoutMs: 200 },
    )

    const told = await Promise.all(Array.from({ length: 100 }, (_, index) => send(index)))
    gate.resolve()

    expect(told.every((fault) => fault?.fault === "sidekick")).toBe(true)
    expect(asked).toHaveLength(1)
  })
})

describe("who may listen", () => {
  const mine = [{ userId: "me" }]

  test("gets one request, with each question once", async () => {
    const { upstream } = createUpstream((_, { asked: groups }: { asked: { resources: string[] }[] }) =>
      ion({ allowed: groups.map(({ resources }) => resources.map((resource) => resource !== "secret")) }),
    )
    const ask = (resource: string, contexts: unknown[] = mine) => upstream.mayListen({ resource, contexts })

    const may = await Promise.all([ask("a"), ask("secret"), ask("a"), ask("a", [{ userId: "you" }])])

    expect(may).toEqual([true, false, true, true])
    const groups = [
      { contexts: mine, resources: ["a", "secret"] },
      { contexts: [{ userId: "you" }], resources: ["a"] },
    ]
    expect(asked).toEqual([{ type: "listen", body: { asked: groups }, authorization: "Bearer shared" }])
  })

  test("gets requests within the server's limits", async () => {
    const { upstream } = createUpstream((_, { asked: groups }: { asked: { resources: string[] }[] }) =>
      ion({ allowed: groups.map(({ resources }) => resources.map(() => true)) }),
    )

    const asking = Array.from({ length: 300 }, (_, index) =>
      upstream.mayListen({ resource: "r".repeat(900), contexts: [index] }),
    )

    expect(await Promise.all(asking)).toEqual(Array(300).fill(true))
    expect(asked.length).toBeGreaterThan(4)
    for (const { body } of asked) expect(ION.stringify(body as never).length).toBeLessThan(40_000)
  })

  test.each([
    { reply: "", openResources: false, may: false },
    { reply: "", openResources: true, may: true },
    { reply: '{"allowed":[[false]]}', openResources: true, may: false },
    { reply: '{"allowed":[["yes"]]}', openResources: false, may: false },
    { reply: '{"allowed":[]}', openResources: false, may: false },
  ])(
    "the answer '$reply', with openResources $openResources, means $may",
    async ({ reply, openResources, may }) => {
      const { upstream } = createUpstream(() => new Response(reply), { openResources })

      expect(await upstream.mayListen({ resource: "a", contexts: mine })).toBe(may)
    },
  )

  test("is refused when the server cannot be reached", async () => {
    const { upstream } = createUpstream(() => new Response("", { status: 502 }), { openResources: true })

    await expect(upstream.mayListen({ resource: "a", contexts: mine })).rejects.toMatchObject({
      fault: "sidekick",
    })
  })
})

test("a log is read from the server, and refused if it has none", async () => {
  const part = { messages: [{ data: { at: new Date() }, seq: 4 }], seq: 4 }
  const { upstream } = createUpstream(() => ion(part))
  expect(await upstream.readLog("chat", {}, 3)).toEqual(part)
  expect(asked[0]).toMatchObject({ type: "log", body: { channel: "chat", params: {}, after: 3 } })

  answer = () => new Response()
  await expect(upstream.readLog("chat", {}, null)).rejects.toMatchObject({ fault: "sidekick" })
})
