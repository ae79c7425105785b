import { CovenantClient } from "@covenant-rpc/client"
import { httpClientToServer, httpClientToSidekick } from "@covenant-rpc/client/interfaces/http"
import { covenant } from "../../src/covenant.ts"
import type { Message } from "../../src/features/messages/contract.ts"
import { until } from "./listen.ts"
import type { TestServer } from "./server.ts"

type Room = { serverId: string; channelId: string }

interface Result {
  success: boolean
  data: never
  error: { code: number; message: string } | null
}

/** The part of the published client that is used; its own types require another schema library. */
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
  /** The server's URL; without a path its endpoint is `/api/covenant`. */
  origin: string
  /** The URL of the sidekick. */
  sidekick: string
  token?: string
  contract?: unknown
}

interface Frame {
  type: string
  token?: string
  error?: { fault: string; message: string; code?: number }
}

/** The published client as a program uses it, with every frame it received. */
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

/** Subscribes a published client to a room; resolves once it is subscribed. */
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

/** How long tests wait for what the published client does, in milliseconds. */
export const patience = 20_000

type Name = "alice" | "bob" | "mallory"

/** The published client of one of the cast, or of a stranger. */
export function clientOf({ origin, cast }: TestServer, name?: Name) {
  return publishedClient({
    origin,
    sidekick: origin.replace("http", "ws"),
    token: name && cast[name].token,
  })
}
