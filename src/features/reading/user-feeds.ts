import { CachedValue } from "../../cache/cache.ts"
import type { DataVersions } from "../../cache/versions.ts"
import type { Db } from "../../db/database.ts"
import type { InternalSidekick } from "../../kernel/index.ts"
import type { ToldMessage } from "../../web/live/frames.ts"
import type { Ending } from "../../web/live/session.ts"
import { SideTopic, Subscriptions } from "../../web/live/subscriptions.ts"
import type { Update } from "../../web/live/update.ts"
import { findDismissed } from "../announcements/store.ts"
import { announcementUpdate } from "../announcements/update.tsx"
import { listBlockedIds } from "../blocks/store.ts"
import type { LookCache } from "../look/look-cache.ts"
import { findNotified } from "../notification-levels/levels-for.ts"
import type { EndedAccess } from "../permissions/evictions.ts"
import { listHeldRoleIds } from "../permissions/held-roles.ts"
import { resource } from "../permissions/resources.ts"
import { listModerators } from "../permissions/restricted.ts"
import { listServerIds } from "../permissions/store.ts"
import { signedOut } from "../permissions/wording.ts"
import type { Presence } from "../presence/presence.ts"
import { findPersonal } from "../profiles/store.ts"
import type { Activities } from "./contract.ts"
import { RestrictedNews } from "./restricted-news.ts"
import { listUnread } from "./store.ts"
import { conversationsUpdate, newsUpdate, reportsUpdate, serversUpdate, unreadUpdate } from "./updates.ts"

/** A user who reads fast gets their unread counts no more often than this. */
const throttleMs = 250

interface Dependencies {
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

/** The updates that all live pages of one user get: what is new in each of their servers, and how far they have read. */
export class UserFeed {
  readonly userId: string
  readonly subscriptions = new Subscriptions()
  /** How many sessions hold it open. */
  sessions = 0
  readonly #feeds: UserFeeds
  readonly #dependencies: Dependencies
  readonly #topic: SideTopic
  readonly #unsubscribes: (() => void)[]
  /** For each server, what ends the subscription to its news. */
  readonly #leaveServer = new Map<string, () => void>()
  readonly #unread = new CachedValue<Update>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #isDue = false
  #announcedId: string | undefined
  #refresh: ReturnType<typeof setTimeout> | undefined

