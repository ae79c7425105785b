import { baseline, chat, startRooms, stopAll } from "../contenders.ts"
import { randomHistoryPath } from "../path-list.ts"
import {
  costOfDelivery,
  costOfMessage,
  costOfPage,
  type FilledChat,
  memoryWith,
  startFilled,
  whileOccupied,
} from "./costs.ts"

/** How a cost grows with a size. */
export interface Curve {
  /** Name of its file and argument of `bun run bench growth`. */
  name: string
  title: string
  x: string
  y: string
  sizes: number[]
  /** Measures the costs at one size, by the name of their line. */
  measure(size: number, folder: string): Promise<Record<string, number>>
}

const cpuCost = "microseconds of processor time"

/** All curves. `bun run bench growth NAME` draws those whose names start with NAME. */
export const curves: Curve[] = [
  {
    name: "connections",
    title: "One delivery, by the sockets in its room",
    x: "sockets in the room",
    y: cpuCost,
    sizes: [10, 100, 1000, 5000, 10_000],
    measure: besideBaseline(costOfDelivery),
  },
  {
    name: "memory",
    title: "Memory, by idle connections",
    x: "connections",
    y: "megabytes, resident",
    sizes: [100, 1000, 5000, 10_000, 15_000],
    measure: besideBaseline(memoryWith),
  },
  {
    name: "rooms",
    title: "One message in a room of ten, by the other rooms of its server with ten people in each",
    x: "other rooms",
    y: cpuCost,
    sizes: [1, 10, 100, 500],
    measure: inWorkspace(
      (rooms) => ({ messages: 1000, members: 1000, channels: rooms + 1 }),
      async (filled) => ({
        "a message": await whileOccupied(filled, filled.rooms.slice(1), () => costOfMessage(filled)),
      }),
    ),
  },
  {
    name: "members",
    title: "A message and a page, by the members of the server",
    x: "members",
    y: cpuCost,
    sizes: [10, 100, 1000, 10_000],
    measure: inWorkspace((members) => ({ messages: 1000, members, channels: 1 }), messageAndPage),
  },
  {
    name: "channels",
    title: "A message and a page, by the channels of the server",
    x: "channels",
    y: cpuCost,
    sizes: [1, 10, 100, 500],
    measure: inWorkspace((channels) => ({ messages: 1000, members: 100, channels }), messageAndPage),
  },
  {
    name: "messages",
    title: "A message and pages, by the messages in the channel",
    x: "messages in the channel",
    y: cpuCost,
    sizes: [100, 10_000, 100_000, 1_000_000],
    measure: inWorkspace(
      (messages) => ({ messages, members: 100, channels: 1, plain: true }),
      async (filled, size) => ({
        ...(await messageAndPage(filled)),
        "a page of history": await costOfPage(filled, () => randomHistoryPath(filled.path, size)),
      }),
    ),
  },
]

async function messageAndPage(filled: FilledChat): Promise<Record<string, number>> {
  // The page comes first: messages sent before it would be unread on it.
  return { "an uncached page": await costOfPage(filled), "a message": await costOfMessage(filled) }
}

/** Measures a room of the chat and of the baseline. */
function besideBaseline(costOf: typeof costOfDelivery): Curve["measure"] {
  return async (sockets, folder) => {
    const rooms = await startRooms(folder, sockets, [chat, baseline])
    const costs: Record<string, number> = {}
    for (const [name, room] of Object.entries(rooms)) costs[name] = await costOf(room, sockets)
    stopAll(rooms)
    return costs
  }
}

/** Measures in a workspace whose size follows from the curve's. */
function inWorkspace(
  sizeOf: (size: number) => Parameters<typeof startFilled>[1],
  costsOf: (filled: FilledChat, size: number) => Promise<Record<string, number>>,
): Curve["measure"] {
  return async (size, folder) => {
    const filled = await startFilled(folder, sizeOf(size))
    const costs = await costsOf(filled, size)
    filled.server.stop()
    return costs
  }
}
