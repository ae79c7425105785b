import { type OnUnexpected, runSafely } from "../report.ts"

/** Called with each message. What it throws is reported and does not affect other subscribers. */
export type TopicSubscriber<Message> = (message: Message) => unknown

interface Topic<Message> {
  subscribers: Set<TopicSubscriber<Message>>
  queue: Message[]
}

/** Publish and subscribe in memory. A topic exists while it has subscribers. */
export class Topics<Message> {
  readonly #topics = new Map<string, Topic<Message>>()
  readonly #report: OnUnexpected
  readonly #where: string

  /** `where` names the subscribers in error reports. */
  constructor(report: OnUnexpected, where: string) {
    this.#report = report
    this.#where = where
  }

  /** The number of topics. */
  get size(): number {
    return this.#topics.size
  }

  /** The number of subscribers of all topics together. */
  get subscribers(): number {
    return [...this.#topics.values()].reduce((sum, { subscribers }) => sum + subscribers.size, 0)
  }

  /** Whether a topic has subscribers. */
  has(name: string): boolean {
    return this.#topics.has(name)
  }

  /** Subscribes to a topic. The returned function unsubscribes; the subscriber is not called after that. */
  subscribe(name: string, callback: TopicSubscriber<Message>): () => void {
    const topic = this.#topics.get(name) ?? { subscribers: new Set(), queue: [] }
    this.#topics.set(name, topic)
    // A function of its own, so that the same callback can be subscribed twice.
    const subscriber: TopicSubscriber<Message> = (message) => callback(message)
    topic.subscribers.add(subscriber)

    return () => {
      topic.subscribers.delete(subscriber)
      if (topic.subscribers.size === 0 && this.#topics.get(name) === topic) this.#topics.delete(name)
    }
  }

  /**
   * Calls all subscribers of a topic before it returns. A message published by a subscriber waits until the current
   * one has reached everyone: otherwise some would get the second message first.
   */
  publish(name: string, message: Message): void {
    const topic = this.#topics.get(name)
    if (!topic) return
    topic.queue.push(message)
    if (topic.queue.length > 1) return

    for (const next of topic.queue) {
      for (const subscriber of topic.subscribers) runSafely(() => subscriber(next), this.#where, this.#report)
    }
    topic.queue.length = 0
  }
}
