import type { covenant } from "../../../src/covenant.ts"
import { pageSize } from "../../../src/features/messages/contract.ts"
import { ChannelFaultError, type CovenantClient, statusOf } from "../../../src/kernel/index.ts"
import { expectData } from "../../support/chat.ts"
import { Page, type Seen, seenFrom } from "./page.ts"
import type { Reader, Room } from "./transport.ts"

type Client = CovenantClient<typeof covenant.procedures, typeof covenant.channels>

/** Our typed client, and the code with which its connections were ended, if they were. */
export interface Typed {
  client: Client
  endedWith(): number | undefined
  /** `off` ends the subscription. */
  close(off: () => void): void
}

/**
 * A room by the typed client. New to it, it subscribes first and reads the log then, so nothing slips between; coming
 * back it asks for what it missed, and reads the newest anew when that was too much.
 */
export async function openTyped(
  { client, endedWith, close }: Typed,
  room: Room,
  known: Page | undefined,
): Promise<Reader> {
  const page = known ?? new Page()
  const connected = await client.connect("chat", room, known ? { after: known.cursor } : {})
  if (!connected.success) {
    close(() => {})
    return refused(page, statusOf(connected.error))
  }

  const { token } = connected
  const early: Seen[] = []
  let hear = (message: Seen) => void early.push(message)
  let reloading = Promise.resolve()
  const off = await client.subscribe(
    "chat",
    room,
    token,
    (message) => {
      page.received += JSON.stringify(message)
      hear(seenFrom(message))
    },
    {
      onGap() {
        reloading = readLog(client, room, pageSize).then((newest) => page.reset(newest))
      },
    },
  )
  await reloading
  if (!known) {
    const stored = await readLog(client, room)
    page.received += JSON.stringify(stored)
    for (const message of stored.sort((a, b) => a.seq - b.seq)) page.insert(message)
  }
  const { cursor } = page
  hear = (message) => {
    if (known || message.seq > cursor) page.insert(message)
  }
  for (const message of early) hear(message)

  return {
    page,
    view: () => page.messages,
    send: (content, id) =>
      client.send("chat", room, token, { content, id }).then(
        () => 200,
        (error) => (error instanceof ChannelFaultError ? (error.code ?? 400) : 500),
      ),
    close: () => close(off),
    ended: endedWith,
  }
}

function refused(page: Page, code: number): Reader {
  return { page, view: () => page.messages, send: async () => code, close() {}, ended: () => code }
}

/** The end of the log, or all of it, from its end back to its beginning. */
export async function readLog(
  client: Pick<Client, "query">,
  { channelId }: Room,
  most = Number.POSITIVE_INFINITY,
): Promise<Seen[]> {
  const limit = Math.min(most, 100)
  const read: Seen[] = []
  for (let before: string | undefined, isMore = true; isMore && read.length < most; before = read[0]?.id) {
    const older = expectData(await client.query("getMessages", { channelId, limit, before }))
    read.unshift(...older.map(seenFrom))
    isMore = older.length === limit
  }
  return read
}
