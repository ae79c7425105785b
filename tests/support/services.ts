import { describe } from "bun:test"
import { RedisClient } from "bun"
import { startPostgres } from "../../src/cli/services/postgres.ts"
import { hasServices } from "../../src/cli/services/programs.ts"
import { startRedis } from "../../src/cli/services/redis.ts"
import type { Service } from "../../src/cli/services/service.ts"

/**
 * A `describe` of tests that need Postgres or Redis. Where they are not installed it is left out, and `bun run test`
 * says so; with `CI` set it is not, so that it fails there.
 */
export const describeWithServices = describe.skipIf(!(hasServices() || process.env.CI))

let postgres: Promise<Service> | undefined
let redis: Promise<Service> | undefined

/** Every test opens its own connections, and a process that shares less memory begins sooner; small tables need no vacuum. */
const settings = { shared_buffers: "32MB", autovacuum: "off", max_prepared_transactions: "2" }

/** The Postgres that all tests of a process share. Its commits do not wait for the disk. */
export function sharedPostgres(): Promise<Service> {
  postgres ??= startPostgres({ isDurable: false, settings })
  return postgres
}

/** The Redis that all tests of a process share. */
export function sharedRedis(): Promise<Service> {
  redis ??= startRedis()
  return redis
}

const idle: Service[] = []

/** A Redis with nothing in it, for one test alone: its leases, limits and posts are nobody else's. One is used again. */
export async function emptyRedis() {
  const redis = idle.pop() ?? (await startRedis())
  return {
    url: redis.url,
    async [Symbol.asyncDispose](): Promise<void> {
      const client = new RedisClient(redis.url)
      await client.send("FLUSHALL", [])
      client.close()
      idle.push(redis)
    },
  }
}