  constructor(userId: string, feeds: UserFeeds, dependencies: Dependencies) {
    const { sidekick, look, publish } = dependencies
    this.userId = userId
    this.#feeds = feeds
    this.#dependencies = dependencies
    this.#announcedId = look.current.announcement?.id
    this.#topic = new SideTopic(`reader ${userId}`, publish)
    this.subscriptions.addTopic(this.#topic)
    this.#unsubscribes = [
      sidekick.subscribeToResource(resource.servers(userId), () => {
        this.#serversChanged()
        this.#topic.publish(serversUpdate())
      }),
      sidekick.subscribeToResource(resource.reading(userId), () => this.#publishSoon()),
      sidekick.subscribeToResource(resource.conversations(userId), () =>
        this.#topic.publish(conversationsUpdate()),
      ),
      sidekick.subscribeToResource(resource.notifications(userId), () => this.#publishSoon()),
      sidekick.subscribeToResource(resource.inbox(userId), () => this.#publishSoon()),
      sidekick.subscribeToResource(resource.followedThreads(userId), () => this.#publishSoon()),
      look.subscribe(() => this.#announce()),
      sidekick.subscribeToResource(resource.settings(userId), () =>
        this.#settingsChanged().catch(this.#dependencies.report),
      ),
    ]
  }

  /** Subscribes to the news of the servers that the user is in now, and of no others. */
  async followServers(): Promise<void> {
    const serverIds = new Set(await listServerIds(this.#dependencies.db, this.userId))
    for (const [serverId, leave] of this.#leaveServer) {
      if (serverIds.has(serverId)) continue
      this.#leaveServer.delete(serverId)
      leave()
    }
    for (const serverId of serverIds) {
      if (this.#leaveServer.has(serverId)) continue
      const { topic, restricted, release } = this.#feeds.acquireServer(serverId)
      this.subscriptions.addTopic(topic)
      restricted.add(this)
      this.#leaveServer.set(serverId, () => {
        this.subscriptions.deleteTopic(topic)
        restricted.delete(this)
        release()
      })
    }
  }

  /** Unsubscribes from a server's news, before this returns. */
  leaveServer(serverId: string): void {
    this.#leaveServer.get(serverId)?.()
    this.#leaveServer.delete(serverId)
  }

  /** Recounts unread messages after the user lost channels. */
  viewChanged(): void {
    this.#publishSoon()
  }

  /** Whether the user's pages get the news of a server. */
  follows(serverId: string): boolean {
    return this.#leaveServer.has(serverId)
  }

  /** Tells the pages of a moderator that there are other reports. */
  reportsChanged(serverId: string): void {
    this.#topic.publish(reportsUpdate(serverId))
  }

  /** Everything that the user has not read: the same update until something is said or read, or someone comes or goes. */
  async unread(): Promise<Update> {
    const { db, dataVersions } = this.#dependencies
    const version = dataVersions.unread
    const cached = this.#unread.get(version)
    if (cached) return cached

    const blocked = await listBlockedIds(db, this.userId)
    const unread = await listUnread(db, this.userId)
    const roles = await listHeldRoleIds(db, this.userId)
    const inbox = await this.#dependencies.countInbox(this.userId)
    const told = await this.#dependencies.listTold(this.userId)
    const notified = await findNotified(db, this.userId)
    return this.#unread.set(version, unreadUpdate({ unread, blocked, roles, inbox, told, ...notified }))
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
    clearTimeout(this.#timer)
    clearTimeout(this.#refresh)
    for (const unsubscribe of this.#unsubscribes) unsubscribe()
    for (const leave of this.#leaveServer.values()) leave()
  }

  /** Shows what is announced; nobody has dismissed it when it is new. */
  #announce(): void {
    const { announcement } = this.#dependencies.look.current
    if (announcement?.id === this.#announcedId) return

    this.#announcedId = announcement?.id
    this.#topic.publish(announcementUpdate(announcement))
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
    this.#topic.publish(await this.unread())
  }
}

/** The news of a server, for the pages of all its members. */
interface ServerNews {
  topic: SideTopic
  restricted: RestrictedNews
  users: number
  unsubscribe: () => void
}

/** A page that is live without a room: it ends with its session. */
interface SignedInPage {
  userId: string
  sessionId: string
  end(ending: Ending): void
}

/** The feeds of users who have a live page open, and of the servers they are in. */
export class UserFeeds {
  readonly #dependencies: Dependencies
  readonly #pages = new Set<SignedInPage>()
  readonly #users = new Map<string, UserFeed>()
  readonly #servers = new Map<string, ServerNews>()

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
  }

  /** A user's feed, opened for the first session. Call `release` once for each. */
  async acquire(userId: string): Promise<UserFeed> {
    const feed = this.#users.get(userId) ?? new UserFeed(userId, this, this.#dependencies)
    const isNew = feed.sessions++ === 0
    if (isNew) {
      this.#users.set(userId, feed)
      await feed.followServers().catch((error) => {
        this.release(feed)
        throw error
      })
    }
    return feed
  }

  /** The feeds of users with a live page. */
  get open(): Iterable<UserFeed> {
    return this.#users.values()
  }

  /** Calls `end` when the session, or all of the user's, ends. Returns what stops that. */
  onSignOut(page: Omit<SignedInPage, "end">, end: SignedInPage["end"]): () => void {
    const added = { ...page, end }
    this.#pages.add(added)
    return () => void this.#pages.delete(added)
  }

  /** Ends the news of what users lost with a commit, before this returns. */
  end(access: EndedAccess): void {
    if (access.of === "session" || access.of === "user")
      for (const page of this.#pages) if (isOf(page, access)) page.end({ code: 401, message: signedOut })
    if (access.of === "membership") this.#users.get(access.userId)?.leaveServer(access.serverId)
    if (access.of !== "view") return

    this.#servers.get(access.serverId)?.restricted.end(access)
    for (const userId of access.userIds ?? []) this.#users.get(userId)?.viewChanged()
  }

  release(feed: UserFeed): void {
    if (--feed.sessions > 0) return

    feed.close()
    this.#users.delete(feed.userId)
  }

  /** The news of a server, opened for the first user, with what releases it. */
  acquireServer(serverId: string): Pick<ServerNews, "topic" | "restricted"> & { release: () => void } {
    const news = this.#servers.get(serverId) ?? this.#open(serverId)
    news.users++
    const release = () => {
      if (--news.users > 0) return
      news.unsubscribe()
      news.restricted.close()
      this.#servers.delete(serverId)
    }
    return { ...news, release }
  }

  async #reportsChanged(serverId: string): Promise<void> {
    const feeds = [...this.#users.values()].filter((feed) => feed.follows(serverId))
    const userIds = feeds.map(({ userId }) => userId)
    const moderators = await listModerators(this.#dependencies.db, serverId, userIds)
    for (const feed of feeds) if (moderators.has(feed.userId)) feed.reportsChanged(serverId)
  }

  #open(serverId: string): ServerNews {
    const { sidekick, publish } = this.#dependencies
    const topic = new SideTopic(`news ${serverId}`, publish)
    const unsubscribe = sidekick.subscribe("activity", { serverId }, (data) => {
      topic.publish(newsUpdate(data as Activities, serverId))
    })
    const ignoreReports = sidekick.subscribeToResource(resource.reports(serverId), () => {
      this.#reportsChanged(serverId).catch(this.#dependencies.report)
    })
    const restricted = new RestrictedNews(serverId, this.#dependencies)
    const end = () => {
      unsubscribe()
      ignoreReports()
    }
    const news = { topic, restricted, users: 0, unsubscribe: end }
    this.#servers.set(serverId, news)
    return news
  }
}

function isOf(
  { userId, sessionId }: SignedInPage,
  access: Extract<EndedAccess, { of: "session" | "user" }>,
): boolean {
  if (access.of === "session") return access.sessionId === sessionId
  return access.userId === userId && access.exceptSessionId !== sessionId
}
