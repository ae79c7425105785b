import { RedisClient } from "bun"
import { Backoff } from "../kernel/index.ts"

/** How long connecting and subscribing may take, in milliseconds. */
const connectTimeoutMs = 2000
/** How long a command may take, in milliseconds: a connection into a black hole would never answer. */
const commandTimeoutMs = 3000
/** Longest delay between attempts to connect, in milliseconds: a node works at half speed without Redis. */
const maxReconnectMs = 1000

interface RedisConnectionOptions {
  url: string
  /** A channel to subscribe to. The connection is up once Redis has acknowledged that. */
  subscription?: { channel: string; onMessage(message: string): void }
  /** Called each time it is connected. */
  onUp?(): void
  /** Called once for each loss, and for the first failed attempt. */
  onDown?(cause: Error): void
}

/**
 * A connection to Redis that is made anew whenever it is lost. Bun's client can reconnect by itself, but comes back
 * without its subscriptions and says nothing, so each of its clients is used for one connection only.
 */
export class RedisConnection {
  readonly #options: RedisConnectionOptions
  readonly #backoff = new Backoff(Math.random, maxReconnectMs)
  #client: RedisClient | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #isDown = false
  #isClosed = false

  constructor(options: RedisConnectionOptions) {
    this.#options = options
    void this.#connect()
  }

  get isUp(): boolean {
    return this.#client !== null
  }

  /** Sends a command. Rejects at once while Redis cannot be reached, and when it does not answer in time. */
  async send(command: string, args: string[], timeoutMs = commandTimeoutMs): Promise<unknown> {
    if (!this.#client) throw new Error("Redis cannot be reached")

    return withTimeout(this.#client.send(command, args), timeoutMs)
  }

  /** Drops the connection and connects again; call it when it seems to lead nowhere. */
  renew(cause: Error): void {
    const client = this.#client
    if (client) this.#lose(client, cause)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#client?.close()
    this.#client = null
  }

  async #connect(): Promise<void> {
    const { url, subscription, onUp } = this.#options
    const client = new RedisClient(url, {
      autoReconnect: false,
      enableOfflineQueue: false,
      connectionTimeout: connectTimeoutMs,
    })
    client.onclose = (cause) => this.#lose(client, cause)
    try {
      await withTimeout(client.connect(), connectTimeoutMs)
      if (subscription) {
        const { channel, onMessage } = subscription
        await withTimeout(client.subscribe(channel, onMessage), connectTimeoutMs)
      }
    } catch (error) {
      client.close()
      return this.#retry(error instanceof Error ? error : new Error(String(error)))
    }
    if (this.#isClosed) return client.close()

    this.#client = client
    this.#isDown = false
    this.#backoff.reset()
    onUp?.()
  }

  /** Does nothing for a client that is still connecting or was replaced. */
  #lose(client: RedisClient, cause: Error): void {
    if (client !== this.#client) return

    this.#client = null
    client.close()
    this.#retry(cause)
  }

  #retry(cause: Error): void {
    if (this.#isClosed) return
    if (!this.#isDown) this.#options.onDown?.(cause)
    this.#isDown = true
    this.#timer = setTimeout(() => void this.#connect(), this.#backoff.nextMs())
  }
}

async function withTimeout<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error("Redis does not answer in time")), timeoutMs)
  try {
    return await Promise.race([answer, promise])
  } finally {
    clearTimeout(timer)
  }
}
