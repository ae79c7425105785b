import { expect, test } from "bun:test"
import { administrate } from "../../support/administrators.ts"
import { find } from "../../support/html.ts"
import { addressOf, idsOf, routesOf } from "../../support/routes.ts"
import { createTestServer } from "../../support/server.ts"

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
