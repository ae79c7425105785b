import type { Person, TestChat } from "./chat.ts"

type More = { replyTo?: string; id?: string }

/** The most connections that a client may hold at once. */
const held = new WeakMap<Person["client"], Map<string, string>>()

/** Someone says something in the channel; its id, once it is stored. */
export async function say(
  { room: at }: Pick<TestChat, "room">,
  { client }: Person,
  content: string,
  { id = crypto.randomUUID(), ...more }: More = {},
): Promise<string> {
  const tokens = held.get(client) ?? new Map<string, string>()
  held.set(client, tokens)
  const token = tokens.get(at.channelId) ?? (await connect(client, at))
  tokens.set(at.channelId, token)

  await client.send("chat", at, token, { content, id, ...more })
  return id
}

async function connect(client: Person["client"], at: TestChat["room"]): Promise<string> {
  const connected = await client.connect("chat", at, {})
  if (!connected.success) throw new Error(connected.error.message)

  return connected.token
}
