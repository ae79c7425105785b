import type { CallRequest, ChannelFault, Connection } from "../../kernel/index.ts"
import { badFrame, type Ending, type LiveSession } from "../../web/live/session.ts"
import type { Reading } from "../reading/feeds.ts"
import type { Site } from "../site.ts"
import type { ConnectionContext } from "./contract.ts"
import type { Room, RoomFeed } from "./feeds.ts"

/** Live connections of one person, in all their tabs and programs: what bounds the memory they can take. */
const maxConnections = 20_000

/** Someone in a room: connected to its two channels, counted as present, reading its feed. */
export class RoomSession implements LiveSession {
  private constructor(
    private readonly room: { feed: RoomFeed; leave: () => void },
    private readonly reading: Reading,
    private readonly chat: Connection,
    private readonly presence: Connection,
    private readonly depart: () => void,
  ) {}

  /** Lets in whom the contract lets in; `onEnd` is told when that right has ended. */
  static async open(
    site: Site,
    { transport, ...room }: Room & { transport: "ws" | "sse" | "stream" | "tail" },
    call: CallRequest,
    onEnd: (ending: Ending) => void,
  ): Promise<RoomSession | Ending> {
    const chat = await connect(site, "chat", { ...room }, call, onEnd)
    if ("code" in chat) return chat
    const presence = await connect(site, "presence", { channelId: room.channelId }, call, onEnd)
    if ("code" in presence) {
      chat.close()
      return presence
    }

    // The contract made this context.
    const person = chat.context as ConnectionContext
    if (site.presence.connectionsOf(person.userId) >= maxConnections) {
      chat.close()
      presence.close()
      return { code: 429, message: "You have too many connections open" }
    }
    const reading = await site.reading.enter(person.userId)
    const leave = site.presence.enter(person)
    const open = site.metrics.connections[transport]
    open.add(1)
    const depart = () => {
      leave()
      open.add(-1)
    }
    return new RoomSession(site.feeds.enter(room), reading, chat, presence, depart)
  }

  get feed() {
    return this.room.feed.feed
  }
  get sockets() {
    return this.room.feed.sockets
  }
  get events() {
    return this.room.feed.events
  }
  get pages() {
    return this.room.feed.pages
  }
  get lines() {
    return this.room.feed.lines
  }
  get texts() {
    return this.room.feed.texts
  }

  get sides() {
    return this.reading.sides
  }

  async signs() {
    return [await this.reading.unread(), ...(await this.room.feed.signs())]
  }

  /** A message, or a sign of life. The contract checks what is in them. */
  async receive(frame: object): Promise<string | Ending | null> {
    if ("content" in frame) {
      const id = "id" in frame ? frame.id : undefined
      const fault = await this.chat.send(frame)
      return fault ? refused(id, fault) : JSON.stringify({ type: "stored", id })
    }
    if (!("status" in frame)) return badFrame

    const fault = await this.presence.send(frame)
    return fault && refused(undefined, fault)
  }

  close(): void {
    this.chat.close()
    this.presence.close()
    this.room.leave()
    this.reading.leave()
    this.depart()
  }
}

/** Opens one channel of the contract for a transport of our own. */
export async function connect(
  site: Site,
  channel: "chat" | "presence",
  params: Record<string, string>,
  call: CallRequest,
  onEnd: (ending: Ending) => void = () => {},
): Promise<Connection | Ending> {
  const connected = await site.server.processConnection(channel, params, {}, call)
  if (!connected.success) return endingOf(connected.error)

  return site.sidekick.claim(connected.token, { onEvict: onEnd }) ?? { code: 503, message: "Try again" }
}

/** People see one field: what it is called in a frame says nothing to them. */
export function endingOf({ code, fault, message, retryAfterSeconds }: ChannelFault): Ending {
  const sentence = message.replace(/^(content|id): /, "")
  return { code: code ?? (fault === "client" ? 400 : 500), message: sentence, retryAfterSeconds }
}

/** Tells the page that what it sent was not taken, and why. */
function refused(id: unknown, fault: ChannelFault): string {
  return JSON.stringify({ type: "refused", id, ...endingOf(fault) })
}
