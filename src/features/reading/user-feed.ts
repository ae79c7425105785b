import type { Cache } from "../../cache/cache.ts"
import type { DataVersions } from "../../cache/versions.ts"
import type { Db } from "../../db/database.ts"
import type { InternalSidekick } from "../../kernel/index.ts"
import type { ToldMessage } from "../../web/live/frames.ts"
import { type SideTopic, Subscriptions } from "../../web/live/subscriptions.ts"
import type { Update } from "../../web/live/update.ts"
import { findDismissed } from "../announcements/store.ts"
import { announcementUpdate } from "../announcements/update.tsx"
import { listBlockedIds } from "../blocks/store.ts"
import type { LookCache } from "../look/look-cache.ts"
import { findNotified } from "../notification-levels/levels-for.ts"
import { listHeldRoleIds } from "../permissions/held-roles.ts"
import { listServerIds } from "../permissions/store.ts"
import type { Presence } from "../presence/presence.ts"
import { findPersonal } from "../profiles/store.ts"
import type { RestrictedNews } from "./restricted-news.ts"
import { listUnread } from "./store.ts"
import { conversationsUpdate, reportsUpdate, serversUpdate, unreadUpdate } from "./updates.ts"

/** A user who reads fast gets their unread counts no more often than this. */
const throttleMs = 250
/** The kinds of a user's resources whose changes change what is unread. */
const countedKinds = new Set(["reading", "notifications", "inbox", "followedThreads"])

/** What the feeds of users need. */
export interface UserFeedDependencies {
  db: Db
  dataVersions: DataVersions
  sidekick: InternalSidekick
  /** Changes with what is announced to everyone. */
  look: Pick<LookCache, "current" | "subscribe">
  presence: Presence
  /** How many items are unread in a user's inbox. */
  countInbox: (userId: string) => Promise<number>
  /** The messages of the last minute that notify a user. */
  listTold: (userId: string) => Promise<ToldMessage[]>
  /** Sends to the WebSockets that subscribed to a topic. */
  publish: (topic: string, data: string) => void
  report: (error: unknown) => void
}

/** The news of a server, which all of its members share. */
interface ServerNews {
  serverId: string
  topic: SideTopic
  restricted: RestrictedNews
}

/** What all feeds share. */
interface SharedByFeeds {
  /** The unread counts of those who came last, by the id of the user. */
  readonly recentUnread: Cache<Update>
  /** The news of a server. Call `releaseServer` once for each call. */
  acquireServer(serverId: string): ServerNews
  releaseServer(serverId: string): void
}

/** The updates that all live pages of one user get: what is new in each of their servers, and how far they have read. */
export class UserFeed {
  readonly userId: string
  readonly subscriptions = new Subscriptions()
  /** How many sessions hold it open. */
  sessions = 0
  readonly #shared: SharedByFeeds
  readonly #dependencies: UserFeedDependencies
  /** The news of the user's servers. A list, because a `Map` of one takes 256 bytes, and thousands of users are connected. */
  #news: ServerNews[] = []
  /** How often it has left a server. */
  #left = 0
  #isClosed = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #isDue = false
  #announcedId: string | undefined
  #refresh: ReturnType<typeof setTimeout> | undefined

  constructor(userId: string, shared: SharedByFeeds, dependencies: UserFeedDependencies) {
    this.userId = userId
    this.#shared = shared
    this.#dependencies = dependencies
    this.#announcedId = dependencies.look.current.announcement?.id
  }

  /** One of the user's own resources has changed. */
  updated(kind: string): void {
    if (kind === "servers") {
      this.#serversChanged()
      this.subscriptions.send(serversUpdate())
    } else if (kind === "conversations") this.subscriptions.send(conversationsUpdate())
    else if (kind === "settings") this.#settingsChanged().catch(this.#dependencies.report)
    else if (countedKinds.has(kind)) this.#publishSoon()
  }

