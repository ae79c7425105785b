import type { Participants } from "../participants.ts"
import type { PatchName } from "../patches/patches.ts"
import type { Random } from "../random.ts"
import type { Sender } from "../senders/sender.ts"
import type { ServerProcess } from "../server-process.ts"
import type { CountFault, Site } from "../site.ts"
import type { Store } from "../store.ts"
import type { Trace } from "../trace.ts"
import { type Disturbance, linkScope } from "./disturbance.ts"
import { failLink, planLinkFaults } from "./link-faults.ts"
import { endNode, planNodeFaults } from "./node-faults.ts"
import { findLockHolder } from "./nodes.ts"
import { type Cluster, openCluster } from "./open-cluster.ts"
import { failService, planServiceFaults } from "./service-faults.ts"

const pollMs = 20
const lastRedisFaultMs = 300
/** How long nodes may need to be ready after everything was healed. */
const maxHealMs = 20_000

interface ClusterSiteOptions {
  nodeCount: number
  patches: PatchName[]
  random: Random
  trace: Trace
}

/** A cluster whose nodes, services and links fail. */
export class ClusterSite implements Site {
  readonly #cluster: Cluster
  readonly #faults
  readonly #trace: Trace
  #turn = 0

  private constructor(cluster: Cluster, { random, trace }: ClusterSiteOptions) {
    this.#cluster = cluster
    this.#trace = trace
    this.#faults = {
      nodes: planNodeFaults(random.fork("node faults")),
      services: planServiceFaults(random.fork("service faults")),
      links: planLinkFaults(random.fork("link faults")),
    }
  }

  static async open(options: ClusterSiteOptions): Promise<ClusterSite> {
    return new ClusterSite(await openCluster(options), options)
  }

  get store(): Store {
    return this.#cluster.store
  }

  get servers(): ServerProcess[] {
    return this.#cluster.nodes.map(({ server }) => server)
  }

  get disturbance(): Disturbance {
    return this.#cluster.disturbance
  }

  /** A different node for each connection, whether it runs or not: clients try again. */
  nextPort(): number {
    return this.servers[this.#turn++ % this.servers.length]?.port ?? 0
  }

  /** One after the other: the first creates the tables and the seeded users. */
  async start(): Promise<void> {
    for (const server of this.servers) if (!server.isRunning) await server.start()
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()))
  }

  async disturb(untilMs: number, { senders }: Participants, count: CountFault): Promise<void> {
    await Promise.all([
      this.#failNodes(untilMs, senders, count),
      this.#failServices(untilMs, count),
      this.#failLinks(untilMs, count),
    ])
    // The last fault: every node that runs now must hear the others again afterwards.
    const last = { kind: "kill -9 of Redis", waitMs: 0, awayMs: lastRedisFaultMs } as const
    count(last.kind, { awayMs: last.awayMs })
    await this.disturbance.during("redis", () => failService(last, this.#cluster))
    await this.#heal()
  }

  close(): Promise<void> {
    return this.#cluster.close()
  }

  /** One node after the other, and in the middle a deployment of all. */
  async #failNodes(untilMs: number, senders: Sender[], count: CountFault): Promise<void> {
    const { nodes, store, disturbance } = this.#cluster
    const deploysAtMs = (Date.now() + untilMs) / 2
    let isDeployed = false
    for (const fault of this.#until(untilMs, this.#faults.nodes)) {
      await Bun.sleep(fault.waitMs)
      if (!isDeployed && Date.now() > deploysAtMs) {
        isDeployed = true
        await this.#deploy(count)
        continue
      }

      const holder = () => findLockHolder(nodes, store)
      const node = await endNode(fault, { nodes, senders, findLockHolder: holder })
      if (!node) continue
      count(`${fault.kind} (node)`, { who: node.server.name })
      await disturbance.during(node.server.name, () => node.server.start())
    }
  }

  /** Stops one node after the other and starts it again, as a rolling deployment does. */
  async #deploy(count: CountFault): Promise<void> {
    for (const server of this.servers) {
      count("rolling deployment", { who: server.name })
      await this.disturbance.during(server.name, async () => {
        await server.stop()
        await server.start()
      })
    }
  }

  async #failServices(untilMs: number, count: CountFault): Promise<void> {
    for (const fault of this.#until(untilMs, this.#faults.services)) {
      await Bun.sleep(fault.waitMs)
      count(fault.kind, { awayMs: fault.awayMs })
      const scope = fault.kind.endsWith("Redis") ? "redis" : "postgres"
      await this.#cluster.disturbance.during(scope, () => failService(fault, this.#cluster))
    }
  }

  async #failLinks(untilMs: number, count: CountFault): Promise<void> {
    const { nodes, store, disturbance } = this.#cluster
    for (const fault of this.#until(untilMs, this.#faults.links)) {
      await Bun.sleep(fault.waitMs)
      const { kind, service, lastsMs } = fault
      const holder = fault.hitsLockHolder ? await findLockHolder(nodes, store) : undefined
      const node = holder ?? nodes[Math.floor(fault.target * nodes.length)]
      if (!node) continue
      count(`${kind} (link to ${service})`, { who: node.server.name, isHolder: holder === node, lastsMs })
      await disturbance.during(linkScope(node.server.name, service), () => failLink(fault, node))
    }
  }

  /** The faults of a plan that still come before a time. */
  *#until<Fault extends { waitMs: number }>(untilMs: number, plan: Generator<Fault, never>) {
    for (let fault = plan.next().value; Date.now() + fault.waitMs < untilMs; fault = plan.next().value)
      yield fault
  }

  /** Makes everything work, and waits until all nodes say so. */
  async #heal(): Promise<void> {
    const { postgres, redis, nodes } = this.#cluster
    const startedAt = Date.now()
    for (const node of nodes) for (const link of [node.postgres, node.redis]) link.heal()
    await Promise.all([postgres.startAgain(), redis.startAgain()])
    await this.start()
    for (const server of this.servers) {
      while (!(await server.isReady()) && Date.now() < startedAt + maxHealMs) await Bun.sleep(pollMs)
    }
    const healMs = Date.now() - startedAt
    this.#trace.event("healed", { healMs })
    if (healMs >= maxHealMs)
      this.#trace.violation({ kind: "late", who: "cluster", what: "Nodes did not become ready" })
  }
}
