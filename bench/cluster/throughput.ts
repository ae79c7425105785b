import { load } from "../load.ts"
import { type BenchCluster, joinableRoom, portsOf } from "./cluster.ts"

const channels = 8
const measured = { seconds: 4, warmup: 1 }
const confirmation = '"stored"'

/** Confirmed messages a second into one channel, by senders on all nodes who each wait for a confirmation. */
export async function intoOneChannel(cluster: BenchCluster, senders: number): Promise<number> {
  const [first] = cluster.nodes
  if (!first) throw new Error("A cluster has nodes")

  const { sending } = await joinableRoom(cluster, first, senders)
  const options = { ...sending, ports: portsOf(cluster.nodes), senders, receivers: 0, confirm: confirmation }
  const report = await load("rooms", { ...options, ...measured }, { anyShare: true, mayMisorder: true })
  return report?.perSecond ?? Number.NaN
}

/** The same into several channels at once. */
export async function intoManyChannels(cluster: BenchCluster, senders: number): Promise<number> {
  const [first] = cluster.nodes
  if (!first) throw new Error("A cluster has nodes")

  const { alice, serverId, sending } = await joinableRoom(cluster, first, senders)
  const paths = await Promise.all(
    Array.from({ length: channels }, async (_, number) => {
      const { id } = await alice.call<{ id: string }>("createChannel", { serverId, name: `bench ${number}` })
      return `/servers/${serverId}/channels/${id}/live`
    }),
  )
  const each = {
    ports: portsOf(cluster.nodes),
    senders: senders / channels,
    receivers: 0,
    confirm: confirmation,
  }
  const reports = await Promise.all(
    paths.map((path, index) =>
      load(
        "rooms",
        { ...sending, ...each, path, offset: index * each.senders, ...measured },
        { anyShare: true, mayMisorder: true },
      ),
    ),
  )
  return reports.reduce((sum, report) => sum + (report?.perSecond ?? Number.NaN), 0)
}
