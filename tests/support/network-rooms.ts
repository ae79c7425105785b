import type { Gap } from "../../src/kernel/index.ts"
import { type NetworkOptions, networkClient } from "../integration/transports/network.ts"
import type { Person } from "./chat.ts"
import { createProxy } from "./proxy.ts"
import { createTestServer, type TestServer } from "./server.ts"

export const patience = 20_000

/** Reconnects at once; the delays have a unit test. */
export const quick = { random: () => 0 }

export type Client = ReturnType<typeof networkClient>

export type Room = TestServer["room"]

/** A server behind a proxy that can cut connections. */
export async function createScene(environment: Record<string, string> = {}) {
  const server = await createTestServer(environment)
  const way = await createProxy(Number(new URL(server.origin).port))
  const clients: Client[] = []
  const as = ({ token }: Person, options: NetworkOptions = {}) => {
    const client = networkClient(way.origin, token, { ...quick, ...options })
    clients.push(client)
    return client
  }
  const close = () => {
    for (const client of clients) client.disconnect()
    way.close()
    server.close()
  }
  return { server, way, as, room: server.room, cast: server.cast, [Symbol.dispose]: close }
}

export async function join(client: Client, room: Room, request: { after?: number } = {}): Promise<string> {
  const connected = await client.connect("chat", room, request)
  if (!connected.success) throw new Error(connected.error.message)

  return connected.token
}

/** Collects everything that a client receives in the room. */
export async function hear(client: Client, room: Room) {
  const token = await join(client, room)
  const heard: string[] = []
  const gaps: Gap[] = []
  await client.subscribe("chat", room, token, ({ content }) => void heard.push(content), {
    onGap: (gap) => void gaps.push(gap),
  })
  const send = (content: string) => client.send("chat", room, token, { content })
  return { token, heard, gaps, send }
}

/** Alice sends something in the server's process. */
export async function sendAsAlice({ room, cast }: Pick<TestServer, "room" | "cast">, ...contents: string[]) {
  const { client } = cast.alice
  const connected = await client.connect("chat", room, {})
  if (!connected.success) throw new Error(connected.error.message)
  const { token } = connected
  await Promise.all(contents.map((content) => client.send("chat", room, token, { content })))
  await client.unsubscribe("chat", room, token)
}
