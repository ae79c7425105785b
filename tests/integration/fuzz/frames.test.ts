import { describe, setDefaultTimeout, test } from "bun:test"
import ION from "@covenant-rpc/ion"
import fc from "fast-check"
import { createTestServer, type TestServer } from "../../support/server.ts"
import { deep, each, noteErrors, text, value, visitorOf, withstands } from "./attack.ts"

setDefaultTimeout(120_000)
noteErrors()

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
