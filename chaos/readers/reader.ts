import type { FaultyProxy } from "../proxy.ts"
import type { Random } from "../random.ts"
import type { Trace } from "../trace.ts"
import type { Person, Room } from "../world.ts"
import { ReaderConnection } from "./connection.ts"
import { ReaderLog } from "./log.ts"

/** The senders of a room never pause for this long: a silent connection is dead. */
const silenceMs = 3000
const watchIntervalMs = 200
const pollMs = 20

/** Who reads, where, and over which proxy. */
export interface ReaderClient {
  name: string
  room: Room
  person: Person
  proxy: FaultyProxy
  trace: Trace
  random: Random
}

/** Reads a room and reconnects with its cursor after every lost connection. */
export abstract class Reader {
  readonly log = new ReaderLog()
  reconnects = 0
  longestRecoveryMs = 0
  resets = 0
  tooSlow = 0
  protected readonly client: ReaderClient
  #connection: ReaderConnection | undefined
  #lostAtMs: number | undefined
  #awayUntilMs = 0
  #isStopped = false

  constructor(client: ReaderClient) {
    this.client = client
  }

  /** Reads until the connection ends. Never rejects: ending connections is what the trial does. */
  protected abstract connect(connection: ReaderConnection): Promise<void>
  /** Reads the messages before the log's first one; resolves to whether it succeeded. */
  protected abstract scrollBack(): Promise<boolean>
  /** Whether the transport delivers changes in the order of the log. */
  protected abstract readonly isOrdered: boolean

  get name(): string {
    return this.client.name
  }
  get room(): Room {
    return this.client.room
  }
  get proxy(): FaultyProxy {
    return this.client.proxy
  }
  get isLive(): boolean {
    return this.#connection?.isLive ?? false
  }
  /** Whether it acts as if it were suspended or gone. */
  get isAway(): boolean {
    return Date.now() < this.#awayUntilMs
  }

  async run(): Promise<void> {
    const watchdog = setInterval(() => this.#dropIfSilent(), watchIntervalMs)
    while (!this.#isStopped) {
      const connection = this.#open()
      await this.connect(connection)
      connection.end()
      this.#onLost(connection)
      await Bun.sleep(this.client.random.between(50, 250))
      while (Date.now() < this.#awayUntilMs && !this.#isStopped) await Bun.sleep(pollMs)
    }
    clearInterval(watchdog)
  }

  stop(): void {
    this.#isStopped = true
    this.#connection?.end()
  }

  /** Acts like a suspended process: reads nothing and reacts to nothing. */
  suspend(ms: number): void {
    this.#awayUntilMs = Date.now() + ms
    this.proxy.stall(ms)
  }

  /** Disappears without closing its connection and reconnects later. */
  vanish(ms: number): void {
    this.#awayUntilMs = Date.now() + ms
    this.proxy.blackHole()
    this.#connection?.end()
  }

  /** Resolves to `true` once the log is complete up to that change, and to `false` at the deadline. */
  async catchUp(seq: number, deadlineMs: number): Promise<boolean> {
    this.#awayUntilMs = 0
    this.proxy.resume()
    while (!(this.isLive && this.log.cursor >= seq && (await this.scrollBack()))) {
      if (Date.now() > deadlineMs) return false
      await Bun.sleep(pollMs)
    }
    return true
  }

  #open(): ReaderConnection {
    const { name: who, trace } = this.client
    const { log, isOrdered } = this
    trace.event("connects", { who, cursor: log.cursor, newest: log.newest?.position })
    const connection = new ReaderConnection({ who, log, trace, isOrdered, onLive: () => this.#onLive() })
    this.#connection = connection
    return connection
  }

  #onLost({ isLive, resets }: ReaderConnection): void {
    this.resets += resets
    // A connection that was never live does not end the recovery, so the first loss counts.
    if (isLive) this.#lostAtMs ??= Math.max(Date.now(), this.#awayUntilMs)
  }

  #onLive(): void {
    if (this.#lostAtMs === undefined) return

    this.reconnects++
    const recoveryMs = Date.now() - this.#lostAtMs
    this.longestRecoveryMs = Math.max(this.longestRecoveryMs, recoveryMs)
    this.client.trace.event("recovered", { who: this.name, recoveryMs })
    this.#lostAtMs = undefined
  }

  #dropIfSilent(): void {
    const connection = this.#connection
    const sinceMs = Math.max(connection?.lastActivityMs ?? 0, this.#awayUntilMs)
    if (!connection || Date.now() - sinceMs < silenceMs) return

    if (connection.isLive) this.#lostAtMs ??= sinceMs
    connection.end()
  }
}
