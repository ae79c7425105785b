import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { findRedisServer } from "./programs.ts"
import { Service } from "./service.ts"
import { acceptsConnections, findFreePort, startSupervised } from "./supervised.ts"

/** Starts a Redis without a disk on a port of its own, which ends with this process. Throws when it is not installed. */
export async function startRedis(): Promise<Service> {
  const redis = findRedisServer()
  if (!redis) throw new Error("Redis is not installed")

  const folder = mkdtempSync(join(tmpdir(), "covenant-redis-"))
  const port = await findFreePort()
  const network = ["--bind", "127.0.0.1", "--port", String(port)]
  const command = [redis, ...network, "--dir", folder, "--save", "", "--appendonly", "no"]
  return Service.start({
    port,
    url: `redis://127.0.0.1:${port}`,
    start: () =>
      startSupervised(command, { lastSignal: "KILL", folder, isReady: () => acceptsConnections(port) }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  })
}
