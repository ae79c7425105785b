import { createHash } from "node:crypto"
import { type AdvisoryLock, PostgresAdvisoryLock } from "../db/postgres/advisory-lock.ts"
import type { PostgresVersions } from "../db/postgres/versions.ts"
import type { StatusChange } from "../features/presence/presence.ts"
import type { ViewedRoom } from "../features/presence/shown-rooms.ts"
import { tokenTtlMs } from "../kernel/index.ts"
import type { Logger } from "../observability/log.ts"
import type { RateLimiter } from "../rate-limit.ts"
import { RedisBus } from "./redis-bus.ts"
import { RedisConnection } from "./redis-connection.ts"
import { RedisLimit } from "./redis-limit.ts"
import { SharedGrants } from "./shared-grants.ts"
import { SharedPresence } from "./shared-presence.ts"
import { ShownAtOtherNodes } from "./shown-elsewhere.ts"

/** Held by the node that is on duty. An arbitrary number. */
const dutyLock = 4_120_013

interface ClusterOptions {
  databaseUrl: string
  redisUrl: string
  /** The same at all nodes, and at no other installation that uses the same Redis. */
  secret: string
  versions: PostgresVersions
  log: Logger
  report(error: unknown, where: string): unknown
}

/** What the nodes of an installation have in common: a bus, limits and presence in Redis, and a lock in Postgres. */
export class Cluster {
  readonly bus: RedisBus
  /** The versions of the stored data, which other nodes move too. */
  readonly versions: PostgresVersions
  /** Held by the node that is on duty. */
  readonly dutyLock: AdvisoryLock
  /** Tokens of programs that may be used at any node. */
  readonly grants: SharedGrants
  readonly #redis: RedisConnection
  readonly #prefix: string
  #presence: SharedPresence | undefined

  constructor({ databaseUrl, redisUrl, secret, versions, log, report }: ClusterOptions) {
    // Not the secret itself, since whoever may read Redis sees it.
    const installation = createHash("sha256").update(`installation ${secret}`).digest("hex").slice(0, 12)
    this.#prefix = `covenant ${installation} `
    this.bus = new RedisBus({ url: redisUrl, channel: `${this.#prefix}bus`, log, report })
    this.#redis = new RedisConnection({ url: redisUrl })
    this.grants = new SharedGrants(this.#redis, `${this.#prefix}grant `, tokenTtlMs)
    this.versions = versions
    this.dutyLock = new PostgresAdvisoryLock(databaseUrl, dutyLock)
  }

  /** A limit that all nodes share. */
  readonly shareLimit = (
    name: string,
    limit: { count: number; windowMs: number },
    fallback: RateLimiter,
  ): RateLimiter => {
    return new RedisLimit({ redis: this.#redis, prefix: `${this.#prefix}limit ${name} `, limit, fallback })
  }

  /** Who is online at any node. */
  sharePresence(announce: (changes: StatusChange[]) => void): SharedPresence {
    const [bus, redis, prefix] = [this.bus, this.#redis, this.#prefix]
    this.#presence = new SharedPresence({ bus, redis, prefix, announce })
    return this.#presence
  }

  /** Which rooms the pages of other nodes show. `whichHere` is asked for those of this node. */
  shareShownRooms(whichHere: (rooms: readonly ViewedRoom[]) => ViewedRoom[]): ShownAtOtherNodes {
    return new ShownAtOtherNodes({ bus: this.bus, whichHere })
  }

  /** Tells the other nodes that this one has ended, after everything that was published. */
  async close(): Promise<void> {
    await this.#presence?.close()
    await this.bus.close()
    this.#redis.close()
  }
}
