import type { Grant } from "../kernel/index.ts"
import type { RedisCommands } from "./redis-script.ts"

/** How long Redis may take, in milliseconds: without it a token is good only at the node that gave it out. */
const timeoutMs = 500

/**
 * Grants of programs in Redis: they connect by a request, and use the token on a socket that a balancer may lead to
 * another node. Each is taken once.
 */
export class SharedGrants {
  readonly #redis: RedisCommands
  readonly #prefix: string
  readonly #lifetimeMs: number

  constructor(redis: RedisCommands, prefix: string, lifetimeMs: number) {
    this.#redis = redis
    this.#prefix = prefix
    this.#lifetimeMs = lifetimeMs
  }

  /** Lets other nodes take it. Resolves when they can, or when Redis cannot be reached. */
  async put(grant: Grant): Promise<void> {
    const text = JSON.stringify(grant)
    await this.#send("SET", [this.#keyOf(grant.token), text, "PX", String(this.#lifetimeMs)])
  }

  /** The grant of another node's token, which nobody gets again. */
  async take(token: string): Promise<Grant | undefined> {
    const text = await this.#send("GETDEL", [this.#keyOf(token)])
    return typeof text === "string" ? (JSON.parse(text) as Grant) : undefined
  }

  /** Keeps others from taking it: this node's client has used it. */
  async remove(token: string): Promise<void> {
    await this.#send("DEL", [this.#keyOf(token)])
  }

  #keyOf(token: string): string {
    return this.#prefix + token
  }

  #send(command: string, args: string[]): Promise<unknown> {
    return this.#redis.send(command, args, timeoutMs).catch(() => undefined)
  }
}
