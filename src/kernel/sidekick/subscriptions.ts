import { ChannelFaultError } from "../requests.ts"
import { type ChannelFault, guard, type OnUnexpected } from "../result.ts"
import { otherTopic, type SubscribedFrame } from "../wire.ts"

/** Hears messages. */
export type Callback = (message: unknown) => unknown

/** What a callback returns that cannot take a message now: of a log it is given this one and the rest again later. */
export const notNow = Symbol("not now")

/** Too much was missed to be told one by one: what lies after the change `after`, up to `seq`, has to be read anew. */
export interface Gap {
  /** The last change that was heard before; `undefined` when none was. */
  after: number | undefined
  seq: number
}

/** What else there is to be told. */
export interface SubscriptionHooks {
  onGap?(gap: Gap): unknown
  /** Nothing more will be heard: with a reason when it was ended from the other side. */
  onEnd?(reason?: ChannelFault): unknown
}

/** How a channel's messages are read. */
export interface Codec {
  parse(data: unknown): unknown
  seqOf: ((message: unknown) => number) | undefined
}

interface Entry extends SubscriptionHooks {
  /** How often the callback was added; it is called once per message all the same. */
  count: number
  /** The last change of the log it has heard; everything later is news to it. */
  seq: number | undefined
  /** Until it is subscribed it hears nothing, and after it could not take something neither: it would have a hole. */
  isWaiting: boolean
}

interface Subscription {
  topic: string
  codec: Codec
  entries: Map<Callback, Entry>
}

/** A client's callbacks, per connection. */
export class Subscriptions {
  private readonly all = new Map<string, Subscription>()

  constructor(private readonly report: OnUnexpected) {}

  /**
   * Adds a callback. The function returned takes it away, once, and says whether it was the connection's last. Throws
   * a `ChannelFaultError` when the connection is in use for another topic.
   */
  add(id: string, topic: string, codec: Codec, callback: Callback, hooks: SubscriptionHooks): () => boolean {
    const subscription = this.all.get(id) ?? { topic, codec, entries: new Map() }
    if (subscription.topic !== topic) throw new ChannelFaultError(otherTopic)
    this.all.set(id, subscription)
    const { entries } = subscription
    const isWaiting = codec.seqOf !== undefined
    const entry = entries.get(callback) ?? { count: 0, seq: undefined, isWaiting, ...hooks }
    entry.count++
    entries.set(callback, entry)
    let removed = false

    return () => {
      if (removed || this.all.get(id) !== subscription) return false
      removed = true
      entry.count--
      if (entry.count === 0) entries.delete(callback)
      if (entries.size === 0) this.all.delete(id)
      return entries.size === 0
    }
  }

  /** The change from which on a connection has to hear again; `undefined` when it never heard of one. */
  cursorOf(id: string): number | undefined {
    const seqs = [...(this.all.get(id)?.entries.values() ?? [])].flatMap(({ seq }) => seq ?? [])

    return seqs.length > 0 ? Math.min(...seqs) : undefined
  }

  /** A connection was subscribed that had asked for what came after `asked`. */
  subscribed(id: string, { seq, gap }: SubscribedFrame, asked: number | undefined): void {
    for (const entry of this.all.get(id)?.entries.values() ?? []) {
      // Shorter than what was read of it: the log is another one.
      const isAnother = seq !== undefined && asked !== undefined && seq < asked
      if (isAnother) entry.seq = seq
      if (gap && seq !== undefined) this.leap(entry, seq, asked)
      else entry.seq ??= seq
      entry.isWaiting = false
    }
  }

  /** Everyone on a topic goes on at a later place. */
  gap(topic: string, seq: number): void {
    for (const { entries } of this.on(topic)) {
      for (const entry of entries.values()) if (!entry.isWaiting) this.leap(entry, seq)
    }
  }

  /** Calls everybody subscribed to the topic, in the order they came. A message that does not parse reaches nobody. */
  deliver(topic: string, data: unknown): void {
    for (const { codec, entries } of this.on(topic)) {
      guard(
        () => {
          const message = codec.parse(data)
          const seq = codec.seqOf?.(message)
          for (const [callback, entry] of entries) this.tell(entry, callback, message, seq)
        },
        "subscriber",
        this.report,
      )
    }
  }

  /** Forgets a connection's callbacks. */
  drop(id: string, reason?: ChannelFault): void {
    const entries = [...(this.all.get(id)?.entries.values() ?? [])]
    this.all.delete(id)
    for (const { onEnd } of entries) guard(() => onEnd?.(reason), "subscriber", this.report)
  }

  clear(): void {
    for (const id of [...this.all.keys()]) this.drop(id)
  }

  private *on(topic: string): Generator<Subscription> {
    for (const subscription of this.all.values()) if (subscription.topic === topic) yield subscription
  }

  private tell(entry: Entry, callback: Callback, message: unknown, seq: number | undefined): void {
    if (entry.isWaiting) return
    if (seq !== undefined && entry.seq !== undefined && seq <= entry.seq) return
    let taken: unknown
    guard(
      () => {
        taken = callback(message)
        return taken
      },
      "subscriber",
      this.report,
    )
    // Without a log there is nothing to be given again.
    if (taken === notNow && seq !== undefined) entry.isWaiting = true
    else entry.seq = seq ?? entry.seq
  }

  private leap(entry: Entry, seq: number, asked?: number): void {
    const after = entry.seq ?? asked
    if (after !== undefined && after >= seq) return
    entry.seq = seq
    guard(() => entry.onGap?.({ after, seq }), "subscriber", this.report)
  }
}
