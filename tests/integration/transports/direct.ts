import { clientOf, expectData, type Person } from "../../support/chat.ts"
import { Page, type Seen, seenFrom } from "./page.ts"
import type { Room, Transport } from "./transport.ts"

/** The typed client of a program. It subscribes first and reads the log then, so nothing slips between. */
export const direct: Transport = {
  name: "direct",
  saysWhy: true,

  async open(server, { person }, room, page = new Page()) {
    const client = person?.client ?? clientOf(server.chat)
    const connected = await client.connect("chat", room, {})
    if (!connected.success) return refused(page, connected.error.code ?? 500)

    const { token } = connected
    const faultsBefore = person?.faults.length ?? 0
    const early: Seen[] = []
    let hear = (message: Seen) => void early.push(message)
    const stop = await client.subscribe("chat", room, token, (message) => {
      page.received += JSON.stringify(message)
      hear(seenFrom(message))
    })
    const stored = await readAll(client, room)
    const cursor = page.cursor
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
          ({ code }) => code ?? 400,
        ),
      close: stop,
      ended: () => person?.faults.slice(faultsBefore).at(-1)?.code,
    }
  },

  async signOut({ person }) {
    if (person) expectData(await person.client.mutate("logout", null))
  },
}

function refused(page: Page, code: number) {
  return { page, view: () => page.messages, send: async () => code, close() {}, ended: () => code }
}

/** The whole log, from its end back to its beginning. */
async function readAll(client: Person["client"], { channelId }: Room): Promise<Seen[]> {
  const limit = 100
  const read: Seen[] = []
  for (let before: string | undefined, isMore = true; isMore; before = read[0]?.id) {
    const older = expectData(await client.query("getMessages", { channelId, limit, before }))
    read.unshift(...older.map(seenFrom))
    isMore = older.length === limit
  }
  return read
}
