import { Refusal } from "../../kernel/index.ts"
import { clientIp } from "../../web/call.ts"
import { openHttpStream } from "../../web/live/http-stream.ts"
import { type Ending, type EvictionListener, type LiveSession, newest } from "../../web/live/session.ts"
import { SocketGroup } from "../../web/live/socket-group.ts"
import { StreamGroup } from "../../web/live/stream-group.ts"
import { signedOut } from "../permissions/wording.ts"
import type { UserFeed } from "../reading/user-feed.ts"
import { eventStreamKind } from "../rooms/live/event-stream.ts"
import type { Services } from "../services.ts"
import { callOf, requireViewer, type SignedInViewer, type Visit } from "../visit.ts"

/** Time in which a client must read the rest of a stream that was ended. */
const drainSeconds = 10

/** Server-sent events for the pages of the inbox: the viewer's counts and news, which say that a list has changed. */
export async function openInboxEvents(services: Services, visit: Visit): Promise<Response> {
  const { request, server } = visit
  const viewer = await requireViewer(services, visit)
  const response = await openHttpStream({
    connect: (listener) => connect(services, { viewer, visit }, listener),
    cursor: newest,
    kind: eventStreamKind(),
    report: (error) => void services.report(error, "a live connection"),
    onEnd(isSlow) {
      if (isSlow) services.metrics.slowReaders.sse.add()
      server?.timeout(request, drainSeconds)
    },
  })
  if (!(response instanceof Response)) throw new Refusal(response.message, response.code)

  // It may be idle for longer than the server's timeout.
  server?.timeout(request, 0)
  return response
}

/** Calls `listener` when the viewer's session or account ends, and when they have too many connections. */
async function connect(
  services: Services,
  { viewer, visit }: { viewer: SignedInViewer; visit: Visit },
  listener: EvictionListener,
): Promise<InboxSession | Ending> {
  const { connections, presence, sessions, userFeeds } = services
  const { id: userId, sessionId } = viewer
  const counted = connections.open(clientIp(callOf(services, visit)), listener)
  if ("code" in counted) return counted

  const feed = await userFeeds.acquire(userId).catch((error) => {
    counted.close()
    throw error
  })
  const stopListening = userFeeds.onSignOut({ userId, sessionId }, (ending) => listener.onEvict(ending))
  presence.enter({ ...viewer, userId })
  counted.belongsTo(userId)
  const session = new InboxSession(services, feed, [
    () => presence.leave(userId),
    stopListening,
    () => counted.close(),
  ])
  // The session may have ended before anything listened for that.
  if (await sessions.find(visit.request.headers)) return session
  session.close()
  return { code: 401, message: signedOut }
}

/** A live connection of a user to what is about them, and to no room. It counts as presence. */
class InboxSession implements LiveSession {
  readonly #services: Services
  readonly #feed: UserFeed
  readonly #release: (() => void)[]
  readonly #group = new StreamGroup(eventStreamKind().format.heartbeat)
  /** Nothing comes by WebSocket. */
  readonly sockets = new SocketGroup("inbox", () => {})

  constructor(services: Services, feed: UserFeed, release: (() => void)[]) {
    this.#services = services
    this.#feed = feed
    this.#release = release
    services.metrics.connections.sse.add(1)
  }

  get subscriptions() {
    return this.#feed.subscriptions
  }

  groupFor(): StreamGroup {
    return this.#group
  }

  async join(reader: Parameters<LiveSession["join"]>[0]): Promise<void> {
    reader.goLive(0)
  }

  listsChanged() {
    return []
  }

  async snapshot() {
    return [await this.#feed.unread()]
  }

  async receive(): Promise<null> {
    return null
  }

  close(): void {
    for (const release of this.#release) release()
    this.#services.userFeeds.release(this.#feed)
    this.#services.metrics.connections.sse.add(-1)
  }
}
