import { type OnUnexpected, runSafely } from "../report.ts"
import type { ChannelFault } from "../result.ts"
import { type SubscribedFrame, wrongTopic } from "../wire.ts"
import { ChannelFaultError, type Gap } from "./errors.ts"

/** Receives messages. */
export type MessageCallback = (message: unknown) => unknown

/** A callback returns this when it cannot take a message now. A log then delivers it and all later ones again. */
export const notNow = Symbol("not now")

/** Callbacks of a subscription besides messages. */
export interface SubscriptionHooks {
  onGap?(gap: Gap): unknown
  /** No more messages follow. `reason` is set when the sidekick ended the connection. */
  onEnd?(reason?: ChannelFault): unknown
}

/** How a channel's messages are parsed. */
export interface MessageCodec {
  parse(data: unknown): unknown
  /** The sequence number, if the channel is a log. */
  seqOf: ((message: unknown) => number) | undefined
}

interface CallbackEntry extends SubscriptionHooks {
  /** How often the callback was added. It is called once per message all the same. */
  count: number
  /** The last change of the log that it received. */
  seq: number | undefined
  /** While `true` it receives nothing, so that it misses nothing in between: not subscribed yet, or `notNow`. */
  isWaiting: boolean
}

interface Subscription {
  topic: string
  codec: MessageCodec
  callbacks: Map<MessageCallback, CallbackEntry>
}

/** A client's message callbacks, by connection. */
export class MessageCallbacks {
  readonly #byConnection = new Map<string, Subscription>()
  readonly #report: OnUnexpected

  constructor(report: OnUnexpected) {
    this.#report = report
  }

  /**
   * Adds a callback to a connection. The returned function removes it and says whether it was the connection's last
   * one. Throws a `ChannelFaultError` when the connection belongs to another topic.
   */
  add(
    id: string,
    {
      topic,
      codec,
      callback,
      hooks,
    }: Pick<Subscription, "topic" | "codec"> & {
      callback: MessageCallback
      hooks: SubscriptionHooks
    },
  ): () => boolean {
    const subscription = this.#byConnection.get(id) ?? { topic, codec, callbacks: new Map() }
    if (subscription.topic !== topic) throw new ChannelFaultError(wrongTopic)
    this.#byConnection.set(id, subscription)
    const { callbacks } = subscription
    const isWaiting = codec.seqOf !== undefined
    const entry = callbacks.get(callback) ?? { count: 0, seq: undefined, isWaiting, ...hooks }
    entry.count++
    callbacks.set(callback, entry)
    let isRemoved = false

    return () => {
      if (isRemoved || this.#byConnection.get(id) !== subscription) return false
      isRemoved = true
      entry.count--
      if (entry.count === 0) callbacks.delete(callback)
      if (callbacks.size === 0) this.#byConnection.delete(id)
      return callbacks.size === 0
    }
  }

  /** The change after which a connection must be replayed; `undefined` when none of its callbacks has received one. */
  cursorOf(id: string): number | undefined {
    const seqs = [...this.#callbacksOf(id)].flatMap(({ seq }) => seq ?? [])

    return seqs.length > 0 ? Math.min(...seqs) : undefined
  }

  /** Handles the answer to a `subscribe` that asked for the changes after `cursor`. */
  subscribed(id: string, { seq, gap }: SubscribedFrame, cursor: number | undefined): void {
    for (const entry of this.#callbacksOf(id)) {
      // The log is shorter than what was read of it, so it was replaced: start again.
      const isReplaced = seq !== undefined && cursor !== undefined && seq < cursor
      if (isReplaced) entry.seq = seq
      if (gap && seq !== undefined) this.#skipTo(entry, seq, cursor)
      else entry.seq ??= seq
      entry.isWaiting = false
    }
  }

  /** Skips all callbacks of a topic to a later change. */
  gap(topic: string, seq: number): void {
    for (const { callbacks } of this.#of(topic)) {
      for (const entry of callbacks.values()) if (!entry.isWaiting) this.#skipTo(entry, seq)
    }
  }

  /** Parses a message and calls all callbacks of its topic, in the order they were added. */
  deliver(topic: string, data: unknown): void {
    for (const { codec, callbacks } of this.#of(topic)) {
      runSafely(
        () => {
          const message = codec.parse(data)
          const seq = codec.seqOf?.(message)
          for (const [callback, entry] of callbacks) this.#call(callback, entry, { message, seq })
        },
        "subscriber",
        this.#report,
      )
    }
  }

  /** Removes a connection's callbacks and calls their `onEnd`. */
  drop(id: string, reason?: ChannelFault): void {
    const entries = [...this.#callbacksOf(id)]
    this.#byConnection.delete(id)
    for (const { onEnd } of entries) runSafely(() => onEnd?.(reason), "subscriber", this.#report)
  }

  /** Removes all callbacks and calls their `onEnd`. */
  clear(): void {
    for (const id of [...this.#byConnection.keys()]) this.drop(id)
  }

  #callbacksOf(id: string): Iterable<CallbackEntry> {
    return this.#byConnection.get(id)?.callbacks.values() ?? []
  }

  *#of(topic: string): Generator<Subscription> {
    for (const subscription of this.#byConnection.values())
      if (subscription.topic === topic) yield subscription
  }

  #call(
    callback: MessageCallback,
    entry: CallbackEntry,
    { message, seq }: { message: unknown; seq: number | undefined },
  ): void {
    if (entry.isWaiting) return
    if (seq !== undefined && entry.seq !== undefined && seq <= entry.seq) return
    let result: unknown
    runSafely(
      () => {
        result = callback(message)
        return result
      },
      "subscriber",
      this.#report,
    )
    // Without a log nothing can be delivered again.
    if (result === notNow && seq !== undefined) entry.isWaiting = true
    else entry.seq = seq ?? entry.seq
  }

  #skipTo(entry: CallbackEntry, seq: number, cursor?: number): void {
    const after = entry.seq ?? cursor
    if (after !== undefined && after >= seq) return
    entry.seq = seq
    runSafely(() => entry.onGap?.({ after, seq }), "subscriber", this.#report)
  }
}
