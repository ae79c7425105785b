import type { CallRequest, ChannelFault, Connection } from "../../../kernel/index.ts"
import { encodeFrame } from "../../../web/live/frames.ts"
import { badFrame, type Ending, type Holder, type LiveSession } from "../../../web/live/session.ts"
import type { ConnectionContext } from "../../permissions/connection.ts"
import type { Reader } from "../../reading/feeds.ts"
import type { Services } from "../../services.ts"
import type { Room, RoomFeed } from "./feeds.ts"

/** Live connections of one person, in all their tabs and programs: what bounds the memory they can take. */
const maxConnections = 20_000

type Transport = "ws" | "sse" | "stream" | "tail"

/** What was entered, and is left when it ends. */
interface Entered {
  feed: RoomFeed
  reader: Reader
  chat: Connection
  presence: Connection
  leavePresence: () => void
}

/** Someone in a room: connected to its two channels, counted as present, reading its feed. */
export class RoomSession implements LiveSession {
  private constructor(
    private readonly services: Services,
    private readonly transport: Transport,
    private readonly entered: Entered,
  ) {}

  /** Lets in whom the contract lets in; `holder` is told when that right has ended. */
  static async open(
    services: Services,
    { transport, ...room }: Room & { transport: Transport },
    call: CallRequest,
    holder: Holder,
  ): Promise<RoomSession | Ending> {
    const chat = await connect(services, "chat", { ...room }, call, holder)
    if ("code" in chat) return chat
    const presence = await connect(services, "presence", { channelId: room.channelId }, call, holder)
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
    const reader = await services.reading.enter(person.userId).catch((error) => {
      chat.close()
      presence.close()
      throw error
    })
    const leavePresence = services.presence.enter(person)
    services.metrics.connections[transport].add(1)
    const feed = services.feeds.enter(room)
    return new RoomSession(services, transport, { feed, reader, chat, presence, leavePresence })
  }

  get feed() {
    return this.entered.feed.feed
  }
  get sockets() {
    return this.entered.feed.sockets
  }
  get events() {
    return this.entered.feed.events
  }
  get pages() {
    return this.entered.feed.pages
  }
  get lines() {
    return this.entered.feed.lines
  }
  get texts() {
    return this.entered.feed.texts
  }

  get sides() {
    return this.entered.reader.sides
  }

  async signs() {
    const { reader, feed } = this.entered
    return [await reader.unread(), ...(await feed.signs())]
  }

  /** A message, or a sign of life. The contract checks what is in them. */
  async receive(frame: object): Promise<string | Ending | null> {
    if ("content" in frame) {
      const id = "id" in frame ? frame.id : undefined
      const fault = await this.entered.chat.send(frame)
      return fault ? refused(id, fault) : encodeFrame({ type: "stored", id })
    }
    if (!("status" in frame)) return badFrame

    const fault = await this.entered.presence.send(frame)
    return fault && refused(undefined, fault)
  }

  close(): void {
    const { services, transport } = this
    const { feed, reader, chat, presence, leavePresence } = this.entered
    chat.close()
    presence.close()
    services.feeds.leave(feed)
    services.reading.leave(reader)
    leavePresence()
    services.metrics.connections[transport].add(-1)
  }
}

/** Opens one channel of the contract for a transport of our own. */
export async function connect(
  services: Services,
  channel: "chat" | "presence",
  params: Record<string, string>,
  call: CallRequest,
  holder?: Holder,
): Promise<Connection | Ending> {
  const connected = await services.server.processConnection(channel, params, {}, call)
  if (!connected.success) return endingOf(connected.error)

  return services.sidekick.claim(connected.token, holder) ?? { code: 503, message: "Try again" }
}

/** People see one field: what it is called in a frame says nothing to them. */
export function endingOf({ code, fault, message, retryAfterSeconds }: ChannelFault): Ending {
  const sentence = message.replace(/^(content|id): /, "")
  return { code: code ?? (fault === "client" ? 400 : 500), message: sentence, retryAfterSeconds }
}

/** Tells the page that what it sent was not taken, and why. */
function refused(id: unknown, fault: ChannelFault): string {
  return encodeFrame({ type: "refused", id, ...endingOf(fault) })
}
