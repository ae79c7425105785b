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
  /** By topic: one subscription for all tokens, because a message frame does not name a token. */
  readonly #topics = new Map<string, { tokens: Set<string>; unsubscribe(): void }>()
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
  remove(token: string, topic: string): void {
    this.#readings.get(token)?.reading.leave()
    this.#readings.delete(token)
    const subscription = this.#topics.get(topic)
    subscription?.tokens.delete(token)
    if (subscription?.tokens.size !== 0) return
    subscription.unsubscribe()
    this.#topics.delete(topic)
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
      this.#add(connection, () => reading.subscribe(this.#sender.send))
    }
    try {
      await reading.join({ deliver, goLive }, after)
    } catch (error) {
      if (!(error instanceof Refusal)) this.#hub.report(error, `subscribing to ${connection.topic}`)
      this.#sender.sendError(unreadable, { channel, params, ref })
      connection.close()
    }
  }

  #add({ token, topic }: Connection, subscribe: () => () => void): void {
    const subscription = this.#topics.get(topic) ?? { tokens: new Set<string>(), unsubscribe: subscribe() }
    subscription.tokens.add(token)
    this.#topics.set(topic, subscription)
  }
}
