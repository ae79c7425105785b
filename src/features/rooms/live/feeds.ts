import type { Db } from "../../../db/database.ts"
import type { InternalSidekick } from "../../../kernel/index.ts"
import type { Metrics } from "../../../observability/metrics.ts"
import { BroadcastFeed } from "../../../web/live/broadcast-feed.ts"
import { LiveOnlyGroups } from "../../../web/live/live-only-groups.ts"
import { SocketGroup } from "../../../web/live/socket-group.ts"
import { type StreamFormat, type StreamGroup, StreamGroups } from "../../../web/live/stream-group.ts"
import type { Update } from "../../../web/live/update.ts"
import type { Message } from "../../messages/contract.ts"
import { toUpdate } from "../../messages/updates.ts"
import { faceUpdate, typingUpdate } from "../../presence/fragments.tsx"
import type { Presence, Status, StatusChange, Typist } from "../../presence/presence.ts"
import { Typists } from "../../presence/typists.ts"
import { findParentChannel } from "../../threads/store.ts"
import { sidebarRefresh, sidebarResources } from "../fragments.tsx"
import type { RoomCache } from "../room-cache.tsx"
import { messageLog } from "./catch-up.tsx"
import { MemberSidebarPresence } from "./member-presence.ts"
import type { Room } from "./room.ts"

interface Dependencies {
  db: Db
  sidekick: InternalSidekick
  presence: Presence
  roomCache: RoomCache
  metrics: Metrics
  /** Awaited before changes that were read from the log are delivered. */
  beforeDelivery?(): Promise<unknown>
  /** Sends to the WebSockets that subscribed to a topic. */
  publish: (topic: string, data: string) => void
  report: (error: unknown) => void
  /** For tests. */
  listRefreshMs?: number
}

/** How long a list of members is shown as it is, though others of a large server are online. Longer than `listVersion` stays. */
const minListRefreshMs = 10_000
/** The more readers a room has, the longer: they request fifty lists a second at most. */
const refreshMsPerReader = 20

/** Changes of names and pictures that a page which connects gets. */
const maxFaces = 100

/** An ephemeral event of the channel `presence`. */
type PresenceEvent = Typist & { status: Status | "typing"; avatarUrl?: string | null }

/** The live updates of a channel as HTML: each is rendered once and sent to all readers over all transports. */
export class RoomFeed {
  readonly room: Room
  /** The channel whose viewers it lists: for a thread, the one that it is in. */
  readonly rootId: string
  readonly sockets: SocketGroup
  /** Those who may not read the history. */
  readonly liveOnly: LiveOnlyGroups
  readonly feed: BroadcastFeed
  /** Number of open sessions. */
  sessions = 0
  readonly #dependencies: Dependencies
  readonly #streams = new StreamGroups()
  readonly #typists: Typists
  #typing = typingUpdate([])
  readonly #memberPresence: MemberSidebarPresence
  /** The last changes of names and pictures, by user. */
  readonly #faces = new Map<string, Update>()
  /** The users whose statuses changed in this turn of the event loop, and are not yet published. */
  #changedStatuses = new Set<string>()
  #isRefreshDue = false
  #refresh: ReturnType<typeof setTimeout> | undefined
  #listRefresh: ReturnType<typeof setTimeout> | undefined
  readonly #unsubscribes: (() => void)[]

