import {
  type CallRequest,
  type ChannelFault,
  type Connection,
  type FeedReader,
  statusOf,
} from "../../../kernel/index.ts"
import { clientIp } from "../../../web/call.ts"
import { encodeFrame } from "../../../web/live/frames.ts"
import type { CountedConnection } from "../../../web/live/open-connections.ts"
import {
  badFrame,
  type Ending,
  type EvictionListener,
  type LiveSession,
  newest,
  tooManyFrames,
} from "../../../web/live/session.ts"
import type { StreamFormat, StreamGroup } from "../../../web/live/stream-group.ts"
import type { Update } from "../../../web/live/update.ts"
import { otherViewer } from "../../../web/page-viewer.ts"
import type { ConnectionContext } from "../../permissions/connection.ts"
import type { ViewedRoom } from "../../presence/shown-rooms.ts"
import type { UserFeed } from "../../reading/user-feed.ts"
import type { Services } from "../../services.ts"
import type { RoomFeed } from "./feeds.ts"
import type { Room } from "./room.ts"

interface SessionRequest {
  room: Room
  transport: "ws" | "sse" | "stream" | "tail"
  call: CallRequest
  listener: EvictionListener
  /** Whose it is, if it says so, and whether it is in a hidden tab or window. */
  page?: { viewerId?: string; isHidden?: boolean }
}

/** Resources of a session, released when it closes. */
interface SessionResources {
  feed: RoomFeed
  userFeed: UserFeed
  chat: Connection
  counted: CountedConnection
}

/** A live connection of a user to a room: joins its Covenant channels, counts as presence, and reads its feed. */
export class RoomSession implements LiveSession {
  readonly #services: Services
  readonly #transport: SessionRequest["transport"]
  readonly #resources: SessionResources
  /** The groups of a reader who may not read the history, once it is live. */
  #newcomers: ReturnType<RoomFeed["liveOnly"]["after"]> | undefined
  #isShown = false

  private constructor(
    services: Services,
    transport: SessionRequest["transport"],
    resources: SessionResources,
  ) {
    this.#services = services
    this.#transport = transport
    this.#resources = resources
  }

  /** Connects through the contract. Returns an `Ending` when refused; `listener` is notified of an eviction. */
  static async connect(services: Services, request: SessionRequest): Promise<RoomSession | Ending> {
    const counted = services.connections.open(clientIp(request.call), request.listener)
    if ("code" in counted) return counted

    let session: RoomSession | Ending | undefined
    try {
      session = await RoomSession.#open(services, request, counted)
      return session
    } finally {
      if (!(session instanceof RoomSession)) counted.close()
    }
  }

