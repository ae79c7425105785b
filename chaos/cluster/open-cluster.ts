import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startPostgres } from "../../src/cli/services/postgres.ts"
import { startRedis } from "../../src/cli/services/redis.ts"
import type { Service } from "../../src/cli/services/service.ts"
import { findFreePort } from "../../src/cli/services/supervised.ts"
import { type PatchName, patchedWith } from "../patches/patches.ts"
import { ServerProcess } from "../server-process.ts"
import { postgresStore, type Store } from "../store.ts"
import type { Trace } from "../trace.ts"
import { Disturbance, scopesOf } from "./disturbance.ts"
import { ServiceLink } from "./link.ts"
import type { LinkedNode } from "./nodes.ts"

/** How long after a failure a node may still need more than one attempt to start. */
const startGraceMs = 10_000

/** The parts of a cluster: nodes, each with links of its own to a Postgres and a Redis. */
export interface Cluster {
  postgres: Service
  redis: Service
  nodes: LinkedNode[]
  store: Store
  disturbance: Disturbance
  close(): Promise<void>
}

interface ClusterOptions {
  nodeCount: number
  patches: PatchName[]
  trace: Trace
}

/** Starts Postgres and Redis. The nodes do not run yet. */
export async function openCluster({ nodeCount, patches, trace }: ClusterOptions): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "covenant-chaos-"))
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  const disturbance = new Disturbance()
  const { bunArguments, CHAOS_PATCHES } = patchedWith(patches)
  const shared = { FILES_URL: join(folder, "files"), AUTH_SECRET: crypto.randomUUID(), CHAOS_PATCHES }
  const nodes: LinkedNode[] = []
  for (let number = 1; number <= nodeCount; number++) {
    const links = {
      postgres: await ServiceLink.open(postgres.port),
      redis: await ServiceLink.open(redis.port),
    }
    const environment = {
      ...shared,
      DATABASE_URL: withPort(postgres.url, links.postgres.port),
      REDIS_URL: withPort(redis.url, links.redis.port),
      SEED: String(number === 1),
    }
    const server = new ServerProcess({
      name: `node ${number}`,
      port: await findFreePort(),
      environment: () => environment,
      bunArguments,
      mayFailToStart: () => disturbance.since(Date.now() - startGraceMs, scopesOf(`node ${number}`)),
      trace,
    })
    nodes.push({ server, ...links })
  }

  const store = postgresStore(postgres.url)
  if (patches.includes("numbers from a sequence")) await store.rows("create sequence planted")
  return {
    postgres,
    redis,
    nodes,
    store,
    disturbance,
    async close() {
      await Promise.all(nodes.map(({ server }) => server.kill()))
      for (const node of nodes) for (const link of [node.postgres, node.redis]) link.close()
      await postgres[Symbol.asyncDispose]()
      await redis[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function withPort(url: string, port: number): string {
  return Object.assign(new URL(url), { port: String(port) }).href
}
