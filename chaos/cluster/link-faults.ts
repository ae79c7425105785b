import type { Random } from "../random.ts"
import type { ServiceLink } from "./link.ts"
import type { LinkedNode } from "./nodes.ts"

/** A failure of a node's link to Postgres or Redis. */
export interface LinkFault {
  kind: "cut" | "refused" | "half-open" | "slow" | "black hole"
  service: "postgres" | "redis"
  /** Whether it hits the node that holds the caretaker's lock. */
  hitsLockHolder: boolean
  /** Selects the node otherwise, from 0 to 1. */
  target: number
  /** Time since the previous one. */
  waitMs: number
  /** How long it lasts. */
  lastsMs: number
  latencyMs: number
}

/** Least and most of each. */
const waitMs = [400, 2500] as const
const lastsMs = [300, 4000] as const
const latencyMs = [5, 150] as const
const lockHolderProbability = 0.3

/** An endless sequence, reproducible from the seed. */
export function* planLinkFaults(random: Random): Generator<LinkFault, never> {
  while (true) {
    yield {
      kind: random.pick<LinkFault["kind"]>(["cut", "refused", "half-open", "slow", "black hole"]),
      service: random.pick<LinkFault["service"]>(["postgres", "redis"]),
      hitsLockHolder: random.chance(lockHolderProbability),
      target: random.next(),
      waitMs: random.between(...waitMs),
      lastsMs: random.between(...lastsMs),
      latencyMs: random.between(...latencyMs),
    }
  }
}

/** Lets a link fail, and resolves once it is healed. */
export async function failLink(fault: LinkFault, node: LinkedNode): Promise<void> {
  const link = node[fault.service]
  injections[fault.kind](link, fault)
  if (fault.kind === "cut") return

  await Bun.sleep(fault.lastsMs)
  link.heal()
}

const injections: Record<LinkFault["kind"], (link: ServiceLink, fault: LinkFault) => void> = {
  cut: (link) => link.cut(),
  refused: (link) => link.refuse(),
  "half-open": (link) => link.halfOpen(),
  slow: (link, { latencyMs }) => link.slow(latencyMs),
  "black hole": (link) => link.swallow(),
}
