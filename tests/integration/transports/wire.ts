import ION from "@covenant-rpc/ion"
import type { Message } from "../../../src/features/messages/contract.ts"
import { type ErrorFrame, type SidekickFrame, statusOf } from "../../../src/kernel/index.ts"
import { until } from "../../support/listen.ts"
import type { Visitor } from "../../support/server.ts"
import { Page, seenFrom } from "./page.ts"
import type { Reader, Room, Transport } from "./transport.ts"

/** A node. */
type Place = { origin: string }

/** What the wire answers a call with. */
export interface Answer {
  status: "OK" | "ERR"
  data: unknown
  error?: { code: number; message: string }
}

/** Calls a procedure over the wire, as the holder of the token. */
export async function callWire(
  { origin }: Place,
  token: string,
  procedure: string,
  inputs: unknown,
): Promise<Answer> {
  return (await ask(origin, token, "procedure", { procedure, inputs })) as Answer
}

/** Asks over the wire for a connection, to a room's chat or elsewhere: a token that opens it, or why not. */
export async function connectWire({ origin }: Place, token: string, params: object, channel = "chat") {
  const answer = await ask(origin, token, "connect", { channel, params, data: {} })
  return (answer as { result: { type: "OK"; token: string } | { type: "ERROR"; error: ErrorFrame["error"] } })
    .result
}

/** The Covenant wire, for programs of others: calls by POST, channels over one socket, in ION. */
export const wire: Transport = {
  name: "Covenant wire",
  saysWhy: true,
  isMarkup: false,
  resumes: true,
  open: (_server, { person, server }, room, page) => openWire(server, person?.token ?? "", room, page),
  signOut: signOutOfWire,
}

/** Ends the session of a bearer token. */
export async function signOutOfWire({ server, person }: Visitor): Promise<void> {
  await ask(server.origin, person?.token ?? "", "procedure", { procedure: "logout", inputs: null })
}

/** Opens a room over the wire in any session: by its bearer token. */
export async function openWire(
  server: Place,
  bearer: string,
  room: Room,
  page = new Page(),
): Promise<Reader> {
  const granted = await connectWire(server, bearer, room)
  let ending = granted.type === "ERROR" ? statusOf(granted.error) : undefined
  const token = granted.type === "OK" ? granted.token : ""
  const waiting = new Map<string, (status: number) => void>()
  const socket = new WebSocket(`${server.origin.replace("http", "ws")}/socket`)
  const tell = (frame: object) => socket.send(ION.stringify(frame))
  const hear = (message: Message) => {
    page.received += JSON.stringify(message)
    if (message.seq > page.cursor) page.insert(seenFrom(message))
  }

  socket.onmessage = ({ data }) => {
    const frame = ION.parse(data) as SidekickFrame
    if (frame.type === "message") hear(frame.data as Message)
    else if (frame.type === "sent") waiting.get(frame.ref)?.(200)
    else if (frame.type === "error" && frame.ref) waiting.get(frame.ref)?.(frame.error.code ?? 400)
    else if (frame.type === "error" && frame.token === token) ending = frame.error.code
    else if (frame.type === "subscribed" && frame.ref) waiting.get(frame.ref)?.(200)
  }
  const answerTo = (frame: object): Promise<number> => {
    const ref = crypto.randomUUID()
    const answer = new Promise<number>((resolve) => waiting.set(ref, resolve))
    tell({ ...frame, ref })
    return answer
  }
  await until("the socket is open", () => socket.readyState === WebSocket.OPEN)
  if (ending === undefined) {
    await answerTo({ type: "subscribe", token })
    const { data } = await callWire(server, bearer, "getMessages", { channelId: room.channelId })
    for (const message of (data as Message[] | null) ?? []) hear(message)
  }

  return {
    page,
    view: () => page.messages,
    send: (content, id) =>
      answerTo({ type: "send", token, channel: "chat", params: room, data: { content, id } }),
    close: () => socket.close(),
    ended: () => ending,
  }
}

async function ask(origin: string, token: string, type: string, body: object): Promise<unknown> {
  const headers = token ? { authorization: `Bearer ${token}` } : undefined
  const url = `${origin}/api/covenant?type=${type}`
  const answer = await fetch(url, { method: "POST", headers, body: ION.stringify(body) })
  return ION.parse(await answer.text())
}
