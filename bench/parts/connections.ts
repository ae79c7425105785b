import { baseline, peers, type RoomContender, startRooms, stopAll } from "../contenders.ts"
import { holdConnections, type LoadOptions } from "../load.ts"
import type { Figures, Part } from "../run.ts"

const sockets = 10_000
/** Connections opened at the same time. */
const ramp = 128
const settleMs = 2000
/** By then garbage of the connecting is collected. */
const restMs = 8000

/** Ten thousand idle connections: how fast they are accepted, and how much memory each takes. */
export const connections: Part = {
  name: "connections",
  title: `${sockets.toLocaleString("en")} idle connections`,
  note: "Memory is the resident memory of the process, before, two seconds after all have connected, and ten. Connections to Covenant Chat are authorized, counted as present and subscribed; the others are only open.",
  columns: [
    { name: "accepted/s", relativeTo: baseline },
    { name: "KB each", digits: 1, relativeTo: baseline },
    { name: "KB each after 10 s", digits: 1, relativeTo: baseline },
    { name: "MB, nobody connected" },
    { name: "MB, all connected" },
  ],
  mayFail: peers,
  rounds: 1,
  async prepare(folder) {
    const rooms = await startRooms(folder, sockets)
    const contenders = Object.fromEntries(
      Object.entries(rooms).map(([name, room]) => [name, () => measureConnections(room)]),
    )
    return { contenders, close: () => stopAll(rooms) }
  },
}

async function measureConnections({ server, options }: RoomContender): Promise<Figures> {
  // New options for each run: the tokens of some contenders open one connection only.
  const entering = () => ({ port: server.port, ...options(), send: undefined })
  // The first connection loads code, which is no cost of a connection.
  await openAndClose({ ...entering(), senders: 1 })
  await Bun.sleep(1000)
  const before = server.memory()
  const held = holdConnections({ ...entering(), senders: sockets, ramp })
  await held.ready
  await Bun.sleep(settleMs)
  const after = server.memory()
  await Bun.sleep(restMs)
  const rested = server.memory()
  const { connectSeconds } = await held.end()
  return {
    "accepted/s": sockets / connectSeconds,
    "KB each": (after - before) / sockets / 1024,
    "KB each after 10 s": (rested - before) / sockets / 1024,
    "MB, nobody connected": before / 1e6,
    "MB, all connected": after / 1e6,
  }
}

async function openAndClose(options: LoadOptions): Promise<void> {
  const held = holdConnections(options)
  await held.ready
  await held.end()
}
