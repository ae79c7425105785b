import { FaultyProxy } from "./proxy.ts"
import type { Random } from "./random.ts"
import { EventsReader } from "./readers/events.ts"
import { ProgramReader } from "./readers/program.ts"
import type { Reader } from "./readers/reader.ts"
import { SocketReader } from "./readers/socket.ts"
import { StreamReader } from "./readers/stream.ts"
import { FormTransport } from "./senders/form.ts"
import { ProgramTransport } from "./senders/program.ts"
import { Sender } from "./senders/sender.ts"
import { SocketTransport } from "./senders/socket.ts"
import type { Trace } from "./trace.ts"
import type { World } from "./world.ts"

const readerKinds = {
  socket: SocketReader,
  events: EventsReader,
  stream: StreamReader,
  program: ProgramReader,
}
const senderKinds = { socket: SocketTransport, form: FormTransport, program: ProgramTransport }

/** All clients of a trial. */
export interface Participants {
  readers: Reader[]
  senders: Sender[]
}

interface ParticipantOptions {
  world: World
  nextPort: () => number
  counts: { readers: number; senders: number }
  random: Random
  trace: Trace
}

/** Creates readers and senders of every kind in every room, each with a proxy of its own. */
export async function createParticipants(options: ParticipantOptions): Promise<Participants> {
  const { world, nextPort, counts, random, trace } = options
  const { people, rooms } = world
  const at = (index: number, kinds: number) => ({
    room: rooms[Math.floor(index / kinds) % rooms.length] ?? rooms[0],
    person: people[index % people.length] ?? people[0],
  })
  const readers: Reader[] = []
  for (let index = 0; index < counts.readers; index++) {
    const [kind, Kind] = entryAt(readerKinds, index)
    const name = `reader ${index} (${kind})`
    const proxy = await FaultyProxy.open(nextPort)
    readers.push(new Kind({ name, proxy, trace, random: random.fork(name), ...at(index, 4) }))
  }

  const senders: Sender[] = []
  for (let index = 0; index < counts.senders; index++) {
    const [kind, Transport] = entryAt(senderKinds, index)
    const name = `sender ${index} (${kind})`
    const client = { name, proxy: await FaultyProxy.open(nextPort), ...at(index, 3) }
    senders.push(new Sender({ client, transport: new Transport(client), random: random.fork(name), trace }))
  }
  return { readers, senders }
}

function entryAt<T>(kinds: Record<string, T>, index: number): [string, T] {
  const entries = Object.entries(kinds)
  const entry = entries[index % entries.length]
  if (!entry) throw new Error("There are no kinds")

  return entry
}
