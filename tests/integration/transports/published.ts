import { CovenantClient } from "@covenant-rpc/client"
import { httpClientToServer, httpClientToSidekick } from "@covenant-rpc/client/interfaces/http"
import { covenant } from "../../../src/covenant.ts"
import type { Message } from "../../../src/features/messages/contract.ts"
import { until } from "../../support/listen.ts"
import { Page, type Seen, seenFrom } from "./page.ts"
import type { Transport } from "./transport.ts"
import { readLog } from "./typed.ts"
import { signOutOfWire } from "./wire.ts"

/** As much of the published client as is used here: its types want the schemas of another library. */
export interface PublishedClient {
  query(name: string, inputs: unknown): Promise<PublishedResult>
  mutate: PublishedClient["query"]
  connect(channel: string, params: object, data: unknown): Promise<PublishedConnect>
  subscribe(
    channel: string,
    params: object,
    token: string,
    hear: (message: never) => void,
  ): Promise<() => void>
  send(channel: string, params: object, token: string, data: unknown): Promise<void>
  listen(
    name: string,
    inputs: unknown,
    callback: (result: PublishedResult) => void,
    remote?: boolean,
  ): () => void
  disconnect(): void
}

export interface PublishedResult {
  success: boolean
  data: never
  error: { code: number; message: string } | null
  resources: string[] | null
}

interface PublishedConnect {
  success: boolean
  token: string
  error: { fault: string; message: string; code?: number } | null
}

/** The addresses that the published client asks for. */
export function connectionsTo(origin: string, token?: string) {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  return {
    serverConnection: httpClientToServer(`${origin}/api/covenant`, headers),
    sidekickConnection: httpClientToSidekick(origin.replace("http", "ws")),
  }
}

/** The published client, as a program of someone's own would use it. */
export function publishedClient({ origin }: { origin: string }, token?: string): PublishedClient {
  return new CovenantClient(covenant as never, connectionsTo(origin, token)) as never as PublishedClient
}

/**
 * The Covenant wire by the client from npm. It takes silence for a stored message and an error for whatever it sent
 * last, it is not told of gaps, and it does not come back: whoever uses it reads the log again.
 */
export const published: Transport = {
  name: "the published client",
  saysWhy: true,
  isMarkup: false,
  resumes: false,
  signOut: signOutOfWire,

  async open(server, { person }, room, page = new Page()) {
    const client = publishedClient(server, person?.token)
    let ending: number | undefined
    const connected = await client.connect("chat", room, {})
    // It keeps the message of what it hears and nothing else, so the reason is what tells the code.
    const codeOf = (message: string) => codes.find(([text]) => message.includes(text))?.[1] ?? 400
    if (!connected.success) {
      client.disconnect()
      const code = codeOf(connected.error?.message ?? "")
      return { page, view: () => page.messages, send: async () => code, close() {}, ended: () => code }
    }

    const early: Seen[] = []
    let hear = (message: Seen) => void early.push(message)
    const { token } = connected
    let isSubscribed = false
    observe(client, (frame) => {
      if (frame.type === "subscribed") isSubscribed = true
      if (frame.type === "error" && frame.token === token) ending = frame.error?.code
    })
    const off = await client.subscribe("chat", room, token, (message: Message) => {
      page.received += JSON.stringify(message)
      hear(seenFrom(message))
    })
    await until("it is subscribed", () => isSubscribed)
    const stored = await readLog(client as never, room)
    const { cursor } = page
    page.received += JSON.stringify(stored)
    hear = (message) => {
      const known = page.messages.find(({ id }) => id === message.id)
      if (message.seq > Math.max(known?.seq ?? 0, cursor)) page.insert(message)
    }
    for (const message of [...stored.sort((a, b) => a.seq - b.seq), ...early]) hear(message)

    return {
      page,
      view: () => page.messages,
      send: (content, id) =>
        client.send("chat", room, token, { content, id }).then(
          () => 200,
          (error: Error) => codeOf(error.message),
        ),
      close() {
        off()
        client.disconnect()
      },
      ended: () => ending,
    }
  },
}

/** What the server says, and the code that goes with it. */
const codes: [text: string, code: number][] = [
  ["Sign in first", 401],
  ["signed out", 401],
  ["not a member", 403],
  ["no longer a member", 403],
  ["not found", 404],
  ["was deleted", 404],
  ["this id already", 409],
]

interface Frame {
  type: string
  token?: string
  error?: { code?: number }
}

/** Hears its frames beside it: what it does not tell. */
function observe(client: PublishedClient, hear: (frame: Frame) => void): void {
  const { sidekickConnection } = client as never as {
    sidekickConnection: { onMessage(handler: (frame: Frame) => void): void }
  }
  sidekickConnection.onMessage(hear)
}