  /** Subscribes to the news of the servers that the user is in now, and of no others. */
  async followServers(): Promise<void> {
    let serverIds: Set<string>
    let left: number
    do {
      left = this.#left
      serverIds = new Set(await listServerIds(this.#dependencies.db, this.userId))
      // What was read may be older than the end of a membership meanwhile.
    } while (left !== this.#left)
    if (this.#isClosed) return

    for (const { serverId } of this.#news) if (!serverIds.delete(serverId)) this.leaveServer(serverId)
    for (const serverId of serverIds) {
      const news = this.#shared.acquireServer(serverId)
      this.#news.push(news)
      this.subscriptions.addTopic(news.topic)
      news.restricted.add(this)
    }
  }

  /** Unsubscribes from a server's news, before this returns. */
  leaveServer(serverId: string): void {
    this.#left++
    const news = this.#news.find((each) => each.serverId === serverId)
    if (!news) return

    this.#news = this.#news.filter((other) => other !== news)
    this.subscriptions.deleteTopic(news.topic)
    this.#release(news)
  }

  /** Recounts unread messages after the user lost channels. */
  viewChanged(): void {
    this.#publishSoon()
  }

  /** Whether the user's pages get the news of a server. */
  follows(serverId: string): boolean {
    return this.#news.some((news) => news.serverId === serverId)
  }

  /** Tells the pages of a moderator that there are other reports. */
  reportsChanged(serverId: string): void {
    this.subscriptions.send(reportsUpdate(serverId))
  }

  /** Everything that the user has not read: the same update until something is said or read, or someone comes or goes. */
  async unread(): Promise<Update> {
    const { db, dataVersions } = this.#dependencies
    const version = dataVersions.unread
    const { recentUnread } = this.#shared
    const cached = recentUnread.get(this.userId, version)
    if (cached) return cached

    const blocked = await listBlockedIds(db, this.userId)
    const unread = await listUnread(db, this.userId)
    const roles = await listHeldRoleIds(db, this.userId)
    const inbox = await this.#dependencies.countInbox(this.userId)
    // They are unread items, so there are none where there is none.
    const told = inbox === 0 ? [] : await this.#dependencies.listTold(this.userId)
    const notified = await findNotified(db, this.userId)
    const update = unreadUpdate({ unread, blocked, roles, inbox, told, ...notified })
    return recentUnread.set(this.userId, version, update)
  }

  /** What is announced to everyone and the user has not dismissed, for a page that may have missed it. */
  async announcement(): Promise<Update> {
    const { db, look } = this.#dependencies
    const { announcement } = look.current
    const isDismissed = announcement !== null && (await findDismissed(db, this.userId)) === announcement.id
    return announcementUpdate(isDismissed ? null : announcement)
  }

  /** Reads everything anew after a random delay of at most `spreadMs`. */
  refreshWithin(spreadMs: number): void {
    this.#refresh ??= setTimeout(() => {
      this.#refresh = undefined
      this.#serversChanged()
    }, Math.random() * spreadMs)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    clearTimeout(this.#refresh)
    for (const news of this.#news) this.#release(news)
    this.#news = []
  }

  /** Shows what is announced; nobody has dismissed it when it is new. */
  announce(): void {
    const { announcement } = this.#dependencies.look.current
    if (announcement?.id === this.#announcedId) return

    this.#announcedId = announcement?.id
    this.subscriptions.send(announcementUpdate(announcement))
  }

  #release({ serverId, restricted }: ServerNews): void {
    restricted.delete(this)
    this.#shared.releaseServer(serverId)
  }

  #serversChanged(): void {
    this.followServers().catch(this.#dependencies.report)
    this.#publishSoon()
  }

  async #settingsChanged(): Promise<void> {
    const { db, presence } = this.#dependencies
    const personal = await findPersonal(db, this.userId)
    if (personal) presence.choose(this.userId, personal.presence)
    // "Do not disturb" is a presence, and quiet hours are in the zone of the settings.
    this.#publishSoon()
  }

  /** Throttled; the first time at once. */
  #publishSoon(): void {
    if (this.#timer) {
      this.#isDue = true
      return
    }
    this.#publish().catch(this.#dependencies.report)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (!this.#isDue) return
      this.#isDue = false
      this.#publishSoon()
    }, throttleMs)
  }

  async #publish(): Promise<void> {
    this.subscriptions.send(await this.unread())
  }
}
