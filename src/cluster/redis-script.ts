import { createHash } from "node:crypto"
import type { RedisConnection } from "./redis-connection.ts"

/** The part of a connection that commands need. */
export type RedisCommands = Pick<RedisConnection, "isUp" | "send">

/** A script that Redis runs as one step. It is sent whole only when Redis does not know it yet. */
export class RedisScript {
  readonly #source: string
  readonly #hash: string

  constructor(source: string) {
    this.#source = source
    this.#hash = createHash("sha1").update(source).digest("hex")
  }

  /** Rejects as `RedisConnection.send` does. */
  async run(redis: RedisCommands, { keys, args, timeoutMs }: ScriptCall): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args]
    try {
      return await redis.send("EVALSHA", [this.#hash, ...rest], timeoutMs)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error

      return redis.send("EVAL", [this.#source, ...rest], timeoutMs)
    }
  }
}

interface ScriptCall {
  keys: string[]
  args: string[]
  timeoutMs: number
}
