import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { startPostgres } from "../../src/cli/services/postgres.ts"
import { startRedis } from "../../src/cli/services/redis.ts"
import type { Service } from "../../src/cli/services/service.ts"
import { memberHeader } from "../members.ts"
import { cpuSecondsOf, type RunningServer, roomOf, startChat } from "../servers.ts"
import { addMembersToPostgres } from "./members.ts"

/** Nodes on a private Postgres and Redis. */
export interface BenchCluster {
  nodes: RunningServer[]
  postgres: Service
  redis: Service
  /** Starts one more node. */
  startNode(): Promise<RunningServer>
  /** Processor time used so far. */
  cpuSeconds(): CpuSeconds
  close(): Promise<void>
}

/** Processor time in seconds: of all nodes together, of Postgres with its connections, and of Redis. */
export interface CpuSeconds {
  nodes: number
  postgres: number
  redis: number
}

export async function startCluster(folder: string, nodeCount: number): Promise<BenchCluster> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  const environment = {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    FILES_URL: join(folder, "files"),
    AUTH_SECRET: crypto.randomUUID(),
    RATE_LIMIT_FILES: "off",
  }
  const nodes: RunningServer[] = []
  const startNode = async () => {
    const node = await startChat(folder, { ...environment, SEED: String(nodes.length === 0) })
    nodes.push(node)
    return node
  }
  while (nodes.length < nodeCount) await startNode()

  return {
    nodes,
    postgres,
    redis,
    startNode,
    cpuSeconds: () => ({
      nodes: nodes.reduce((sum, node) => sum + node.cpuSeconds(), 0),
      postgres: cpuSecondsOfFamily(postgres.pid),
      redis: cpuSecondsOf(redis.pid),
    }),
    async close() {
      for (const node of nodes) node.stop()
      await postgres[Symbol.asyncDispose]()
      await redis[Symbol.asyncDispose]()
    },
  }
}

export const portsOf = (nodes: RunningServer[]) => nodes.map(({ port }) => port).join(",")

/** Alice's room with that many other people, and the load generator's options to join it as them and to send. */
export async function joinableRoom({ postgres }: BenchCluster, node: RunningServer, people: number) {
  const room = await roomOf(node)
  await addMembersToPostgres(postgres.url, room.serverId, people)
  const joining = { path: `${room.path}/live`, header: memberHeader, ready: '"live"' }
  return { ...room, joining, sending: { ...joining, send: '{"content":"%m","id":"%i"}' } }
}

/** Postgres has a process for each connection; what those have used that ended is counted by the first one. */
function cpuSecondsOfFamily(pid: number): number {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid)
  return [pid, ...children].reduce(
    (sum, member) => sum + (unlessEnded(() => cpuSecondsOf(member, true)) ?? 0),
    0,
  )
}

function parentOf(pid: number): number | undefined {
  return unlessEnded(() => Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[1]))
}

/** A process may end between being listed and being read. */
function unlessEnded<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
