import {
  type CallRequest,
  type ChannelFault,
  type Connection,
  type FeedReader,
  statusOf,
} from "../../../kernel/index.ts"
import { encodeFrame } from "../../../web/live/frames.ts"
import { badFrame, type Ending, type EvictionListener, type LiveSession } from "../../../web/live/session.ts"
import type { StreamFormat, StreamGroup } from "../../../web/live/stream-group.ts"
import type { Update } from "../../../web/live/update.ts"
import type { ConnectionContext } from "../../permissions/connection.ts"
import type { UserFeed } from "../../reading/user-feeds.ts"
import type { Services } from "../../services.ts"
import type { RoomFeed } from "./feeds.ts"
import type { Room } from "./room.ts"

/** Live connections of one user, in all their tabs and programs: it bounds the memory they can take. */
const maxConnections = 20_000

interface SessionRequest {
  room: Room
  transport: "ws" | "sse" | "stream" | "tail"
  call: CallRequest
  listener: EvictionListener
}

/** What a session holds, and releases when it ends. */
interface Held {
  feed: RoomFeed
  userFeed: UserFeed
  chat: Connection
  presence: Connection
  leavePresence: () => void
}

/** A user in a room: connected to its two channels, counted as present, reading its feed. */
export class RoomSession implements LiveSession {
  readonly #services: Services
  readonly #transport: SessionRequest["transport"]
  readonly #held: Held

  private constructor(services: Services, transport: SessionRequest["transport"], held: Held) {
    this.#services = services
    this.#transport = transport
    this.#held = held
  }

  /** Connects as the contract allows it; `listener` is told when that right has ended. */
  static async connect(services: Services, request: SessionRequest): Promise<RoomSession | Ending> {
    const { room, transport, call, listener } = request
    const { channelId } = room
    const chat = await connectChannel(services, { channel: "chat", params: { ...room }, call, listener })
    if ("code" in chat) return chat
    const presence = await connectChannel(services, {
      channel: "presence",
      params: { channelId },
      call,
      listener,
    })
    if ("code" in presence) {
      chat.close()
      return presence
    }

    // The contract made this context.
    const person = chat.context as ConnectionContext
    if (services.presence.connectionsOf(person.userId) >= maxConnections) {
      chat.close()
      presence.close()
      return { code: 429, message: "You have too many connections open" }
    }
    const userFeed = await services.userFeeds.acquire(person.userId).catch((error) => {
      chat.close()
      presence.close()
      throw error
    })
    const leavePresence = services.presence.enter(person)
    services.metrics.connections[transport].add(1)
    const feed = services.roomFeeds.acquire(room)
    return new RoomSession(services, transport, { feed, userFeed, chat, presence, leavePresence })
  }

  get sockets() {
    return this.#held.feed.sockets
  }

  get subscriptions() {
    return this.#held.userFeed.subscriptions
  }

  groupFor(format: StreamFormat): StreamGroup {
    return this.#held.feed.groupFor(format)
  }

  join(reader: FeedReader<Update>, cursor: number): Promise<void> {
    return this.#held.feed.feed.join(reader, cursor)
  }

  async snapshot(): Promise<Update[]> {
    const { userFeed, feed } = this.#held
    return [await userFeed.unread(), ...(await feed.snapshot())]
  }

  /** A message, or a status. The contract validates it. */
  async receive(frame: object): Promise<string | Ending | null> {
    if ("content" in frame) {
      const id = "id" in frame ? frame.id : undefined
      const fault = await this.#held.chat.send(frame)
      return fault ? refused(id, fault) : encodeFrame({ type: "stored", id })
    }
    if (!("status" in frame)) return badFrame

    const fault = await this.#held.presence.send(frame)
    return fault && refused(undefined, fault)
  }

  close(): void {
    const { feed, userFeed, chat, presence, leavePresence } = this.#held
    const { roomFeeds, userFeeds, metrics } = this.#services
    chat.close()
    presence.close()
    roomFeeds.release(feed)
    userFeeds.release(userFeed)
    leavePresence()
    metrics.connections[this.#transport].add(-1)
  }
}

interface ChannelRequest {
  channel: "chat" | "presence"
  params: Record<string, string>
  call: CallRequest
  listener?: EvictionListener
}

/** Connects to a channel of the contract, for a transport of our own. */
export async function connectChannel(
  services: Services,
  { channel, params, call, listener }: ChannelRequest,
): Promise<Connection | Ending> {
  const connected = await services.server.processConnection(channel, params, {}, call)
  if (!connected.success) return endingOf(connected.error)

  return services.sidekick.claim(connected.token, listener) ?? { code: 503, message: "Try again" }
}

/** A channel's fault for people, who see one field: its name in a frame means nothing to them. */
export function endingOf(fault: ChannelFault): Ending {
  const message = fault.message.replace(/^(content|id): /, "")
  return { code: statusOf(fault), message, retryAfterSeconds: fault.retryAfterSeconds }
}

/** Tells the page that what it sent was refused, and why. */
function refused(id: unknown, fault: ChannelFault): string {
  return JSON.stringify({ type: "refused", id, ...endingOf(fault) })
}