  static async #open(
    services: Services,
    { room, transport, call, listener, page = {} }: SessionRequest,
    counted: CountedConnection,
  ): Promise<RoomSession | Ending> {
    const chat = await connectChannel(services, { channel: "chat", params: { ...room }, call, listener })
    if ("code" in chat) return chat

    // `connectToChannel` creates the context of this channel.
    const user = chat.context as ConnectionContext
    if (page.viewerId !== undefined && page.viewerId !== user.userId) {
      chat.close()
      return otherViewer
    }
    const fail = (error: unknown): never => {
      chat.close()
      throw error
    }
    const userFeed = await services.userFeeds.acquire(user.userId).catch(fail)
    const feed = await services.roomFeeds.acquire(room).catch((error) => {
      services.userFeeds.release(userFeed)
      return fail(error)
    })
    services.presence.enter(user)
    counted.belongsTo(user.userId)
    services.metrics.connections[transport].add(1)
    const session = new RoomSession(services, transport, { feed, userFeed, chat, counted })
    // A program that reads lines of text shows nothing.
    if (transport !== "tail" && !page.isHidden) session.#show(true)
    return session
  }

  get sockets() {
    return (this.#newcomers ?? this.#resources.feed).sockets
  }

  get subscriptions() {
    return this.#resources.userFeed.subscriptions
  }

  groupFor(format: StreamFormat): StreamGroup {
    return (this.#newcomers ?? this.#resources.feed).groupFor(format)
  }

  join(reader: FeedReader<Update>, cursor: number): Promise<void> {
    const { chat, feed } = this.#resources
    const { isLiveOnly } = chat.context as ConnectionContext
    if (!isLiveOnly) return feed.feed.join(reader, cursor)

    // What was missed is history.
    return feed.feed.join(
      {
        deliver: (updates) => reader.deliver(updates),
        goLive: (seq) => {
          this.#newcomers = feed.liveOnly.after(seq)
          reader.goLive(seq)
        },
      },
      newest,
    )
  }

  listsChanged(): Update[] {
    const { userFeed, feed } = this.#resources
    return [this.#services.listChanges.lastAround(feed.room, userFeed.userId)]
  }

  async snapshot(): Promise<Update[]> {
    const { userFeed, feed } = this.#resources
    return [await userFeed.unread(), await userFeed.announcement(), ...(await feed.snapshot())]
  }

  /**
   * Handles a frame of the page: a message or a status, which the contract validates, or that it is hidden or visible now.
   */
  async receive(frame: object): Promise<string | Ending | null> {
    if (!this.#resources.counted.used()) return tooManyFrames
    if ("content" in frame) {
      const id = "id" in frame ? frame.id : undefined
      const fault = await this.#resources.chat.send(frame)
      return fault ? refused(id, fault) : encodeFrame({ type: "stored", id })
    }
    if (!("status" in frame)) return badFrame
    if (frame.status === "hidden" || frame.status === "visible") return this.#show(frame.status === "visible")

    // No connection of its own: `connectToChannel` decides on both channels, by the same rule.
    const { params, context } = this.#resources.chat
    const channelId = params.channelId ?? ""
    const fault = await this.#services.server.processChannelMessage("presence", { channelId }, frame, context)
    return fault && refused(undefined, fault)
  }

  close(): void {
    const { feed, userFeed, chat, counted } = this.#resources
    const { roomFeeds, shownRooms, userFeeds, presence, metrics } = this.#services
    if (this.#isShown) shownRooms.leave(this.#viewed)
    chat.close()
    roomFeeds.release(feed)
    userFeeds.release(userFeed)
    presence.leave(userFeed.userId)
    counted.close()
    metrics.connections[this.#transport].add(-1)
  }

  #show(isShown: boolean): null {
    const { shownRooms } = this.#services
    if (isShown && !this.#isShown) shownRooms.show(this.#viewed)
    else if (!isShown && this.#isShown) shownRooms.hide(this.#viewed)
    this.#isShown = isShown
    return null
  }

  get #viewed(): ViewedRoom {
    const { userFeed, feed } = this.#resources
    return { userId: userFeed.userId, channelId: feed.room.channelId }
  }
}

interface ChannelRequest {
  channel: "chat" | "presence"
  params: Record<string, string>
  call: CallRequest
  listener?: EvictionListener
}

/** Connects to a Covenant channel, for transports other than Covenant's own. */
export async function connectChannel(
  services: Services,
  { channel, params, call, listener }: ChannelRequest,
): Promise<Connection | Ending> {
  const connected = await services.server.processConnection(channel, params, {}, call)
  if (!connected.success) return endingOf(connected.error)

  return services.sidekick.claim(connected.token, listener) ?? { code: 503, message: "Try again" }
}

/** Converts a channel's fault for people: removes the name of the field, since the composer has only one. */
export function endingOf(fault: ChannelFault): Ending {
  const message = fault.message.replace(/^(content|id): /, "")
  return { code: statusOf(fault), message, retryAfterSeconds: fault.retryAfterSeconds }
}

/** The frame that tells a page why its frame was refused. */
function refused(id: unknown, fault: ChannelFault): string {
  return JSON.stringify({ type: "refused", id, ...endingOf(fault) })
}
