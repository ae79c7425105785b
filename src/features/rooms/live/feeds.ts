import type { Db } from "../../../db/open.ts"
import type { InternalSidekick } from "../../../kernel/index.ts"
import type { Metrics } from "../../../observability/metrics.ts"
import { Feed } from "../../../web/live/feed.ts"
import { SocketGroup, StreamGroup, StreamGroups } from "../../../web/live/groups.ts"
import type { Update } from "../../../web/live/update.ts"
import type { Message } from "../../messages/contract.ts"
import type { MessageCache } from "../../messages/message-cache.ts"
import { typingUpdate } from "../../presence/fragments.tsx"
import type { Person, Presence, Status } from "../../presence/presence.ts"
import { Typists } from "../../presence/typists.ts"
import { findParentChannel } from "../../threads/store.ts"
import { sidebarRefresh, sidebarResources } from "../fragments.tsx"
import type { RoomCache } from "../room-cache.tsx"
import { messageLog } from "./catch-up.tsx"
import { MemberSidebarPresence } from "./member-presence.ts"
import { emptyLine } from "./tail.ts"

/** One chat channel: what the live page of a room is about. */
export interface Room {
  serverId: string
  channelId: string
}

interface Dependencies {
  db: Db
  roomCache: RoomCache
  sidekick: InternalSidekick
  presence: Presence
  messageCache: MessageCache
  metrics: Metrics
  /** Sends to the WebSockets that subscribed to a topic. */
  publish: (topic: string, data: string) => void
  report: (error: unknown) => void
}

type Sign = Person & { status: Status | "typing" }

/** A channel as HTML for all its live readers: each change is rendered once and sent by each transport. */
export class RoomFeed {
  readonly sockets: SocketGroup
  readonly events = new StreamGroup(": \n\n")
  readonly pages = new StreamGroups("<!-- -->")
  readonly lines = new StreamGroup(emptyLine)
  readonly texts = new StreamGroup(emptyLine)
  readonly feed: Feed
  readers = 0
  readonly #typists: Typists
  #typing = typingUpdate([])
  readonly #memberPresence: MemberSidebarPresence
  /** What has become of people in this turn of the event loop. */
  #statuses = new Map<string, Status>()
  #isAroundChanged = false
  readonly #untap: (() => void)[]

  constructor(
    readonly room: Room,
    private readonly dependencies: Dependencies,
  ) {
    const { sidekick, publish, report } = dependencies
    this.sockets = new SocketGroup(`room ${room.channelId}`, publish)
    const groups = [this.sockets, this.events, this.pages, this.lines, this.texts]
    this.feed = new Feed(messageLog(dependencies, room), groups, report)
    this.#memberPresence = new MemberSidebarPresence(room.serverId, dependencies)
    this.#typists = new Typists((people) => {
      this.#typing = typingUpdate(people)
      this.feed.tell(this.#typing)
    })
    this.#untap = [
      sidekick.subscribe("chat", { ...room }, (message) => this.#changed(message as Message)),
      sidekick.subscribe("presence", { channelId: room.channelId }, (sign) => this.#seen(sign as Sign)),
      ...this.#aroundThread(),
      ...sidebarResources(room).map((resource) =>
        sidekick.subscribeToResource(resource, () => this.#aroundChanged()),
      ),
    ]
  }

  /** Who of those beside the room is here, and who writes: for someone whose page does not know it yet. */
  async signs(): Promise<Update[]> {
    return [await this.#memberPresence.snapshot(), this.#typing]
  }

  close(): void {
    for (const untap of this.#untap) untap()
    this.#typists.close()
  }

  /** Who comes and goes is told in the channels of the list alone: in a thread it is heard from there. */
  #aroundThread(): (() => void)[] {
    const { db, sidekick } = this.dependencies
    const channelId = findParentChannel(db, this.room.channelId)
    if (!channelId) return []

    const hear = ({ userId, status }: Sign) => {
      if (status !== "typing") this.#became(userId, status)
    }
    return [sidekick.subscribe("presence", { channelId }, (sign) => hear(sign as Sign))]
  }

  /** Several of what stands around it may change at once: it is told once. */
  #aroundChanged(): void {
    if (this.#isAroundChanged) return

    this.#isAroundChanged = true
    queueMicrotask(() => {
      this.#isAroundChanged = false
      this.feed.tell(sidebarRefresh(this.room))
    })
  }

  #changed(message: Message): void {
    this.#typists.delete(message.userId)
    const { messageCache } = this.dependencies
    this.feed.announce(message.seq, () => messageCache.toUpdate(message, message.seq - 1))
  }

  #seen({ userId, username, status }: Sign): void {
    if (status === "typing") this.#typists.add({ userId, username })
    else this.#became(userId, status)
  }

  /** Many may come and go at once: it is told once. */
  #became(userId: string, status: Status): void {
    const { report } = this.dependencies
    this.#memberPresence.noteChange(userId)
    if (this.#statuses.size === 0) setImmediate(() => this.#tellStatuses().catch(report))
    this.#statuses.set(userId, status)
  }

  async #tellStatuses(): Promise<void> {
    const statuses = this.#statuses
    this.#statuses = new Map()
    for (const update of await this.#memberPresence.changes(statuses)) this.feed.tell(update)
  }
}

/** The feeds of the channels that someone reads live. */
export class RoomFeeds {
  readonly #open = new Map<string, RoomFeed>()

  constructor(private readonly dependencies: Dependencies) {}

  /** A channel's feed. Call `leave` once when its reader has gone. */
  enter(room: Room): RoomFeed {
    const feed = this.#open.get(room.channelId) ?? new RoomFeed(room, this.dependencies)
    this.#open.set(room.channelId, feed)
    feed.readers++
    return feed
  }

  leave(feed: RoomFeed): void {
    if (--feed.readers > 0) return

    feed.close()
    this.#open.delete(feed.room.channelId)
  }
}
