import { CovenantClient } from "@covenant-rpc/client"
import { httpClientToServer, httpClientToSidekick } from "@covenant-rpc/client/interfaces/http"
import { covenant } from "../../src/covenant.ts"
import type { Message } from "../../src/features/messages/contract.ts"
import { until } from "./listen.ts"

type Room = { serverId: string; channelId: string }

interface Result {
  success: boolean
  data: never
  error: { code: number; message: string } | null
}

/** As much of the published client as is used: its types want the schemas of another library. */
export interface PublishedClient {
  query(name: string, inputs: unknown): Promise<Result>
  mutate: PublishedClient["query"]
  connect(
    channel: string,
    params: object,
    data: unknown,
  ): Promise<{ success: boolean; token: string; error: { fault: string; message: string } | null }>
  subscribe(
    channel: string,
    params: object,
    token: string,
    hear: (message: never) => void,
  ): Promise<() => void>
  send(channel: string, params: object, token: string, data: unknown): Promise<void>
  listen(name: string, inputs: unknown, hear: (result: { data: never }) => void, remote: boolean): () => void
  disconnect(): void
}

interface Where {
  /** The server's address; without a path its API is where ours is. */
  origin: string
  /** The address of the one who holds the sockets. */
  sidekick: string
  token?: string
  contract?: unknown
}

interface Frame {
  type: string
  token?: string
  error?: { fault: string; message: string; code?: number }
}

/** The published client, as a program of someone's own would use it, and every frame it was sent. */
export function publishedClient({ origin, sidekick, token, contract = covenant }: Where) {
  const frames: Frame[] = []
  const socket = httpClientToSidekick(sidekick)
  socket.onMessage((frame) => void frames.push(frame))
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  const client = new CovenantClient(contract as never, {
    serverConnection: httpClientToServer(`${origin}/api/covenant`, headers),
    sidekickConnection: socket,
  }) as never as PublishedClient
  return Object.assign(client, { frames, faults: () => frames.flatMap(({ error }) => error ?? []) })
}

/** Someone in a room by the published client, from when they hear what is said there. */
export async function enter(client: ReturnType<typeof publishedClient>, room: Room) {
  const { token, error } = await client.connect("chat", room, {})
  if (error) throw new Error(error.message)

  const heard: Message[] = []
  const answers = () => client.frames.filter(({ type }) => type === "subscribed" || type === "error").length
  const before = answers()
  await client.subscribe("chat", room, token, (message) => void heard.push(message))
  await until("the subscription is answered", () => answers() > before, 20_000)
  const send = (content: string, id?: string) => client.send("chat", room, token, { content, id })
  return { heard, send, token, contents: () => heard.map(({ content }) => content) }
}
