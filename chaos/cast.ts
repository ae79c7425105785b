import { Line } from "./line.ts"
import type { Random } from "./random.ts"
import { EventsReader } from "./readers/events.ts"
import { ProgramReader } from "./readers/program.ts"
import type { Reader } from "./readers/reader.ts"
import { SocketReader } from "./readers/socket.ts"
import { StreamReader } from "./readers/stream.ts"
import { FormWay } from "./senders/form.ts"
import { ProgramWay } from "./senders/program.ts"
import { Sender } from "./senders/sender.ts"
import { SocketWay } from "./senders/socket.ts"
import type { Trace } from "./trace.ts"
import type { World } from "./world.ts"

const readerKinds = {
  socket: SocketReader,
  events: EventsReader,
  stream: StreamReader,
  program: ProgramReader,
}
const senderKinds = { socket: SocketWay, form: FormWay, program: ProgramWay }

interface Cast {
  world: World
  port: number
  counts: { readers: number; senders: number }
  random: Random
  trace: Trace
}

/** Everyone who takes part: all kinds in all rooms, each with a line of their own. */
export async function gather({ world, port, counts, random, trace }: Cast) {
  const { people, rooms } = world
  const at = (index: number, kinds: number) => ({
    room: rooms[Math.floor(index / kinds) % rooms.length] ?? rooms[0],
    person: people[index % people.length] ?? people[0],
  })
  const readers: Reader[] = []
  for (let index = 0; index < counts.readers; index++) {
    const [kind, Kind] = entryAt(readerKinds, index)
    const name = `reader ${index} (${kind})`
    const line = await Line.open(port)
    readers.push(new Kind({ name, line, trace, random: random.fork(name), ...at(index, 4) }))
  }

  const senders: Sender[] = []
  for (let index = 0; index < counts.senders; index++) {
    const [kind, Way] = entryAt(senderKinds, index)
    const name = `sender ${index} (${kind})`
    const desk = { name, line: await Line.open(port), ...at(index, 3) }
    senders.push(new Sender(desk, new Way(desk), random.fork(name), trace))
  }
  return { readers, senders }
}

function entryAt<T>(kinds: Record<string, T>, index: number): [string, T] {
  const entries = Object.entries(kinds)
  const entry = entries[index % entries.length]
  if (!entry) throw new Error("There are no kinds")

  return entry
}
