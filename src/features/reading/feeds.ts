import { CachedValue } from "../../cache/cache.ts"
import type { DataVersions } from "../../cache/versions.ts"
import type { Db } from "../../db/open.ts"
import type { InternalSidekick } from "../../kernel/index.ts"
import { Side, Sides } from "../../web/live/sides.ts"
import type { Update } from "../../web/live/update.ts"
import { listBlockedIds } from "../blocks/store.ts"
import { versionOf } from "../blocks/styles.ts"
import { resource } from "../permissions/resources.ts"
import { listServerIds } from "../permissions/store.ts"
import { listUnread } from "./store.ts"
import { newsUpdate, type Told, unreadUpdate } from "./updates.ts"

/** Someone who reads fast is told how things stand no more often than this. */
const quietMs = 250

interface Dependencies {
  db: Db
  dataVersions: DataVersions
  sidekick: InternalSidekick
  publish: (topic: string, data: string) => void
  report: (error: unknown) => void
}

/** Someone who has a live page open. What their pages hear: what is new in each of their servers, and how far they have read. */
export class Reader {
  readonly sides = new Sides()
  readonly #own: Side
  readonly #left = new Map<string, () => void>()
  readonly #untap: (() => void)[]
  #timer: ReturnType<typeof setTimeout> | undefined
  #isDue = false
  readonly #unread = new CachedValue<Update>()
  connections = 0

  constructor(
    readonly userId: string,
    private readonly feeds: ReadingFeeds,
    private readonly dependencies: Dependencies,
  ) {
    const { sidekick, publish } = dependencies
    this.#own = new Side(`reader ${userId}`, publish)
    this.sides.add(this.#own)
    this.#untap = [
      sidekick.subscribeToResource(resource.servers(userId), () => this.#moved()),
      sidekick.subscribeToResource(resource.reading(userId), () => this.#read()),
    ]
  }

  /** Hears the servers they are in now: no more, and no others. */
  async follow(): Promise<void> {
    const serverIds = new Set(listServerIds(this.dependencies.db, this.userId))
    for (const [serverId, leave] of this.#left) {
      if (serverIds.has(serverId)) continue
      this.#left.delete(serverId)
      leave()
    }
    for (const serverId of serverIds) {
      if (this.#left.has(serverId)) continue
      const { side, leave } = this.feeds.enterServer(serverId)
      this.sides.add(side)
      this.#left.set(serverId, () => {
        this.sides.delete(side)
        leave()
      })
    }
  }

  close(): void {
    clearTimeout(this.#timer)
    for (const untap of this.#untap) untap()
    for (const leave of this.#left.values()) leave()
  }

  #moved(): void {
    this.follow().catch(this.dependencies.report)
    this.#read()
  }

  /** Tells their pages, also on other devices; the first time at once. */
  #read(): void {
    if (this.#timer) {
      this.#isDue = true
      return
    }
    this.#tell().catch(this.dependencies.report)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (!this.#isDue) return
      this.#isDue = false
      this.#read()
    }, quietMs)
  }

  /** All that they have not read, for a page that does not know it: the same update until something is said or read, or someone comes or goes. */
  async unread(): Promise<Update> {
    const { db, dataVersions } = this.dependencies
    const version = dataVersions.unread
    const cached = this.#unread.get(version)
    if (cached) return cached

    const blocked = listBlockedIds(db, this.userId)
    const unread = await listUnread(db, this.userId)
    return this.#unread.set(version, unreadUpdate(unread, blocked, versionOf(blocked)))
  }

  async #tell(): Promise<void> {
    this.#own.tell(await this.unread())
  }
}

/** What is new in a server, for the pages of all who are in it. */
interface ServerNews {
  side: Side
  readers: number
  untap: () => void
}

/** The people who have a live page open, and the servers they are in. */
export class ReadingFeeds {
  readonly #readers = new Map<string, Reader>()
  readonly #servers = new Map<string, ServerNews>()

  constructor(private readonly dependencies: Dependencies) {}

  /** Counts one live connection of someone; call `leave`, once, when it ends. */
  async enter(userId: string): Promise<Reader> {
    const reader = this.#readers.get(userId) ?? new Reader(userId, this, this.dependencies)
    const isNew = reader.connections++ === 0
    if (isNew) {
      this.#readers.set(userId, reader)
      await reader.follow().catch((error) => {
        this.leave(reader)
        throw error
      })
    }
    return reader
  }

  leave(reader: Reader): void {
    if (--reader.connections > 0) return

    reader.close()
    this.#readers.delete(reader.userId)
  }

  /** What is new in a server, and what to call when it is not heard any more. */
  enterServer(serverId: string): { side: Side; leave: () => void } {
    const news = this.#servers.get(serverId) ?? this.#open(serverId)
    news.readers++
    const leave = () => {
      if (--news.readers > 0) return
      news.untap()
      this.#servers.delete(serverId)
    }
    return { side: news.side, leave }
  }

  #open(serverId: string): ServerNews {
    const { sidekick, publish } = this.dependencies
    const side = new Side(`news ${serverId}`, publish)
    const untap = sidekick.subscribe("activity", { serverId }, (data) => {
      side.tell(newsUpdate(data as Told, serverId))
    })
    const news = { side, readers: 0, untap }
    this.#servers.set(serverId, news)
    return news
  }
}
