import { describe, expect, test } from "bun:test"
import { deflateRawSync } from "node:zlib"
import { until } from "../../support/listen.ts"
import { rawAnswer } from "../../support/raw.ts"
import { createTestServer } from "../../support/server.ts"

describe("a socket that offers compression", () => {
  const head = (path: string, { origin }: { origin: string }, more: string[]) => [
    `GET ${path} HTTP/1.1`,
    `Host: ${new URL(origin).host}`,
    `Origin: ${origin}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits; server_no_context_takeover",
    ...more,
  ]

  test.each(["/socket", "the room's"])("is not taken up on it: %s", async (which) => {
    using server = await createTestServer()
    const path = which === "/socket" ? which : `${server.roomPath}/live`
    const cookie = `Cookie: ${await server.as("bob").cookie()}`

    const isEnough = (answer: string) => answer.includes("\r\n\r\n")
    const answer = await rawAnswer(server.origin, head(path, server, [cookie]), { isEnough })

    expect(answer).toStartWith("HTTP/1.1 101")
    expect(answer).not.toMatch(/^sec-websocket-extensions/im)
  })

  test("and sends a compressed frame all the same is cut off, and nothing is unpacked", async () => {
    using server = await createTestServer()
    const cookie = `Cookie: ${await server.as("bob").cookie()}`
    const before = await server.dump()
    let [answer, isCut] = ["", false]
    const connection = await Bun.connect({
      hostname: "127.0.0.1",
      port: Number(new URL(server.origin).port),
      socket: {
        data: (_, chunk) => {
          answer += chunk.toString("latin1")
        },
        close: () => {
          isCut = true
        },
      },
    })
    connection.write(`${head(`${server.roomPath}/live`, server, [cookie]).join("\r\n")}\r\n\r\n`)
    await until("the socket is live", () => answer.includes('{"type":"live"}'))

    connection.write(maskedFrame(0xc1, deflateRawSync(JSON.stringify({ content: "x".repeat(1000) }))))

    await until("it is cut off", () => isCut)
    await until("nothing is left of it", () => server.chat.sidekick.stats().connections === 0)
    expect(await server.dump()).toEqual(before)
  })
})

/** A frame as browsers send it, masked with zeros. */
function maskedFrame(first: number, payload: Uint8Array): Uint8Array {
  expect(payload.length).toBeLessThan(126)
  return Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload])
}
