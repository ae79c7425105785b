import { expect, test } from "bun:test"
import { until } from "../../support/listen.ts"
import { createTestServer } from "../../support/server.ts"

test("thousands of requests at once over one connection do not keep the others waiting", async () => {
  using server = await createTestServer()
  const { hostname, port, host } = new URL(server.origin)
  // Small answers, or those that wait to be read would end the connection too.
  const path = "/api/getInvite?code=unknown"
  await server.visitor(null).get(path) // or the first of them is answered too late for the next one
  const requests = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(4000))
  let [answer, isClosed, written] = ["", false, 0]
  const write = (socket: { write(bytes: Uint8Array): number }) => {
    written += Math.max(0, socket.write(requests.subarray(written)))
  }

  await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      open: write,
      drain: write,
      data: (_, chunk) => {
        answer += chunk.toString("latin1")
      },
      close: () => {
        isClosed = true
      },
    },
  })
  const answered = () => answer.split("HTTP/1.1 404 ").length - 1
  // With Postgres at once, where each answer waits for the database.
  await until("its connection is closed, or all is answered", () => isClosed || answered() === 4000)

  expect(answered()).toBeLessThan(2000)
})

test("as many connections with one request each are all answered", async () => {
  using server = await createTestServer()

  const answers = await Promise.all(Array.from({ length: 500 }, () => server.visitor(null).get("/login")))

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
})
