import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { exit, onStopSignal } from "../startup.ts"
import { Balancer } from "./cluster/balancer.ts"
import { NodePool } from "./cluster/node-pool.ts"
import { NodeProcess } from "./cluster/node-process.ts"
import { startPostgres } from "./services/postgres.ts"
import { installServices } from "./services/programs.ts"
import { startRedis } from "./services/redis.ts"
import { acceptsConnections, findFreePort } from "./services/supervised.ts"

// `bun run cluster`: three nodes with a private Postgres and Redis behind a balancer on one port, to look at and to
// try out. Everything it stored is gone when it ends.

const { values } = parseArgs({
  options: {
    nodes: { type: "string", default: "3" },
    port: { type: "string", default: "3000" },
  },
})
if (!/^[1-9]$/.test(values.nodes)) exit(`--nodes must be 1 to 9, not ${values.nodes}`)
if (!/^\d{1,5}$/.test(values.port)) exit(`--port must be a port, not ${values.port}`)
// Before everything else is started.
if (await acceptsConnections(Number(values.port))) exit(`Port ${values.port} is in use`)
if (!installServices())
  exit("Postgres and Redis are not installed. On Debian: apt-get install postgresql redis-server")

const folder = mkdtempSync(join(tmpdir(), "covenant-cluster-"))
process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
await using postgres = await startPostgres()
await using redis = await startRedis()
const environment = {
  ...process.env,
  DATABASE_URL: postgres.url,
  REDIS_URL: redis.url,
  FILES_URL: join(folder, "files"),
  AUTH_SECRET: crypto.randomUUID(),
  TRUST_PROXY: "true",
}
const nodes = await Promise.all(
  Array.from({ length: Number(values.nodes) }, (_, index) => createNode(index + 1)),
)
const pool = new NodePool(nodes.map(({ node }) => node))
pool.onChange = ({ name }, isHealthy) => print("balancer", `${name} is ${isHealthy ? "ready" : "not ready"}`)
const stopping = Promise.withResolvers<void>()
onStopSignal(async () => stopping.resolve())

await startNodes()
const balancer = await openBalancer()
print(
  "balancer",
  `http://localhost:${balancer.port}, log in as alice or bob, password: password. Ctrl-C ends it`,
)

await stopping.promise
balancer.close()
pool.close()
await Promise.all(nodes.map(({ process }) => process.stop()))

/** The first creates the tables and the seeded users; the others find them. */
async function startNodes(): Promise<void> {
  const [first, ...others] = nodes
  await first?.process.start()
  await Promise.all(others.map(({ process }) => process.start()))
}

async function openBalancer(): Promise<Balancer> {
  try {
    return await Balancer.open({ port: Number(values.port), host: "0.0.0.0", pool })
  } catch (error) {
    return exit(`Port ${values.port} cannot be used: ${error instanceof Error ? error.message : error}`)
  }
}

async function createNode(number: number) {
  const node = { name: `node ${number}`, port: await findFreePort() }
  const SEED = String(number === 1)
  const onLine = (line: string) => print(node.name, line)
  return { node, process: new NodeProcess({ ...node, environment: { ...environment, SEED }, onLine }) }
}

function print(who: string, line: string): void {
  process.stdout.write(`${who.padEnd(9)}| ${line}\n`)
}
