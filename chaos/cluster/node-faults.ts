import { nextSend } from "../outages.ts"
import type { Random } from "../random.ts"
import type { Sender } from "../senders/sender.ts"
import type { LinkedNode } from "./nodes.ts"

/** One end of a node. */
export interface NodeFault {
  kind:
    | "kill -9"
    | "kill -9 after a send"
    | "kill -9 of the lock's holder"
    | "kill -9 while starting"
    | "SIGTERM"
  /** Time since the previous one. */
  waitMs: number
  /** Selects the node or the sender, from 0 to 1. */
  target: number
  /** Time from the send, or from the start, to the kill. */
  delayMs: number
}

/** Least and most time between two ends. */
const servingMs = [300, 2500] as const
/** A generous upper bound for a commit with its announcements. */
const commitMs = 8
const startingMs = 500

/** An endless sequence, reproducible from the seed. */
export function* planNodeFaults(random: Random): Generator<NodeFault, never> {
  while (true) {
    const kind = random.pick<NodeFault["kind"]>([
      "kill -9",
      "kill -9 after a send",
      "kill -9 after a send",
      "kill -9 of the lock's holder",
      "kill -9 while starting",
      "SIGTERM",
    ])
    const delayMs = random.between(0, kind === "kill -9 while starting" ? startingMs : commitMs)
    yield { kind, waitMs: random.between(...servingMs), target: random.next(), delayMs }
  }
}

interface NodeFaultTargets {
  nodes: LinkedNode[]
  senders: Sender[]
  findLockHolder: () => Promise<LinkedNode | undefined>
}

/** Ends a node as planned. Returns it; it does not run afterwards. */
export async function endNode(fault: NodeFault, targets: NodeFaultTargets): Promise<LinkedNode | undefined> {
  const { nodes, senders, findLockHolder } = targets
  const { kind, target, delayMs } = fault
  const node =
    kind === "kill -9 of the lock's holder"
      ? await findLockHolder()
      : nodes[Math.floor(target * nodes.length)]
  if (kind === "kill -9 after a send")
    return killAfterSend(senders[Math.floor(target * senders.length)], fault, nodes)
  if (kind === "SIGTERM") await node?.server.stop()
  else await node?.server.kill()
  if (kind === "kill -9 while starting" && node) {
    // The second kill interrupts the recovery from the first.
    const started = node.server.start()
    await Bun.sleep(delayMs)
    await node.server.kill()
    await started
  }
  return node
}

/** Kills the node that a sender is connected to. */
async function killAfterSend(sender: Sender | undefined, { delayMs }: NodeFault, nodes: LinkedNode[]) {
  await nextSend(sender)
  await Bun.sleep(delayMs)
  const node = nodes.find(({ server }) => server.port === sender?.proxy.lastPort)
  await node?.server.kill()
  return node
}
