import { load } from "../load.ts"
import { type BenchCluster, joinableRoom } from "./cluster.ts"

const readers = 100

export interface Latency {
  p50: number | undefined
  p99: number | undefined
}

/** Milliseconds from when a message was due until readers have it, at the sender's node or at another. */
export async function latencyOf(cluster: BenchCluster, rate: number, isAcross: boolean): Promise<Latency> {
  const [first, second] = cluster.nodes
  if (!first || !second) throw new Error("Latency across nodes needs two")

  const { sending } = await joinableRoom(cluster, first, readers + 1)
  const receiverPorts = isAcross ? second.port : first.port
  const options = {
    ...sending,
    port: first.port,
    "receiver-ports": receiverPorts,
    receivers: readers,
    senders: 1,
  }
  const report = await load("rooms", { ...options, rate, seconds: 5, warmup: 1 }, { anyShare: true })
  return { p50: report?.p50, p99: report?.p99 }
}
