import { Cache } from "../../cache/cache.ts"
import type { Ending } from "../../web/live/session.ts"
import { SideTopic } from "../../web/live/subscriptions.ts"
import type { Update } from "../../web/live/update.ts"
import type { EndedAccess } from "../permissions/evictions.ts"
import { ownResourceOf, resource } from "../permissions/resources.ts"
import { listModerators } from "../permissions/restricted.ts"
import { signedOut } from "../permissions/wording.ts"
import type { Activities } from "./contract.ts"
import { RestrictedNews } from "./restricted-news.ts"
import { newsUpdate } from "./updates.ts"
import { UserFeed, type UserFeedDependencies } from "./user-feed.ts"

/** Users whose unread counts are cached: a page that connects needs them twice, and not any more once it is live. */
const maxRecent = 1000

/** The news of a server, for the pages of all its members. */
interface ServerNews {
  serverId: string
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
  readonly recentUnread = new Cache<Update>({ maxEntries: maxRecent })
  readonly #dependencies: UserFeedDependencies
  readonly #pages = new Set<SignedInPage>()
  readonly #users = new Map<string, UserFeed>()
  readonly #servers = new Map<string, ServerNews>()

  constructor(dependencies: UserFeedDependencies) {
    const { sidekick, look } = dependencies
    this.#dependencies = dependencies
    sidekick.listenToResources({
      listensTo: (name) => this.#users.has(ownResourceOf(name)?.userId ?? ""),
      updated: (name) => this.#updated(name),
    })
    look.subscribe(() => {
      for (const feed of this.#users.values()) feed.announce()
    })
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

  /** The news of a server, opened for the first user. Call `releaseServer` once per call. */
  acquireServer(serverId: string): ServerNews {
    const news = this.#servers.get(serverId) ?? this.#open(serverId)
    news.users++
    return news
  }

  releaseServer(serverId: string): void {
    const news = this.#servers.get(serverId)
    if (!news || --news.users > 0) return

    news.unsubscribe()
    news.restricted.close()
    this.#servers.delete(serverId)
  }

  #updated(name: string): void {
    const own = ownResourceOf(name)
    if (own) this.#users.get(own.userId)?.updated(own.kind)
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
    const news = { serverId, topic, restricted, users: 0, unsubscribe: end }
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
