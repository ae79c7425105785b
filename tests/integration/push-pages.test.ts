import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { pushDeliveries } from "../../drizzle/schema.ts"
import { findMessage } from "../../src/features/messages/store.ts"
import { recordPushes } from "../../src/features/push/queue.ts"
import { pushSender } from "../../src/features/push/sender.ts"
import { expectData } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { startPushService } from "../support/push.ts"
import { say } from "../support/say.ts"
import { createTestServer, type TestServer } from "../support/server.ts"

// A page that was closed counts for some seconds more.
setDefaultTimeout(30_000)

interface OpenPage {
  /** It does not show the channel any more. */
  hide(): void
  /** It shows it again, where a page says so. */
  show?(): void
  close(): void
}

/** How a page of bob's shows the channel. */
const ways: Record<string, (server: TestServer) => Promise<OpenPage>> = {
  "over a WebSocket": async (server) => {
    const socket = await openSocket(server)
    const say = (status: string) => socket.send(JSON.stringify({ status }))
    return { hide: () => say("hidden"), show: () => say("visible"), close: () => socket.close() }
  },
  "without a script": async (server) => {
    const aborter = new AbortController()
    await server.as("bob").get(`${server.roomPath}/stream`, { signal: aborter.signal })
    const close = () => aborter.abort()
    return { hide: close, close }
  },
}

describe("a notice of a message in a channel that a page shows", () => {
  test.each(Object.keys(ways))("waits for the page to be hidden, %s", async (name) => {
    using service = startPushService()
    using server = await createTestServer({ PUSH_PRIVATE_HOSTS: "127.0.0.1" })
    const page = await ways[name]?.(server)
    await until("the page is open", () => isShown(server))
    const messageId = await notifyBob(server, service)

    await send(server)
    expect(service.received).toEqual([])
    page?.hide()
    await until("it is due", async () => (await dueAt(server)) <= Date.now())
    if (page?.show) {
      page.show()
      await until("the page is back", () => isShown(server))
      await send(server)
      expect(service.received).toEqual([])
      page.hide()
      await until("it is due again", async () => (await dueAt(server)) <= Date.now())
    }
    await send(server)

    expect(service.received.map(({ content }) => content.notification.data.messageId)).toEqual([messageId])
    page?.close()
  })

  test("does not wait for a page that is hidden from the start, nor for a program", async () => {
    using service = startPushService()
    using server = await createTestServer({ PUSH_PRIVATE_HOSTS: "127.0.0.1" })
    const socket = await openSocket(server, "&hidden")
    const [events, lines] = [new AbortController(), new AbortController()]
    const path = `${server.roomPath}/events`
    const headers = { accept: "text/event-stream", "page-hidden": "1" }
    await server.as("bob").get(path, { headers, signal: events.signal })
    await server.as("bob").get(path, { headers: { accept: "text/plain" }, signal: lines.signal })
    await notifyBob(server, service)

    await send(server)

    expect(service.received).toHaveLength(1)
    socket.close()
    for (const aborter of [events, lines]) aborter.abort()
  })
})

async function openSocket(server: TestServer, query = ""): Promise<WebSocket> {
  const { origin } = server.as("bob").server
  const headers = { cookie: await server.as("bob").cookie(), origin }
  const url = `${origin.replace("http", "ws")}${server.roomPath}/live?after=0${query}`
  const socket = new WebSocket(url, { headers })
  let isLive = false
  socket.onmessage = ({ data }) => {
    isLive ||= data === '{"type":"live"}'
  }
  await until("it is live", () => isLive)
  return socket
}

const isShown = ({ second, cast, general }: TestServer) =>
  second.shownRooms.whichHere([{ userId: cast.bob.id, channelId: general.id }]).length > 0

/** A message for bob, of some time ago. */
async function notifyBob(server: TestServer, service: ReturnType<typeof startPushService>): Promise<string> {
  const { cast, chat } = server
  expectData(await cast.bob.client.mutate("addPushDevice", { ...service.subscribe("phone"), name: "phone" }))
  const messageId = await say(server, cast.alice, "hello")
  const message = await findMessage(chat.db, messageId)
  if (!message) throw new Error("There is no such message")
  const old = { ...message, createdAt: new Date(Date.now() - 11_000) }
  const notice = { userId: cast.bob.id, reason: "mention", message: old, isPushed: true }
  await chat.commits.decide((tx) => recordPushes(tx, [notice]))
  return messageId
}

/** When the notice is due, in milliseconds. */
async function dueAt({ chat }: TestServer): Promise<number> {
  const [delivery] = await chat.db.select().from(pushDeliveries).all()
  return delivery?.dueAt?.getTime() ?? Number.POSITIVE_INFINITY
}

const send = ({ chat }: TestServer) => chat.workers.get(pushSender).run()
