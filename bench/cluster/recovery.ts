import { Caller } from "../../chaos/cluster/caller.ts"
import { findLockHolder, type LinkedNode } from "../../chaos/cluster/nodes.ts"
import { type Cluster, openCluster } from "../../chaos/cluster/open-cluster.ts"
import { Tap } from "../../chaos/cluster/tap.ts"
import { Trace } from "../../chaos/trace.ts"
import { createWorld, type Person, type Room } from "../../chaos/world.ts"

const maxWaitMs = 30_000
const pollMs = 5
const samples = 9
/** A node that hears the others has their messages in less. */
const heardMs = 100
const awayMs = 1500
const blackHoleMs = 3000

interface Scene {
  cluster: Cluster
  nodes: [LinkedNode, LinkedNode, LinkedNode]
  alice: Person
  room: Room
}

/** How long it takes, in milliseconds, until what a fault broke works again. Clients try again every 50 ms. */
export async function recoveryTimes(): Promise<Record<string, number>> {
  const cluster = await openCluster({ nodeCount: 3, patches: [], trace: new Trace() })
  try {
    for (const { server } of cluster.nodes) await server.start()
    const [one, two, three] = cluster.nodes
    if (!one || !two || !three) throw new Error("There are three nodes")

    const { people, rooms } = await createWorld(`http://127.0.0.1:${one.server.port}`, 1)
    const scene: Scene = { cluster, nodes: [one, two, three], alice: people[0], room: rooms[0] }
    const times: Record<string, number> = {}
    for (const [name, measure] of Object.entries(measurements)) {
      times[name] = await measure(scene)
      process.stderr.write(`  ${name}: ${Math.round(times[name])} ms\n`)
    }
    return times
  } finally {
    await cluster.close()
  }
}

const measurements: Record<string, (scene: Scene) => Promise<number>> = {
  "a message across nodes, nothing failing (median)": async (scene) => medianAcross(scene),

  async "node killed: its reader is live elsewhere"({ nodes: [one, two], alice, room }) {
    const tap = await Tap.open(alice, room, one.server.port)
    await one.server.kill()
    const startedAt = performance.now()
    while (!tap.isClosed) await Bun.sleep(pollMs)
    const next = await Tap.open(alice, room, two.server.port)
    const ms = performance.now() - startedAt
    next.close()
    await one.server.start()
    return ms
  },

  async "caretaker killed: another has its lock"({ cluster: { nodes, store } }) {
    const holder = await lockHolder(nodes, store)
    await holder.server.kill()
    const startedAt = performance.now()
    const others = nodes.filter((node) => node !== holder)
    await lockHolder(others, store)
    const ms = performance.now() - startedAt
    await holder.server.start()
    return ms
  },

  async "Redis gone: a message across nodes (median)"(scene) {
    await scene.cluster.redis.kill()
    await Bun.sleep(awayMs)
    const ms = await medianAcross(scene)
    await scene.cluster.redis.startAgain()
    return ms
  },

  async "Redis back: nodes hear each other"(scene) {
    const startedAt = performance.now()
    const msSince = () => performance.now() - startedAt
    // A busy machine is never that fast.
    while ((await medianAcross(scene, 3)) > heardMs)
      if (msSince() > maxWaitMs) return Number.NaN
      else await Bun.sleep(pollMs)
    return msSince()
  },

  "Postgres restarted: the first message is confirmed": (scene) => afterPostgres(scene, "stop"),
  "Postgres killed: the first message is confirmed": (scene) => afterPostgres(scene, "kill"),

  async "link to Postgres reset: a message is confirmed"(scene) {
    scene.nodes[0].postgres.cut()
    return confirmedAfter(scene)
  },

  async "link to Postgres half-open: a message is confirmed"(scene) {
    scene.nodes[0].postgres.halfOpen()
    const ms = await confirmedAfter(scene)
    scene.nodes[0].postgres.heal()
    return ms
  },

  async "link to Postgres a black hole for 3 s, then: a message is confirmed"(scene) {
    const { postgres } = scene.nodes[0]
    postgres.swallow()
    const sending = say(scene, scene.nodes[0])
    await Bun.sleep(blackHoleMs)
    postgres.heal()
    const startedAt = performance.now()
    await sending
    return performance.now() - startedAt
  },
}

async function afterPostgres(scene: Scene, end: "stop" | "kill"): Promise<number> {
  const { postgres } = scene.cluster
  await postgres[end]()
  const sending = say(scene, scene.nodes[0])
  await Bun.sleep(awayMs)
  await postgres.startAgain()
  const startedAt = performance.now()
  await sending
  return performance.now() - startedAt
}

async function confirmedAfter(scene: Scene): Promise<number> {
  const startedAt = performance.now()
  await say(scene, scene.nodes[0])
  return performance.now() - startedAt
}

/** The median time from a message's confirmation at one node until a reader at another has it. */
async function medianAcross(scene: Scene, count = samples): Promise<number> {
  const { nodes, alice, room } = scene
  const tap = await Tap.open(alice, room, nodes[1].server.port)
  const times: number[] = []
  for (let number = 0; number < count; number++) {
    const text = await say(scene, nodes[0])
    const startedAt = performance.now()
    await tap.hears(text, maxWaitMs)
    times.push(performance.now() - startedAt)
  }
  tap.close()
  return times.toSorted((a, b) => a - b)[Math.floor(count / 2)] ?? Number.NaN
}

/** Says something at a node until that is confirmed. Resolves to what was said. */
async function say({ alice, room }: Scene, { server }: LinkedNode): Promise<string> {
  const content = crypto.randomUUID()
  await new Caller(() => server.port).send(alice, room, { id: crypto.randomUUID(), content })
  return content
}

async function lockHolder(nodes: LinkedNode[], store: Cluster["store"]): Promise<LinkedNode> {
  const deadline = performance.now() + maxWaitMs
  while (performance.now() < deadline) {
    const holder = await findLockHolder(nodes, store)
    if (holder) return holder
    await Bun.sleep(pollMs)
  }
  throw new Error("No node has the caretaker's lock")
}
