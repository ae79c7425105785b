import type { Status, StatusChange } from "../features/presence/presence.ts"
import type { Bus, BusEvent } from "./bus.ts"
import { PresenceLease } from "./presence-lease.ts"
import { PresenceRoster, type PresentStatus } from "./presence-roster.ts"
import type { RedisCommands } from "./redis-script.ts"

/** How often a node tries again what has failed, in milliseconds. */
const retryMs = 1000
/** Every how many of those it renews the lease of its people. */
const renewalRetries = 5
/** How long the people of a node that is gone count as online: most are back at another node by then. */
const graceMs = 4000

const changedPath = "/presence"
const storedPath = "/presence-stored"

interface SharedPresenceOptions {
  bus: Bus
  redis: RedisCommands
  /** Prefix of its keys in Redis. */
  prefix: string
  /** Announces to this node's readers who came, went or became idle, over all nodes. */
  announce(changes: StatusChange[]): void
  /** For tests. */
  graceMs?: number
}

/**
 * Who is online at any node. Each node publishes the changes of its own people, and keeps all of them in Redis as a lease
 * for nodes that start or have missed something. No two clocks are compared: a node is gone when it is not heard.
 */
export class SharedPresence {
  readonly #options: SharedPresenceOptions
  readonly #roster = new PresenceRoster()
  readonly #own = new Map<string, { username: string; status: PresentStatus }>()
  readonly #lease: PresenceLease
  /** Nodes whose lease is being read, with the changes that came meanwhile. */
  readonly #reading = new Map<string, StatusChange[]>()
  /** Nodes whose lease could not be read. */
  readonly #unread = new Set<string>()
  readonly #leaving = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #renewal: ReturnType<typeof setInterval>
  readonly #unsubscribe: () => void
  /** The lease differs from this node's people. */
  #isStale = false
  #writes = Promise.resolve()
  #version = 0
  #ticks = 0

  constructor(options: SharedPresenceOptions) {
    const { bus } = options
    this.#options = options
    this.#lease = this.#leaseOf(bus.node)
    bus.handle(changedPath, { receive: (body, node) => this.#othersChanged(node, body as StatusChange[]) })
    bus.handle(storedPath, { receive: (_, node) => void this.#read(node) })
    this.#unsubscribe = bus.subscribe((event) => this.#busChanged(event))
    this.#renewal = setInterval(() => this.#renewIfDue(), retryMs)
  }

  /** The status that other nodes know of someone. */
  of(userId: string): Status {
    return this.#roster.of(userId, this.#options.bus.node)
  }

  /** Who is online at any node. */
  get userIds(): Iterable<string> {
    return this.#roster.userIds
  }

  /** How many changes others have made so far: the version of `of`, for caches. */
  get version(): number {
    return this.#version
  }

  /** Announces and publishes changes of this node's people. */
  changeOwn(changes: StatusChange[]): void {
    const { bus } = this.#options
    for (const { userId, username, status } of changes) {
      if (status === "offline") this.#own.delete(userId)
      else this.#own.set(userId, { username, status })
    }
    this.#announce(this.#roster.apply(bus.node, changes))
    // Stored first: a node that reads the lease after it has subscribed has either the change or its post.
    this.#write(async () => {
      try {
        if (!this.#isStale) await this.#lease.change(changes)
      } finally {
        bus.publish({ path: changedPath, body: changes })
      }
    })
  }

  /** Ends this node's lease. */
  async close(): Promise<void> {
    clearInterval(this.#renewal)
    for (const timer of this.#leaving.values()) clearTimeout(timer)
    this.#unsubscribe()
    await this.#writes
    await this.#lease.delete().catch(() => {})
  }

  #busChanged(event: BusEvent): void {
    const { bus } = this.#options
    if (event.kind === "joined" || event.kind === "missed") void this.#read(event.node)
    else if (event.kind === "left") this.#leaveSoon(event.node)
    else if (event.kind === "down") for (const node of bus.nodes) this.#leaveSoon(node)
    else {
      for (const node of bus.nodes) void this.#read(node)
      this.#write(() => this.#renew())
    }
  }

  #othersChanged(node: string, changes: StatusChange[]): void {
    this.#reading.get(node)?.push(...changes)
    this.#changed(this.#roster.apply(node, changes))
  }

  /** Replaces what is known of a node by what it has stored, and by what it published while that was read. */
  async #read(node: string): Promise<void> {
    const changes: StatusChange[] = []
    this.#reading.set(node, changes)
    const users = await this.#leaseOf(node)
      .read()
      .catch(() => null)
    if (this.#reading.get(node) !== changes) return

    this.#reading.delete(node)
    if (users === null) return void this.#unread.add(node)
    this.#unread.delete(node)
    this.#stay(node)
    const present = new Map(users.map((user) => [user.userId, user]))
    for (const { status, ...user } of changes) {
      if (status === "offline") present.delete(user.userId)
      else present.set(user.userId, { ...user, status })
    }
    this.#changed(this.#roster.replace(node, [...present.values()]))
  }

  #leaveSoon(node: string): void {
    this.#stay(node)
    this.#reading.delete(node)
    this.#unread.delete(node)
    const timer = setTimeout(
      () => this.#changed(this.#roster.replace(node, [])),
      this.#options.graceMs ?? graceMs,
    )
    this.#leaving.set(node, timer)
  }

  #stay(node: string): void {
    clearTimeout(this.#leaving.get(node))
    this.#leaving.delete(node)
  }

  #changed(changes: StatusChange[]): void {
    this.#version++
    this.#announce(changes)
  }

  #announce(changes: StatusChange[]): void {
    if (changes.length > 0) this.#options.announce(changes)
  }

  #renewIfDue(): void {
    const isDue = ++this.#ticks % renewalRetries === 0
    if (isDue || this.#isStale || this.#unread.size > 0) this.#write(() => this.#renew())
  }

  async #renew(): Promise<void> {
    for (const node of this.#unread) void this.#read(node)
    const isStored = !this.#isStale && (await this.#lease.renew())
    if (isStored || (!this.#isStale && this.#own.size === 0)) return

    const users = [...this.#own].map(([userId, user]) => ({ userId, ...user }))
    await this.#lease.replace(users)
    this.#isStale = false
    this.#options.bus.publish({ path: storedPath, body: null })
  }

  /** Writes one after another. A failed write makes the lease stale, which the next renewal mends. */
  #write(work: () => Promise<void>): void {
    this.#writes = this.#writes.then(work).catch(() => {
      this.#isStale = true
    })
  }

  #leaseOf(node: string): PresenceLease {
    return new PresenceLease(this.#options.redis, this.#options.prefix, node)
  }
}
