import { describe, expect, setDefaultTimeout, test } from "bun:test"
import ION from "@covenant-rpc/ion"
import { listAfter } from "../../src/features/messages/store.ts"
import { maxPostBytes } from "../../src/sidekick/protocol.ts"
import { until } from "../support/listen.ts"
import { rawAnswer } from "../support/raw.ts"
import { createTestServer } from "../support/server.ts"
import { createPair, createTestService, openSocket, secret } from "../support/sidekick.ts"
import { connectWire } from "./transports/wire.ts"

setDefaultTimeout(60_000)
const patience = 20_000

describe("refuses", () => {
  const paths = ["/connection", "/message", "/resources", "/batch", "/anything"]
  const post = (origin: string, path: string, authorization: string | undefined, body: string) =>
    fetch(origin + path, { method: "POST", body, headers: authorization ? { authorization } : {} })

  test.each(paths)("a request without the secret, at %s", async (path) => {
    using service = createTestService("http://127.0.0.1:9")
    const wrong = [
      undefined,
      "",
      "Bearer",
      "Bearer x",
      `Bearer ${secret}x`,
      `Basic ${secret}`,
      `Bearer ${secret.slice(1)}`,
    ]

    for (const authorization of wrong) {
      const answer = await post(service.origin, path, authorization, "{}")
      expect([authorization, answer.status]).toEqual([authorization, 401])
    }
  })

  test.each(["channel", "listen", "log"])(
    "a request without the secret, at the server's %s",
    async (type) => {
      using made = await createPair()
      const { server } = made
      const context = { userId: server.cast.alice.id, username: "alice" }
      const body = ION.stringify({
        channel: "chat",
        params: server.room,
        data: { content: "forged" },
        context,
        after: 0,
        asked: [],
      })
      const ask = async (token: string, origin = server.origin) => {
        const headers = { authorization: `Bearer ${token}` }
        return (await fetch(`${origin}/api/covenant?type=${type}`, { method: "POST", headers, body })).status
      }

      expect(await ask("wrong")).toBe(401)
      expect(await ask(server.cast.alice.token)).toBe(401)
      expect(await listAfter(server.chat.db, server.general.id, 0, 10)).toEqual([])
      expect(await ask(secret)).toBeLessThan(300) // or the rest proves nothing
    },
  )

  test("every sidekick, if none is configured", async () => {
    using server = await createTestServer()
    const headers = { authorization: `Bearer ${secret}` }
    const body = ION.stringify({
      channel: "chat",
      params: server.room,
      data: { content: "forged" },
      context: {},
    })
    const answer = await fetch(`${server.origin}/api/covenant?type=channel`, {
      method: "POST",
      headers,
      body,
    })

    expect(answer.status).toBe(404)
  })

  test.each(paths)("a malformed body, at %s", async (path) => {
    using service = createTestService("http://127.0.0.1:9")
    const status = path === "/anything" ? 404 : 400
    const token = "t".repeat(300)
    const bodies = [
      "",
      "{",
      "null",
      "[]",
      "{}",
      '{"token":1}',
      ION.stringify({ token, channel: "c", params: {} }),
    ]

    for (const body of bodies) {
      const answer = await post(service.origin, path, `Bearer ${secret}`, body)
      expect([body, answer.status]).toEqual([body, status])
    }
  })

  test("an oversized body", async () => {
    using service = createTestService("http://127.0.0.1:9")
    const answer = await post(service.origin, "/message", `Bearer ${secret}`, "x".repeat(maxPostBytes + 1))

    expect(answer.status).toBe(413)
  })

  test("sockets of other sites, and more than the limit", async () => {
    using service = createTestService("http://127.0.0.1:9", {
      PUBLIC_URL: "https://chat.example.org",
      SIDEKICK_MAX_SOCKETS: "2",
    })
    const statusFor = async (origin?: string) => {
      const head = [...upgrade, "Host: sidekick"]
      const answer = await rawAnswer(service.origin, [...head, ...(origin ? [`Origin: ${origin}`] : [])], {
        isEnough: (text) => text.includes("\r\n\r\n"),
      })
      return Number(answer.split(" ")[1])
    }

    expect(await statusFor("https://evil.example")).toBe(403)
    expect(await statusFor("https://chat.example.org")).toBe(101)
    const sockets = [await openSocket(service.origin), await openSocket(service.origin)]
    expect(await statusFor()).toBe(503)
    for (const socket of sockets) socket.close()
    await until("a new socket is accepted", async () => (await statusFor()) === 101, patience)
  })

  test("frames that are too large or too many", async () => {
    using service = createTestService("http://127.0.0.1:9")
    const [large, many] = [await openSocket(service.origin), await openSocket(service.origin)]

    large.tell({ type: "subscribe", token: "x".repeat(20_000) })
    for (let count = 0; count < 1100; count++) many.tell({ type: "unlisten", resources: [] })

    await until("the large frame closed its socket", () => large.code() !== undefined, patience)
    await until("the flood closed its socket", () => many.code() === 1013, patience)
  })
})

test("a slow reader is disconnected and costs no memory", async () => {
  using made = await createPair()
  const { server, service } = made
  const channelId = server.general.id
  const granted = await connectWire(server, server.cast.bob.token, { channelId }, "presence")
  const { hostname, port } = new URL(service.origin)
  let received = ""
  const slow = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      data(_, chunk) {
        received = (received + chunk.toString("latin1")).slice(-1000)
      },
    },
  })
  slow.write(`${[...upgrade, `Host: ${hostname}`].join("\r\n")}\r\n\r\n`)
  slow.write(frameOf({ type: "subscribe", token: granted.type === "OK" ? granted.token : "" }))
  await until("the slow socket is subscribed", () => received.includes("subscribed"), patience)
  slow.pause()
  const count = async (name: string) => {
    const text = await (await fetch(`${service.origin}/metrics`)).text()
    return Number(text.match(new RegExp(`^${name}\\{transport="wire"\\} (\\d+)$`, "m"))?.[1])
  }

  const large = "x".repeat(100_000)
  await until(
    "the slow socket is cut off",
    async () => {
      for (let sent = 0; sent < 20; sent++) {
        await server.chat.service?.sidekick.postMessage({
          channel: "presence",
          params: { channelId },
          data: large,
        })
      }
      await server.chat.service?.sidekick.flushed()
      return (await count("covenant_slow_readers_total")) === 1
    },
    patience,
  )

  await until("the slow socket is gone", async () => (await count("covenant_connections")) === 0, patience)
  slow.terminate()
})

const upgrade = [
  "GET /socket HTTP/1.1",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
]

/** A client's WebSocket frame under 64 KB, with a mask of zeros (RFC 6455, section 5.2). */
function frameOf(value: object): Buffer {
  const payload = Buffer.from(ION.stringify(value as never))
  return Buffer.concat([
    Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]),
    payload,
  ])
}
