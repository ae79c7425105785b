import type { Random } from "./random.ts"
import type { Reader } from "./readers/reader.ts"
import type { Sender } from "./senders/sender.ts"

/** Who can be struck. */
export interface Victims {
  readers: Reader[]
  senders: Sender[]
}

/** Does it, with a strength from 0 to 1. */
type Strike<Victim> = (victim: Victim, strength: number) => void

/** How long and how much, at the least and at the most. */
const delayMs = [50, 1200] as const
const stopMs = [500, 9000] as const
const absenceMs = [200, 3000] as const
const truncatedBytes = [1, 1500] as const

const readerFaults: Record<string, Strike<Reader>> = {
  "stopped reader": (reader, strength) => reader.freeze(within(stopMs, strength)),
  "vanished reader": (reader, strength) => reader.vanish(within(absenceMs, strength)),
}

const senderFaults: Record<string, Strike<Sender>> = {
  "vanished sender": (sender) => sender.vanish(),
  "duplicate sends": (sender) => sender.duplicate(),
  "reordered sends": (sender) => sender.reorder(),
}

const lineFaults: Record<string, Strike<Reader["line"]>> = {
  "cut by the client": (line) => line.cut("client"),
  "cut by the server": (line) => line.cut("server"),
  "cut in a frame down": (line, strength) => line.truncate("down", within(truncatedBytes, strength)),
  "cut in a frame up": (line, strength) => line.truncate("up", within(truncatedBytes, strength)),
  "half-open": (line) => line.silence(),
  delay: (line, strength) => line.delay(within(delayMs, strength)),
}

/** One thing that goes wrong between clients and server. */
export interface Fault {
  /** After the one before. */
  waitMs: number
  kind: string
  /** Which of those it can strike, from 0 to 1. */
  victim: number
  strength: number
}

/** On average so many milliseconds pass between two. */
const meanWaitMs = 180

/** Without end, and for one seed always the same. */
export function* planFaults(random: Random): Generator<Fault, never> {
  const kinds = [...Object.keys(lineFaults), ...Object.keys(readerFaults), ...Object.keys(senderFaults)]
  while (true) {
    const kind = kinds[random.below(kinds.length)] ?? "delay"
    const waitMs = random.between(0, 2 * meanWaitMs)
    yield { waitMs, kind, victim: random.next(), strength: random.next() }
  }
}

/** Strikes. Tells who it was, or `undefined` when there was nothing to strike: then it was no fault. */
export function strike({ kind, victim, strength }: Fault, { readers, senders }: Victims): string | undefined {
  const ofLine = lineFaults[kind]
  if (ofLine) {
    const struck = pick([...readers, ...senders.map(({ desk }) => desk)], victim, ({ line }) => line.isOpen)
    if (struck) ofLine(struck.line, strength)
    return struck?.name
  }

  const ofReader = readerFaults[kind]
  if (ofReader) {
    const struck = pick(readers, victim, ({ isLive }) => isLive)
    if (struck) ofReader(struck, strength)
    return struck?.name
  }

  const struck = pick(senders, victim, ({ pendingCount }) => pendingCount > 0)
  if (struck) senderFaults[kind]?.(struck, strength)
  return struck?.name
}

/** The one at that place, or the next after it that can be struck. */
function pick<T>(all: T[], place: number, can: (one: T) => boolean): T | undefined {
  const start = Math.floor(place * all.length)
  return [...all.slice(start), ...all.slice(0, start)].find(can)
}

function within([min, max]: readonly [number, number], strength: number): number {
  return Math.round(min + strength * (max - min))
}
