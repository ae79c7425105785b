import { type ChannelFault, Refusal } from "../result.ts"
import type { SidekickFrame } from "../wire.ts"
import type { Connection } from "./connection.ts"
import { type FrameSender, refField } from "./frame-sender.ts"
import type { Hub } from "./hub.ts"
import type { LogReading } from "./log-topics.ts"

const unreadable: ChannelFault = {
  fault: "sidekick",
  message: "What was missed cannot be read right now. Connect again.",
  code: 503,
}

interface JoinOptions {
  /** The client's cursor; `null` starts at the head. */
  after: number | null
  ref: string | undefined
}

/** The topics one client is subscribed to, by the connections it holds. */
export class ClientSubscriptions {
  readonly #hub: Hub
  readonly #sender: FrameSender
  readonly #isOpen: (connection: Connection) => boolean
  /**
   * One subscription for all tokens of a topic, because a message frame does not name a token; apart for those that get
   * only a part of it.
   */
  readonly #topics = new Map<string, { tokens: Set<string>; unsubscribe(): void }>()
  /** The key in `#topics` of each token. */
  readonly #keyOf = new Map<string, string>()
  /** By token, for connections to logs. */
  readonly #readings = new Map<string, { reading: LogReading; joined: Promise<void> }>()

  /** `isOpen` says whether the client still holds a connection. */
  constructor(hub: Hub, sender: FrameSender, isOpen: (connection: Connection) => boolean) {
    this.#hub = hub
    this.#sender = sender
    this.#isOpen = isOpen
  }

  /** Subscribes to a connection's topic. Answers with `subscribed`; for a log, once the missed changes were read. */
  subscribe(connection: Connection, ref: string | undefined): void {
    const { channel, params, topic, after } = connection
    if (after !== undefined) {
      this.#subscribeToLog(connection, ref)
      return
    }
    this.#add(connection, () => this.#hub.messages.subscribe(topic, this.#sender.send))
    this.#sender.send({ type: "subscribed", channel, params, ...refField(ref) })
  }

  /** Removes what belongs to a connection that has ended. */
  remove(token: string): void {
    this.#readings.get(token)?.reading.leave()
    this.#readings.delete(token)
    const key = this.#keyOf.get(token) ?? ""
    this.#keyOf.delete(token)
    const subscription = this.#topics.get(key)
    subscription?.tokens.delete(token)
    if (subscription?.tokens.size !== 0) return
    subscription.unsubscribe()
    this.#topics.delete(key)
  }

  #subscribeToLog(connection: Connection, ref: string | undefined): void {
    const { token, channel, params } = connection
    const known = this.#readings.get(token)
    const reading = known?.reading ?? this.#hub.logs.open(channel, params)
    const previous = known?.joined ?? Promise.resolve()
    // A second `subscribe` with the same token replays nothing: the first one has done that.
    const after = known ? null : (connection.after ?? null)
    const joined = previous.then(() => this.#join(connection, reading, { after, ref }))
    this.#readings.set(token, { reading, joined })
  }

  /** Reads everything that was missed before it sends the first of it, so that `subscribed` can say where it starts. */
  async #join(connection: Connection, reading: LogReading, { after, ref }: JoinOptions): Promise<void> {
    const { channel, params } = connection
    let gap: number | undefined
    let missed: SidekickFrame[] = []
    const deliver = (frames: SidekickFrame[]) => {
      const [first] = frames
      if (first?.type === "subscribed") [gap, missed] = [first.seq, []]
      else missed.push(...frames)
    }
    const goLive = (head: number) => {
      if (!this.#isOpen(connection)) return
      const seq = gap ?? Math.min(after ?? head, head)
      const isGap = gap !== undefined && ({ gap: true } as const)
      this.#sender.send({ type: "subscribed", channel, params, seq, ...isGap, ...refField(ref) })
      for (const frame of missed) this.#sender.send(frame)
      if (!connection.isLiveOnly) {
        this.#add(connection, () => reading.subscribe(this.#sender.send))
        return
      }
      const key = `${connection.topic} after ${head}`
      this.#add(connection, () => reading.subscribe((frame) => this.#sendNewer(frame, head)), key)
    }
    try {
      await reading.join({ deliver, goLive }, after)
    } catch (error) {
      if (!(error instanceof Refusal)) this.#hub.report(error, `subscribing to ${connection.topic}`)
      this.#sender.sendError(unreadable, { channel, params, ref })
      connection.close()
    }
  }

  /** Not the changes of what is older: an edit tells what a message says. */
  #sendNewer(frame: SidekickFrame, head: number): void {
    const position = frame.type === "message" ? (frame.position ?? frame.seq) : undefined
    if (position === undefined || position > head) this.#sender.send(frame)
  }

  #add({ token, topic }: Connection, subscribe: () => () => void, kind = topic): void {
    const key = this.#keyOf.get(token) ?? kind
    this.#keyOf.set(token, key)
    const subscription = this.#topics.get(key) ?? { tokens: new Set<string>(), unsubscribe: subscribe() }
    subscription.tokens.add(token)
    this.#topics.set(key, subscription)
  }
}
