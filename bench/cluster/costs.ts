import { type LoadOptions, load } from "../load.ts"
import { type BenchCluster, type CpuSeconds, joinableRoom, portsOf } from "./cluster.ts"

/** Readers of one channel, in two amounts: the difference is what deliveries cost, the rest what a message costs. */
const fewReaders = 300
const manyReaders = 3000
const perSecond = 100
const seconds = 8

/** Processor time in microseconds. */
export interface MessageCosts {
  /** Of all nodes together, for each delivery. */
  delivery: number
  /** Of all nodes together, for each message without its deliveries. */
  message: number
  postgres: number
  redis: number
}

/** Measures at a fixed rate, with readers on each node alike, what messages and deliveries cost. */
export async function messageCosts(cluster: BenchCluster): Promise<MessageCosts> {
  // Code that is not compiled yet costs several times as much.
  await costsWith(cluster, fewReaders, { window: 20, seconds: 6, warmup: 0 })
  const few = await costsWith(cluster, fewReaders)
  const many = await costsWith(cluster, manyReaders)
  const delivery = (many.nodes - few.nodes) / (manyReaders - fewReaders)
  return {
    delivery,
    message: few.nodes - delivery * fewReaders,
    postgres: (few.postgres + many.postgres) / 2,
    redis: (few.redis + many.redis) / 2,
  }
}

/** Microseconds for each message, by the number of readers. */
async function costsWith(
  cluster: BenchCluster,
  readers: number,
  pace: LoadOptions = { rate: perSecond, seconds: seconds - 1, warmup: 1 },
): Promise<CpuSeconds> {
  const [first] = cluster.nodes
  if (!first) throw new Error("A cluster has nodes")

  const { sending } = await joinableRoom(cluster, first, readers)
  const options = { ...sending, ports: portsOf(cluster.nodes), receivers: readers - 1, senders: 1 }
  let before = cluster.cpuSeconds()
  const onReady = () => {
    before = cluster.cpuSeconds()
  }
  const report = await load("rooms", { ...options, ...pace }, { anyShare: true, onReady })
  const after = cluster.cpuSeconds()
  const messages = (report?.settled ?? Number.NaN) / readers
  const each = (part: keyof CpuSeconds) => ((after[part] - before[part]) * 1e6) / messages
  return { nodes: each("nodes"), postgres: each("postgres"), redis: each("redis") }
}
