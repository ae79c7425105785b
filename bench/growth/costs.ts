import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { RoomContender } from "../contenders.ts"
import { holdConnections, type LoadOptions, load } from "../load.ts"
import { memberHeader, signInMembers } from "../members.ts"
import { writePathList } from "../path-list.ts"
import { type RunningServer, roomOf, startChat } from "../servers.ts"
import { acmeRoomPaths, fillWorkspace, type WorkspaceSize } from "../workspace.ts"

/** People in each room where the cost of a message is measured. */
const roomSize = 10
const saturated = { window: 60, seconds: 2, warmup: 0.5 }
const settleMs = 2000

/** Starts the chat on a workspace of that size and signs alice and its members in. */
export async function startFilled(folder: string, size: WorkspaceSize) {
  await fillWorkspace(folder, size)
  signInMembers(folder, size.members)
  const server = await startChat(folder)
  const { alice, header } = await roomOf(server)
  const rooms = await acmeRoomPaths(alice)
  const joining = { header: memberHeader, people: size.members, ready: '"live"' }
  return { server, header, joining, rooms, path: rooms[0] ?? "", folder }
}

export type FilledChat = Awaited<ReturnType<typeof startFilled>>

/** Microseconds of the server's processor time for each of the events that `run` counts. */
async function cpuCostOf(
  server: RunningServer,
  run: (onReady: () => void) => Promise<number>,
): Promise<number> {
  let before = server.cpuSeconds()
  const events = await run(() => {
    before = server.cpuSeconds()
  })
  return ((server.cpuSeconds() - before) * 1e6) / events
}

/** Deliveries in a saturated room. */
async function deliveries(options: LoadOptions, onReady: () => void): Promise<number> {
  const report = await load("rooms", { senders: 1, ...saturated, ...options }, { anyShare: true, onReady })
  return report?.settled ?? Number.NaN
}

/** The cost of one delivery in a saturated room with that many sockets. */
export function costOfDelivery({ server, options }: RoomContender, sockets: number): Promise<number> {
  return cpuCostOf(server, (onReady) =>
    deliveries({ port: server.port, ...options(), receivers: sockets - 1 }, onReady),
  )
}

/** The cost of one message, from receiving it until a room of ten people has it. */
export function costOfMessage({ server, joining, path }: FilledChat): Promise<number> {
  const talk = { path: `${path}/live`, send: '{"content":"%m","id":"%i"}', receivers: roomSize - 1 }
  return cpuCostOf(server, async (onReady) => {
    const options = { port: server.port, ...joining, ...talk }
    return (await deliveries(options, onReady)) / roomSize
  })
}

/** The cost of one page that is not in the page cache. */
export function costOfPage(
  { server, header, path, folder }: FilledChat,
  pathOf = (i: number) => `${path}?n=${i}`,
): Promise<number> {
  const paths = writePathList(folder, "paths", pathOf)
  return cpuCostOf(server, async () => {
    const options = { port: server.port, header, paths, seconds: 2, warmup: 0 }
    return (await load("pages", options, { anyShare: true }))?.settled ?? Number.NaN
  })
}

/** The server's resident memory with that many idle connections, in megabytes. */
export async function memoryWith({ server, options }: RoomContender, sockets: number): Promise<number> {
  const { send: _, ...joining } = options()
  const held = holdConnections({ port: server.port, ...joining, senders: sockets, ramp: 128 })
  await held.ready
  await Bun.sleep(settleMs)
  const memory = server.memory() / 1e6
  await held.end()
  return memory
}

/** Runs `measure` while ten people are connected to each of those rooms. */
export async function whileOccupied<Result>(
  { server, joining, folder }: FilledChat,
  rooms: string[],
  measure: () => Promise<Result>,
): Promise<Result> {
  if (rooms.length === 0) return measure()

  const file = join(folder, "rooms")
  writeFileSync(file, `${rooms.map((path) => `${path}/live`).join("\n")}\n`)
  const held = holdConnections({
    port: server.port,
    paths: file,
    ...joining,
    senders: rooms.length * roomSize,
  })
  await held.ready
  const result = await measure()
  await held.end()
  return result
}
