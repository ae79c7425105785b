import { ChannelFaultError } from "./requests.ts"
import { guard, type OnUnexpected } from "./result.ts"
import { otherTopic } from "./wire.ts"

type Callback = (message: unknown) => unknown

interface Subscription {
  topic: string
  parse(data: unknown): unknown
  /** How often each callback was added; it is called once per message all the same. */
  callbacks: Map<Callback, number>
}

/** A client's callbacks, per token. */
export class Subscriptions {
  private readonly byToken = new Map<string, Subscription>()

  constructor(private readonly report: OnUnexpected) {}

  /**
   * Adds a callback. The function returned takes it away, once, and says whether it was the token's last. Throws a
   * `ChannelFaultError` when the token is in use for another topic.
   */
  add(token: string, topic: string, parse: (data: unknown) => unknown, callback: Callback): () => boolean {
    const subscription = this.byToken.get(token) ?? { topic, parse, callbacks: new Map() }
    if (subscription.topic !== topic) throw new ChannelFaultError(otherTopic)
    this.byToken.set(token, subscription)
    const { callbacks } = subscription
    callbacks.set(callback, (callbacks.get(callback) ?? 0) + 1)
    let removed = false

    return () => {
      if (removed || this.byToken.get(token) !== subscription) return false
      removed = true
      const left = (callbacks.get(callback) ?? 0) - 1
      if (left > 0) callbacks.set(callback, left)
      else callbacks.delete(callback)
      if (callbacks.size === 0) this.byToken.delete(token)
      return callbacks.size === 0
    }
  }

  /** Forgets a token's callbacks. */
  drop(token: string): void {
    this.byToken.delete(token)
  }

  clear(): void {
    this.byToken.clear()
  }

  /** Calls everybody subscribed to the topic, in the order they came. A message that does not parse reaches nobody. */
  deliver(topic: string, data: unknown): void {
    for (const subscription of this.byToken.values()) {
      if (subscription.topic === topic) this.deliverTo(subscription, data)
    }
  }

  private deliverTo({ parse, callbacks }: Subscription, data: unknown): void {
    guard(
      () => {
        const message = parse(data)
        for (const callback of callbacks.keys()) guard(() => callback(message), "subscriber", this.report)
      },
      "subscriber",
      this.report,
    )
  }
}
