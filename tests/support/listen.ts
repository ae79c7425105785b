import type { Message } from "../../src/features/messages/contract.ts"
import type { Person } from "./chat.ts"

type Room = { serverId: string; channelId: string }

/** Connects someone to a channel's chat; `heard` fills with what they receive. */
export async function listen({ client, username }: Person, room: Room) {
  const connected = await client.connect("chat", room, { username })
  if (!connected.success) throw new Error(connected.error.message)

  const heard: Message[] = []
  const stop = await client.subscribe("chat", room, connected.token, (message) => void heard.push(message))
  const send = (content: string, id?: string) => client.send("chat", room, connected.token, { content, id })
  return { heard, send, stop, token: connected.token }
}

/** Connects someone to a channel's presence; `heard` fills with who does what there. */
export async function hearPresence({ client, username }: Person, channelId: string) {
  const connected = await client.connect("presence", { channelId }, { username })
  if (!connected.success) throw new Error(connected.error.message)

  const heard: { username: string; status: string }[] = []
  await client.subscribe("presence", { channelId }, connected.token, ({ username, status }) => {
    heard.push({ username, status })
  })
  const say = (status: "typing" | "online" | "idle") =>
    client.send("presence", { channelId }, connected.token, { status })
  return { heard, say }
}

/**
 * Waits until something holds. Fails with what was awaited, before its test would without saying so, and never waits
 * longer than it must.
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
