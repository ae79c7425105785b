import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { RoomContender } from "../contenders.ts"
import { hold, load } from "../load.ts"
import { type Running, roomOf, startChat } from "../servers.ts"
import { acmeRooms, fillWorkspace, type Size } from "../workspace.ts"

/** More addresses than pages are kept, so that each page is made anew. */
const addresses = 20_000
/** People in the room where it is counted what a message costs. */
const listeners = 10
const rates = { window: 60, seconds: 2, warmup: 0.5 }

/** A workspace of that size on a server, and alice's way into its first room. */
export async function startFilled(folder: string, size: Size) {
  await fillWorkspace(folder, size)
  const server = await startChat(folder)
  const { alice, header } = await roomOf(server)
  const rooms = await acmeRooms(alice)
  return { server, header, rooms, path: rooms[0] ?? "", folder }
}

export type Filled = Awaited<ReturnType<typeof startFilled>>

/** Microseconds of the server's processor for each thing that happened while there was load. */
async function costOf(server: Running, count: (before: () => void) => Promise<number>): Promise<number> {
  let before = server.cpuSeconds()
  const happened = await count(() => {
    before = server.cpuSeconds()
  })
  return ((server.cpuSeconds() - before) * 1e6) / happened
}

/** Of one delivery, in a room of so many sockets that is as busy as can be. */
export function costOfDelivery({ server, options }: RoomContender, sockets: number): Promise<number> {
  return costOf(server, async (onReady) => {
    const talk = { receivers: sockets - 1, senders: 1, ...rates }
    const result = await load(
      "rooms",
      { port: server.port, ...options(), ...talk },
      { anyShare: true, onReady },
    )
    return result?.settled ?? Number.NaN
  })
}

/** Of one message from when it comes in until everyone in a room of ten has it. */
export function costOfMessage({ server, header, path }: Filled): Promise<number> {
  return costOf(server, async (onReady) => {
    const entering = { path: `${path}/live`, header, ready: '"live"', send: '{"content":"%m","id":"%i"}' }
    const talk = { receivers: listeners - 1, senders: 1, ...rates }
    const result = await load(
      "rooms",
      { port: server.port, ...entering, ...talk },
      { anyShare: true, onReady },
    )
    return (result?.settled ?? Number.NaN) / listeners
  })
}

/** Of one page that is not kept; its address from a number. */
export function costOfPage(
  { server, header, path, folder }: Filled,
  addressOf = (i: number) => `${path}?n=${i}`,
): Promise<number> {
  const file = join(folder, "addresses")
  writeFileSync(file, `${Array.from({ length: addresses }, (_, i) => addressOf(i)).join("\n")}\n`)
  return costOf(server, async () => {
    const options = { port: server.port, header, paths: file, seconds: 2, warmup: 0 }
    return (await load("pages", options, { anyShare: true }))?.settled ?? Number.NaN
  })
}

/** Megabytes of memory with so many who are there and say nothing. */
export async function memoryWith({ server, options }: RoomContender, sockets: number): Promise<number> {
  const { send: _, ...entering } = options()
  const held = hold({ port: server.port, ...entering, senders: sockets, ramp: 128 })
  await held.ready
  await Bun.sleep(2000)
  const memory = server.memory() / 1e6
  await held.end()
  return memory
}

/** Runs something while ten people sit in each of those rooms. */
export async function amid<Result>(
  { server, header, folder }: Filled,
  rooms: string[],
  run: () => Promise<Result>,
): Promise<Result> {
  if (rooms.length === 0) return run()

  const file = join(folder, "rooms")
  writeFileSync(file, `${rooms.map((path) => `${path}/live`).join("\n")}\n`)
  const held = hold({
    port: server.port,
    paths: file,
    header,
    ready: '"live"',
    senders: rooms.length * listeners,
  })
  await held.ready
  const result = await run()
  await held.end()
  return result
}
