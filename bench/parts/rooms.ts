import { limit, ours, peers, type RoomContender, type Rooms, startRooms, stopAll } from "../contenders.ts"
import { load } from "../load.ts"
import type { Figures, Part } from "../run.ts"

/** Messages on their way at any time: enough that a server can gather what it sends. */
const underWay = 60

const marks = [
  limit,
  ours,
  "Elysia, publish",
  "ws on Node",
  "Socket.IO 4 on Node",
  "reference sidekick on Bun",
]

/** As many messages as it can take, 128 bytes each, in one room of so many sockets. */
export const fanOut = (sockets: number): Part => ({
  name: `fan-out-${sockets}`,
  title: `Fan-out, saturated, ${sockets.toLocaleString("en")} sockets in a room`,
  note:
    sockets === 1000
      ? `${underWay} messages of 128 characters under way. Ours are stored durably and sent as HTML; the others store and render nothing.`
      : undefined,
  columns: [
    { name: "deliveries/s", against: limit },
    { name: "µs of processor each", digits: 2 },
    { name: "last receiver p50, ms", digits: 1 },
  ],
  mayFail: peers,
  // What cannot gather takes long for so many.
  rounds: sockets > 1000 ? 2 : 3,
  prepare: (folder) =>
    inRooms(folder, sockets, marks, async (room) => {
      const before = room.server.cpuSeconds()
      const result = await load(
        "rooms",
        { ...base(room), receivers: sockets - 1, senders: 1, window: underWay, seconds: 1.5, warmup: 0.7 },
        room,
      )
      const cpu = room.server.cpuSeconds() - before
      return {
        "deliveries/s": result?.perSecond,
        "µs of processor each": result && (cpu * 1e6) / result.settled,
        "last receiver p50, ms": result?.lastP50,
      }
    }),
})

/** Messages at a fixed rate, sent on time whatever comes back: latency counts from when each was due. */
export const latency = (sockets: number, perSecond: number): Part => ({
  name: `latency-${sockets}`,
  title: `Latency, ${sockets.toLocaleString("en")} sockets, ${perSecond} messages a second`,
  columns: [
    { name: "p50, ms", digits: 2, against: limit },
    { name: "p99, ms", digits: 2, against: limit },
    { name: "last receiver p50, ms", digits: 2, against: limit },
    { name: "last receiver p99, ms", digits: 2 },
  ],
  mayFail: peers,
  rounds: 3,
  prepare: (folder) =>
    inRooms(
      folder,
      sockets,
      marks.filter((name) => !name.startsWith("reference")),
      async (room) => {
        const timed = { rate: perSecond, seconds: 2, warmup: 1 }
        const result = await load(
          "rooms",
          { ...base(room), receivers: sockets - 1, senders: 1, ...timed },
          room,
        )
        return {
          "p50, ms": result?.p50,
          "p99, ms": result?.p99,
          "last receiver p50, ms": result?.lastP50,
          "last receiver p99, ms": result?.lastP99,
        }
      },
    ),
})

/** The same room read by endless HTTP responses, as busy as can be, beside the limit of WebSockets. */
export const streams = (readers: number): Part =>
  endless(readers, {
    name: `streams-${readers}`,
    title: `Server-sent events and endless HTML, saturated, ${readers.toLocaleString("en")} readers`,
    columns: [
      { name: "deliveries/s", against: limit },
      { name: "last receiver p50, ms", digits: 1 },
    ],
    timing: { window: underWay, seconds: 1.5, warmup: 0.7 },
  })

/** The same at a fixed rate: latency counts from when each message was due. */
export const streamLatency = (readers: number, perSecond: number): Part =>
  endless(readers, {
    name: `streams-latency-${readers}`,
    title: `Latency of server-sent events and endless HTML, ${readers.toLocaleString("en")} readers, ${perSecond} messages a second`,
    columns: [
      { name: "p50, ms", digits: 2, against: limit },
      { name: "p99, ms", digits: 2, against: limit },
      { name: "last receiver p50, ms", digits: 2, against: limit },
    ],
    timing: { rate: perSecond, seconds: 2, warmup: 1 },
  })

type Endless = Pick<Part, "name" | "title" | "columns"> & { timing: Record<string, number> }

function endless(readers: number, { timing, ...part }: Endless): Part {
  return {
    ...part,
    rounds: 3,
    async prepare(folder) {
      const rooms = await startRooms(folder, readers, [ours, limit])
      const measure =
        (name: string, options: Record<string, string | number>) => async (): Promise<Figures> => {
          const room = rooms[name] as RoomContender
          const result = await load("rooms", { ...base(room), ...timing, ...options }, room)
          return {
            "deliveries/s": result?.perSecond,
            "p50, ms": result?.p50,
            "p99, ms": result?.p99,
            "last receiver p50, ms": result?.lastP50,
          }
        }
      const live = String(rooms[ours]?.options().path)
      const reading = (path: string, from: string) => ({
        get: 1,
        receivers: readers,
        senders: 1,
        "send-path": from,
        path,
      })
      const [events, stream] = [
        live.replace(/live$/, "events"),
        live.replace(/live$/, "stream?after=1000000000"),
      ]
      return {
        contenders: {
          [limit]: measure(limit, { receivers: readers - 1, senders: 1 }),
          "Covenant Chat, SSE": measure(ours, reading(events, live)),
          "Covenant Chat, endless HTML": measure(ours, reading(stream, live)),
          "Bun, SSE gathered by turn": measure(limit, reading("/events", "/")),
        },
        close: () => stopAll(rooms),
      }
    },
  }
}

function base({ server, options }: RoomContender) {
  return { port: server.port, ...options() }
}

async function inRooms(
  folder: string,
  sockets: number,
  names: string[],
  measure: (room: RoomContender) => Promise<Figures>,
) {
  const rooms: Rooms = await startRooms(folder, sockets, names)
  const contenders = Object.fromEntries(
    Object.entries(rooms).map(([name, room]) => [name, () => measure(room)]),
  )
  return { contenders, close: () => stopAll(rooms) }
}