  /** `parentId`: for a thread, the channel of its message. */
  constructor(room: Room, parentId: string | null | undefined, dependencies: Dependencies) {
    const { publish, report } = dependencies
    this.room = room
    this.rootId = parentId ?? room.channelId
    this.#dependencies = dependencies
    this.sockets = new SocketGroup(`room ${room.channelId}`, publish)
    this.liveOnly = new LiveOnlyGroups(this.sockets.topic, publish)
    const groups = [this.sockets, this.#streams, this.liveOnly]
    this.feed = new BroadcastFeed(messageLog(dependencies, room), groups, report)
    this.#memberPresence = new MemberSidebarPresence(
      { serverId: room.serverId, rootId: this.rootId },
      dependencies,
    )
    this.#typists = new Typists((users) => {
      this.#typing = typingUpdate(users)
      this.feed.publishEphemeral(this.#typing)
    })
    this.#unsubscribes = this.#subscribe(parentId)
  }

  groupFor(format: StreamFormat): StreamGroup {
    return this.#streams.groupFor(format)
  }

  /** Who is online and who is typing, for a page that has just connected. */
  async snapshot(): Promise<Update[]> {
    return [await this.#memberPresence.snapshot(), this.#typing, ...this.#faces.values()]
  }

  /** Batches the statuses of one turn of the event loop: after an outage thousands of users come back together. */
  showStatuses(changes: StatusChange[]): void {
    const { report } = this.#dependencies
    if (this.#changedStatuses.size === 0) setImmediate(() => this.#publishStatuses().catch(report))
    for (const { userId } of changes) {
      this.#memberPresence.noteChange(userId)
      this.#changedStatuses.add(userId)
    }
  }

  /** Refreshes the sidebar of all readers after a random delay of at most `spreadMs`. */
  refreshWithin(spreadMs: number): void {
    this.#refresh ??= setTimeout(() => {
      this.#refresh = undefined
      this.#sidebarChanged()
    }, Math.random() * spreadMs)
  }

  close(): void {
    clearTimeout(this.#refresh)
    clearTimeout(this.#listRefresh)
    for (const unsubscribe of this.#unsubscribes) unsubscribe()
    this.sockets.close()
    this.liveOnly.close()
    this.#typists.close()
  }

  #subscribe(parentId: string | null | undefined): (() => void)[] {
    const { room } = this
    const { sidekick } = this.#dependencies
    // Names and pictures are announced in listed channels only, so a thread subscribes to those of its parent channel.
    return [
      sidekick.subscribe("chat", { ...room }, (message) => this.#messageChanged(message as Message)),
      sidekick.subscribe("presence", { channelId: room.channelId }, (event) =>
        this.#presenceChanged(event as PresenceEvent),
      ),
      ...(parentId
        ? [
            sidekick.subscribe("presence", { channelId: parentId }, (event) =>
              this.#faceChanged(event as PresenceEvent),
            ),
          ]
        : []),
      ...sidebarResources(room).map((resource) =>
        sidekick.subscribeToResource(resource, () => this.#sidebarChanged()),
      ),
    ]
  }

  #messageChanged(message: Message): void {
    this.#typists.delete(message.userId)
    this.feed.announce(message.seq, () => toUpdate(message, message.seq - 1))
  }

  #presenceChanged(event: PresenceEvent): void {
    const { status, avatarUrl, ...typist } = event
    if (status === "typing") this.#typists.add(typist)
    else this.#faceChanged(event)
  }

  /** Shows another name or picture of a user on all pages, and on those that connect later: they may be older. */
  #faceChanged(person: PresenceEvent): void {
    // A status alone: of these `showStatuses` is told.
    if (person.avatarUrl === undefined) return

    const update = faceUpdate(person)
    this.#faces.delete(person.userId)
    this.#faces.set(person.userId, update)
    const [oldest] = this.#faces.keys()
    if (this.#faces.size > maxFaces && oldest !== undefined) this.#faces.delete(oldest)
    this.feed.publishEphemeral(update)
  }

  async #publishStatuses(): Promise<void> {
    const changed = this.#changedStatuses
    this.#changedStatuses = new Set()
    const { updates, isListOld } = await this.#memberPresence.changes(changed)
    for (const update of updates) this.feed.publishEphemeral(update)
    if (isListOld) this.#listChanged()
  }

  /** Refreshes the sidebar for those who came or went in a large server: not for each, since all readers request it. */
  #listChanged(): void {
    const { listRefreshMs = minListRefreshMs } = this.#dependencies
    this.#listRefresh ??= setTimeout(
      () => {
        this.#listRefresh = undefined
        this.#memberPresence.noteRefresh()
        this.#sidebarChanged()
      },
      Math.max(listRefreshMs, this.sessions * refreshMsPerReader),
    )
  }

  /** Refreshes once per turn: one change may concern several resources. */
  #sidebarChanged(): void {
    if (this.#isRefreshDue) return

    this.#isRefreshDue = true
    queueMicrotask(() => {
      this.#isRefreshDue = false
      this.feed.publishEphemeral(sidebarRefresh(this.room))
    })
  }
}

/** The feeds of all channels with live readers. */
export class RoomFeeds {
  readonly #dependencies: Dependencies
  readonly #open = new Map<string, RoomFeed>()

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
  }

  /** Returns a channel's feed, and opens it for the first session. Call `release` once per call. */
  async acquire(room: Room): Promise<RoomFeed> {
    const { channelId } = room
    const parentId = this.#open.has(channelId)
      ? null
      : await findParentChannel(this.#dependencies.db, channelId)
    // Another session may have opened it meanwhile.
    const feed = this.#open.get(channelId) ?? new RoomFeed(room, parentId, this.#dependencies)
    this.#open.set(channelId, feed)
    feed.sessions++
    return feed
  }

  /** The feeds of channels with readers. */
  get open(): Iterable<RoomFeed> {
    return this.#open.values()
  }

  release(feed: RoomFeed): void {
    if (--feed.sessions > 0) return

    feed.close()
    this.#open.delete(feed.room.channelId)
  }
}
