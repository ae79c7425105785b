import type { Participants } from "./participants.ts"
import type { FaultyProxy } from "./proxy.ts"
import type { Random } from "./random.ts"
import type { Reader } from "./readers/reader.ts"
import type { Sender } from "./senders/sender.ts"

/** Injects a fault with a strength from 0 to 1. */
type Injection<Target> = (target: Target, strength: number) => void

/** Least and most of each, interpolated by the strength. */
const delayMs = [50, 1200] as const
const suspensionMs = [500, 9000] as const
const absenceMs = [200, 3000] as const
const truncatedBytes = [1, 1500] as const

const readerFaults: Record<string, Injection<Reader>> = {
  "suspended reader": (reader, strength) => reader.suspend(interpolate(suspensionMs, strength)),
  "vanished reader": (reader, strength) => reader.vanish(interpolate(absenceMs, strength)),
}

const senderFaults: Record<string, Injection<Sender>> = {
  "vanished sender": (sender) => sender.vanish(),
  "duplicate sends": (sender) => sender.duplicate(),
  "reordered sends": (sender) => sender.reorder(),
}

const networkFaults: Record<string, Injection<FaultyProxy>> = {
  "cut by the client": (proxy) => proxy.cut("client"),
  "cut by the server": (proxy) => proxy.cut("server"),
  "cut in a frame down": (proxy, strength) => proxy.truncate("down", interpolate(truncatedBytes, strength)),
  "cut in a frame up": (proxy, strength) => proxy.truncate("up", interpolate(truncatedBytes, strength)),
  "half-open": (proxy) => proxy.blackHole(),
  delay: (proxy, strength) => proxy.delay(interpolate(delayMs, strength)),
}

/** One failure of a client or of its network. */
export interface Fault {
  /** Time since the previous fault. */
  waitMs: number
  kind: string
  /** Selects the target, from 0 to 1. */
  target: number
  strength: number
}

const meanWaitMs = 180

/** An endless sequence of faults, reproducible from the seed. */
export function* planFaults(random: Random): Generator<Fault, never> {
  const kinds = [...Object.keys(networkFaults), ...Object.keys(readerFaults), ...Object.keys(senderFaults)]
  while (true) {
    const kind = kinds[random.below(kinds.length)] ?? "delay"
    const waitMs = random.between(0, 2 * meanWaitMs)
    yield { waitMs, kind, target: random.next(), strength: random.next() }
  }
}

/** Injects a fault. Returns the target's name, or `undefined` when no target was in a state that could fail. */
export function injectFault(
  { kind, target, strength }: Fault,
  { readers, senders }: Participants,
): string | undefined {
  const networkFault = networkFaults[kind]
  if (networkFault) {
    const found = select([...readers, ...senders], target, ({ proxy }) => proxy.hasConnections)
    if (found) networkFault(found.proxy, strength)
    return found?.name
  }

  const readerFault = readerFaults[kind]
  if (readerFault) {
    const found = select(readers, target, ({ isLive }) => isLive)
    if (found) readerFault(found, strength)
    return found?.name
  }

  const found = select(senders, target, ({ pendingCount }) => pendingCount > 0)
  if (found) senderFaults[kind]?.(found, strength)
  return found?.name
}

/** The item at that fraction of the list, or the next one after it that qualifies. */
function select<T>(all: T[], fraction: number, qualifies: (item: T) => boolean): T | undefined {
  const start = Math.floor(fraction * all.length)
  return [...all.slice(start), ...all.slice(0, start)].find(qualifies)
}

function interpolate([min, max]: readonly [number, number], strength: number): number {
  return Math.round(min + strength * (max - min))
}
