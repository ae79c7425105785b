import { holdConnections, load } from "../load.ts"
import { type BenchCluster, joinableRoom, portsOf } from "./cluster.ts"

const missed = 100
/** The kernel's queue of connections for Bun holds about this many; further ones retry after seconds. */
const backlog = 500

/** Seconds, and processor time for each reader in microseconds, until all readers of a killed node are complete elsewhere. */
export interface Return {
  seconds: number
  node: number
  postgres: number
}

/** Kills the first of three nodes, where all readers are connected, and lets them return to the others with their cursors. */
export async function readersReturn(cluster: BenchCluster, readers: number): Promise<Return> {
  const [first, ...others] = cluster.nodes
  const [second] = others
  if (!first || !second) throw new Error("Readers return to another node")

  const { joining, sending, headOn } = await joinableRoom(cluster, second, readers)
  const reading = { ...joining, senders: readers, ramp: backlog }
  const held = holdConnections({ ...reading, port: first.port })
  await held.ready
  const cursor = await headOn(second)
  const talk = { senders: 1, window: 20, seconds: 1, warmup: 0, count: missed }

  first.stop()
  cluster.nodes.shift()
  await held.end()
  await load("rooms", { port: second.port, ...sending, ...talk })
  const [startedAt, before] = [performance.now(), cluster.cpuSeconds()]
  const path = `${joining.path}?after=${cursor}`
  const back = holdConnections({ ...reading, ports: portsOf(others), path, expect: missed })
  await back.caughtUp
  const [seconds, after] = [(performance.now() - startedAt) / 1000, cluster.cpuSeconds()]
  const { lost, duplicated, misordered } = await back.end()
  if (lost || duplicated || misordered)
    throw new Error(`Not all readers have all messages: ${JSON.stringify({ lost, duplicated, misordered })}`)

  const each = (part: "nodes" | "postgres") => ((after[part] - before[part]) * 1e6) / readers
  return { seconds, node: each("nodes"), postgres: each("postgres") }
}
