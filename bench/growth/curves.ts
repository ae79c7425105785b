import { limit, ours, startRooms, stopAll } from "../contenders.ts"
import {
  amid,
  costOfDelivery,
  costOfMessage,
  costOfPage,
  type Filled,
  memoryWith,
  startFilled,
} from "./costs.ts"

/** Something that grows, and what it makes cost more. */
export interface Curve {
  /** Of its file. */
  name: string
  title: string
  x: string
  y: string
  sizes: number[]
  /** What was counted at that size, by the name of its line. */
  measure(size: number, folder: string): Promise<Record<string, number>>
}

const cost = "microseconds of processor"

/** Everything that can become many in a chat. `bun run bench growth NAME` draws those whose name begins so. */
export const curves: Curve[] = [
  {
    name: "connections",
    title: "One delivery, by the sockets in its room",
    x: "sockets in the room",
    y: cost,
    sizes: [10, 100, 1000, 5000, 10_000],
    measure: besideTheLimit(costOfDelivery),
  },
  {
    name: "memory",
    title: "Memory, by idle connections",
    x: "connections",
    y: "megabytes, resident",
    sizes: [100, 1000, 5000, 10_000, 15_000],
    measure: besideTheLimit(memoryWith),
  },
  {
    name: "rooms",
    title: "One message in a room of ten, by the other rooms of its server with ten people in each",
    x: "other rooms",
    y: cost,
    sizes: [1, 10, 100, 500],
    measure: filled(
      (rooms) => ({ messages: 1000, members: 100, channels: rooms + 1 }),
      async (place) => ({
        "a message": await amid(place, place.rooms.slice(1), () => costOfMessage(place)),
      }),
    ),
  },
  {
    name: "members",
    title: "A message and a page, by the members of the server",
    x: "members",
    y: cost,
    sizes: [10, 100, 1000, 10_000],
    measure: filled((members) => ({ messages: 1000, members, channels: 1 }), messageAndPage),
  },
  {
    name: "channels",
    title: "A message and a page, by the channels of the server",
    x: "channels",
    y: cost,
    sizes: [1, 10, 100, 500],
    measure: filled((channels) => ({ messages: 1000, members: 100, channels }), messageAndPage),
  },
  {
    name: "messages",
    title: "A message and pages, by the messages in the channel",
    x: "messages in the channel",
    y: cost,
    sizes: [100, 10_000, 100_000, 1_000_000],
    measure: filled(
      (messages) => ({ messages, members: 100, channels: 1, plain: true }),
      async (place, size) => ({
        ...(await messageAndPage(place)),
        "a page of history": await costOfPage(
          place,
          () => `${place.path}?before=${Math.ceil(Math.random() * size)}`,
        ),
      }),
    ),
  },
]

async function messageAndPage(place: Filled): Promise<Record<string, number>> {
  // The page first: what is sent afterwards would be unread.
  return { "a page made anew": await costOfPage(place), "a message": await costOfMessage(place) }
}

/** Measures a room of so many sockets, ours and the barest that there is. */
function besideTheLimit(count: typeof costOfDelivery): Curve["measure"] {
  return async (sockets, folder) => {
    const rooms = await startRooms(folder, sockets, [ours, limit])
    const found: Record<string, number> = {}
    for (const [name, room] of Object.entries(rooms)) found[name] = await count(room, sockets)
    stopAll(rooms)
    return found
  }
}

/** Measures in a workspace of a size that follows from the curve's. */
function filled(
  sizeOf: (size: number) => Parameters<typeof startFilled>[1],
  count: (place: Filled, size: number) => Promise<Record<string, number>>,
): Curve["measure"] {
  return async (size, folder) => {
    const place = await startFilled(folder, sizeOf(size))
    const found = await count(place, size)
    place.server.stop()
    return found
  }
}
