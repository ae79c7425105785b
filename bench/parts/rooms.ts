import { baseline, chat, peers, type RoomContender, type Rooms, startRooms, stopAll } from "../contenders.ts"
import { load } from "../load.ts"
import type { Figures, Part, PreparedPart } from "../run.ts"

/** Messages in flight when saturated: enough that a server can batch its writes. */
export const inFlight = 60

/** A new server runs uncompiled code, at a few messages a second for minutes: each is measured once it has run for a while. */
const warmUpSeconds = 4

const contenderNames = [
  baseline,
  chat,
  "Elysia, publish",
  "ws on Node",
  "Socket.IO 4 on Node",
  "reference sidekick on Bun",
]

/** As many messages as the server can take, 128 bytes each, in one room with that many sockets. */
export const fanOut = (sockets: number): Part => ({
  name: `fan-out-${sockets}`,
  title: `Fan-out, saturated, ${sockets.toLocaleString("en")} sockets in a room`,
  note:
    sockets === 1000
      ? `${inFlight} messages of 128 characters in flight. Covenant Chat stores them durably and sends HTML; the others store and render nothing.`
      : undefined,
  columns: [
    { name: "deliveries/s", relativeTo: baseline },
    { name: "µs of processor each", digits: 2 },
    { name: "last receiver p50, ms", digits: 1 },
  ],
  mayFail: peers,
  // Servers that do not batch take long with many sockets.
  rounds: sockets > 1000 ? 2 : 3,
  prepare: (folder) =>
    prepareRooms(folder, sockets, {
      names: contenderNames,
      async measure(room) {
        const saturated = { window: inFlight, seconds: 1.5, warmup: 0.7 }
        const before = room.server.cpuSeconds()
        const report = await load(
          "rooms",
          { ...joining(room), receivers: sockets - 1, senders: 1, ...saturated },
          room,
        )
        const cpu = room.server.cpuSeconds() - before
        return {
          "deliveries/s": report?.perSecond,
          "µs of processor each": report && (cpu * 1e6) / report.settled,
          "last receiver p50, ms": report?.lastP50,
        }
      },
    }),
})

/** Messages at a fixed rate, whatever the responses: latency counts from when each was due. */
export const latency = (sockets: number, perSecond: number): Part => ({
  name: `latency-${sockets}`,
  title: `Latency, ${sockets.toLocaleString("en")} sockets, ${perSecond} messages a second`,
  columns: [
    { name: "p50, ms", digits: 2, relativeTo: baseline },
    { name: "p99, ms", digits: 2, relativeTo: baseline },
    { name: "last receiver p50, ms", digits: 2, relativeTo: baseline },
    { name: "last receiver p99, ms", digits: 2 },
  ],
  mayFail: peers,
  rounds: 3,
  prepare: (folder) =>
    prepareRooms(folder, sockets, {
      names: contenderNames.filter((name) => !name.startsWith("reference")),
      async measure(room) {
        const fixedRate = { rate: perSecond, seconds: 2, warmup: 1 }
        const options = { ...joining(room), receivers: sockets - 1, senders: 1, ...fixedRate }
        const report = await load("rooms", options, room)
        return {
          "p50, ms": report?.p50,
          "p99, ms": report?.p99,
          "last receiver p50, ms": report?.lastP50,
          "last receiver p99, ms": report?.lastP99,
        }
      },
    }),
})

/** The load generator's options to join a contender's room. */
export function joining({ server, options }: RoomContender) {
  return { port: server.port, ...options() }
}

interface RoomMeasurement {
  names: string[]
  measure(room: RoomContender): Promise<Figures>
}

async function prepareRooms(
  folder: string,
  sockets: number,
  { names, measure }: RoomMeasurement,
): Promise<PreparedPart> {
  const rooms: Rooms = await startRooms(folder, sockets, names)
  const saturated = { receivers: sockets - 1, senders: 1, window: inFlight, seconds: warmUpSeconds }
  for (const room of Object.values(rooms)) {
    await load("rooms", { ...joining(room), ...saturated }, room)
    await room.server.settled()
  }
  const measureAlone = async (room: RoomContender) => {
    const figures = await measure(room)
    await room.server.settled()
    return figures
  }
  const contenders = Object.fromEntries(
    Object.entries(rooms).map(([name, room]) => [name, () => measureAlone(room)]),
  )
  return { contenders, close: () => stopAll(rooms) }
}
