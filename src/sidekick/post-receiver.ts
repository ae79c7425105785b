import type { Grant, InternalSidekick, MessageFrame } from "../kernel/index.ts"
import type { Logger } from "../observability/log.ts"
import type { WireSocket } from "../web/wire-socket.ts"
import type { SidekickMetrics } from "./metrics.ts"
import { type Batch, type SidekickPost, silenceMs } from "./protocol.ts"
import { SequenceTracker } from "./sequence-tracker.ts"

/** How often the server's silence is checked, in milliseconds. */
const silencePollMs = 1000

const reconnect = { code: 503, message: "Connect again" }

interface PostReceiverOptions {
  sidekick: InternalSidekick
  openSockets: ReadonlySet<WireSocket>
  metrics: Pick<SidekickMetrics, "posts" | "resets">
  log: Logger
}

/** Applies a server's posts to the sidekick. Makes all clients reconnect when something may have been lost. */
export class PostReceiver {
  readonly #options: PostReceiverOptions
  readonly #hub: ReturnType<InternalSidekick["getConnectionFromServer"]>
  readonly #tracker = new SequenceTracker()
  readonly #silencePoll: ReturnType<typeof setInterval>
  #wasSilent = false

  constructor(options: PostReceiverOptions) {
    this.#options = options
    this.#hub = options.sidekick.getConnectionFromServer()
    this.#silencePoll = setInterval(() => this.#checkSilence(), silencePollMs)
    this.#silencePoll.unref()
  }

  /** Applies a batch in order, unless it is a duplicate. */
  receive(batch: Batch): void {
    const decision = this.#tracker.check(batch)
    if (decision === "reset") this.#reset("A batch of the server was lost")
    if (decision === "ignore") return

    for (const post of batch.posts) this.apply(post)
  }

  /** Applies one post; everything has happened when it returns. */
  apply({ path, body }: SidekickPost): void {
    this.#options.metrics.posts.add()
    // The schemas check only the fields that are used here; the others (`after`, `seq`) are the sidekick's.
    if (path === "/connection") void this.#hub.addConnection(body as unknown as Grant)
    else if (path === "/message") void this.#hub.postMessage(body as unknown as MessageFrame)
    else if (path === "/resources") void this.#hub.update(body.resources)
    else this.#options.sidekick.evict(body.which, body.reason)
  }

  /** Ends all connections with 503 and closes all sockets, so that the clients connect again. */
  disconnectAll(): void {
    this.#options.sidekick.evict({}, reconnect)
    for (const socket of this.#options.openSockets) socket.restart()
  }

  /** Stops checking for the server's silence. */
  stop(): void {
    clearInterval(this.#silencePoll)
  }

  #checkSilence(): void {
    const isSilent = this.#tracker.silentMs > silenceMs
    if (isSilent && !this.#wasSilent) this.#reset("The server has been silent for too long")
    this.#wasSilent = isSilent
  }

  /** Clients may have missed messages, or may have lost the right to be connected. */
  #reset(why: string): void {
    const { log, metrics, openSockets } = this.#options
    log.warn(`${why}, so all clients must reconnect`, { sockets: openSockets.size })
    metrics.resets.add()
    this.disconnectAll()
  }
}
