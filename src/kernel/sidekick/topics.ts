import { guard, type OnUnexpected } from "../result.ts"

/** Hears what is published; what it throws is reported and hinders nobody else. */
export type Subscriber<Message> = (message: Message) => unknown

interface Topic<Message> {
  subscribers: Set<Subscriber<Message>>
  queue: Message[]
}

/** Who hears what, in memory. Topics exist as long as somebody is subscribed. */
export class Topics<Message> {
  private readonly topics = new Map<string, Topic<Message>>()

  constructor(
    private readonly report: OnUnexpected,
    private readonly where: string,
  ) {}

  get size(): number {
    return this.topics.size
  }

  /** How many subscribers all topics have together. */
  get subscribers(): number {
    return [...this.topics.values()].reduce((sum, { subscribers }) => sum + subscribers.size, 0)
  }

  /** Subscribes, and returns a function that ends it at once: nothing is heard after it was called. */
  subscribe(name: string, hear: Subscriber<Message>): () => void {
    const topic = this.topics.get(name) ?? { subscribers: new Set(), queue: [] }
    this.topics.set(name, topic)
    const subscriber: Subscriber<Message> = (message) => hear(message)
    topic.subscribers.add(subscriber)

    return () => {
      topic.subscribers.delete(subscriber)
      if (topic.subscribers.size === 0 && this.topics.get(name) === topic) this.topics.delete(name)
    }
  }

  /**
   * Delivers to all subscribers before it returns. Published from inside a subscriber, the message waits until
   * everybody has heard the current one: otherwise the others would hear the second first.
   */
  publish(name: string, message: Message): void {
    const topic = this.topics.get(name)
    if (!topic) return
    topic.queue.push(message)
    if (topic.queue.length > 1) return

    for (const next of topic.queue) {
      for (const subscriber of topic.subscribers) guard(() => subscriber(next), this.where, this.report)
    }
    topic.queue.length = 0
  }
}
