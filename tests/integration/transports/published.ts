import type { Message } from "../../../src/features/messages/contract.ts"
import { findMessage } from "../../../src/features/messages/store.ts"
import { until } from "../../support/listen.ts"
import { publishedClient } from "../../support/published.ts"
import { Page, type Seen, seenFrom } from "./page.ts"
import type { Transport } from "./transport.ts"
import { readLog } from "./typed.ts"
import { signOutOfWire } from "./wire.ts"

/**
 * The Covenant wire by the client from npm. It takes a tenth of a second of silence for a stored message, so what became
 * of one is read from the store and the frames. It takes an error for whatever it sent last, it does not notice gaps and
 * does not reconnect: its user reads the log again.
 */
export const published: Transport = {
  name: "the published client",
  saysWhy: true,
  isMarkup: false,
  resumes: false,
  signOut: signOutOfWire,

  async open({ chat }, { person, server: { origin } }, room, page = new Page()) {
    const sidekick = origin.replace("http", "ws")
    const client = publishedClient({ origin, sidekick, token: person?.token })
    const connected = await client.connect("chat", room, {})
    // It keeps only the message of an error, so the reason has to identify the code.
    const codeOf = (message: string) => codes.find(([text]) => message.includes(text))?.[1] ?? 400
    if (!connected.success) {
      client.disconnect()
      const code = codeOf(connected.error?.message ?? "")
      return { page, view: () => page.messages, send: async () => code, close() {}, ended: () => code }
    }

    const early: Seen[] = []
    let hear = (message: Seen) => void early.push(message)
    const { token } = connected
    const off = await client.subscribe("chat", room, token, (message: Message) => {
      page.received += JSON.stringify(message)
      hear(seenFrom(message))
    })
    await until("it is subscribed", () => client.frames.some(({ type }) => type === "subscribed"))
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
      async send(content, id = crypto.randomUUID()) {
        const before = client.frames.length
        const refusal = () => client.frames.slice(before).find(({ error }) => error)?.error
        const isStored = async () => (await findMessage(chat.db, id))?.userId === person?.id
        await client.send("chat", room, token, { content, id }).catch(() => {})
        await until("it is refused or stored", async () => refusal() !== undefined || (await isStored()))
        const refused = refusal()
        return refused ? codeOf(refused.message) : 200
      },
      close() {
        off()
        client.disconnect()
      },
      // Faults that answer something it sent name no token.
      ended: () => client.frames.find((frame) => frame.token === token)?.error?.code,
    }
  },
}

/** What the server says, and the code that goes with it. */
const codes: [text: string, code: number][] = [
  ["Log in first", 401],
  ["signed out", 401],
  ["not a member", 403],
  ["no longer a member", 403],
  ["permission to view", 403],
  ["no longer view", 403],
  ["permission to send", 403],
  ["There is no such channel", 404],
  ["was deleted", 404],
  ["this id already", 409],
]
