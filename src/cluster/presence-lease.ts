import type { NamedUser, StatusChange } from "../features/presence/presence.ts"
import type { PresentStatus } from "./presence-roster.ts"
import type { RedisCommands } from "./redis-script.ts"

/** How long a node's hash lasts without being renewed, in milliseconds. */
export const presenceLeaseMs = 15_000
/** Most people in one command. */
const maxPerCommand = 1000

type PresentUser = NamedUser & { status: PresentStatus }

/**
 * A node's people as a hash in Redis, for nodes that start or have missed something. It expires when the node no longer
 * renews it.
 */
export class PresenceLease {
  readonly #redis: RedisCommands
  readonly #key: string

  constructor(redis: RedisCommands, prefix: string, node: string) {
    this.#redis = redis
    this.#key = `${prefix}presence ${node}`
  }

  async change(changes: readonly StatusChange[]): Promise<void> {
    const gone = changes.filter(({ status }) => status === "offline").map(({ userId }) => userId)
    const fields = changes.filter(({ status }) => status !== "offline").flatMap(fieldOf)
    const commands = [
      ...(fields.length > 0 ? [this.#redis.send("HSET", [this.#key, ...fields])] : []),
      ...(gone.length > 0 ? [this.#redis.send("HDEL", [this.#key, ...gone])] : []),
      this.#renew(),
    ]
    await Promise.all(commands)
  }

  /** Resolves with whether the hash is still there. */
  async renew(): Promise<boolean> {
    return (await this.#renew()) === 1
  }

  /** Writes everyone anew. Readers see the old hash until it is complete. */
  async replace(users: readonly PresentUser[]): Promise<void> {
    if (users.length === 0) return this.delete()

    const draft = `${this.#key} draft`
    await this.#redis.send("DEL", [draft])
    for (let at = 0; at < users.length; at += maxPerCommand) {
      const fields = users.slice(at, at + maxPerCommand).flatMap(fieldOf)
      await this.#redis.send("HSET", [draft, ...fields])
    }
    await this.#redis.send("PEXPIRE", [draft, String(presenceLeaseMs)])
    await this.#redis.send("RENAME", [draft, this.#key])
  }

  async read(): Promise<PresentUser[]> {
    const fields = (await this.#redis.send("HGETALL", [this.#key])) as Record<string, string>
    return Object.entries(fields).map(([userId, value]) => {
      const at = value.indexOf(" ")
      const stored = value.slice(0, at)
      const status = stored === "idle" || stored === "doNotDisturb" ? stored : "online"
      return { userId, username: value.slice(at + 1), status }
    })
  }

  async delete(): Promise<void> {
    await this.#redis.send("DEL", [this.#key])
  }

  #renew(): Promise<unknown> {
    return this.#redis.send("PEXPIRE", [this.#key, String(presenceLeaseMs)])
  }
}

function fieldOf({ userId, username, status }: StatusChange): [field: string, value: string] {
  return [userId, `${status} ${username}`]
}
