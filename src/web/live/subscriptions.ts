import { SocketGroup } from "./socket-group.ts"
import { StreamGroup } from "./stream-group.ts"
import type { Update } from "./update.ts"

/**
 * Updates about something beside the page's own feed, such as unread counts: the same bytes to all subscribers. A
 * connection subscribes to many of them.
 */
export class SideTopic {
  readonly sockets: SocketGroup
  /** Only event streams get side topics. The feed's group sends their heartbeat. */
  readonly events = new StreamGroup()

  constructor(topic: string, publish: (topic: string, data: string) => void) {
    this.sockets = new SocketGroup(topic, publish)
  }

  publish(update: Update): void {
    this.sockets.send([update])
    this.events.send([update])
  }
}

/** A connection, as it subscribes to side topics by its transport. */
export interface Subscriber {
  subscribeTo(topic: SideTopic): void
  unsubscribeFrom(topic: SideTopic): void
  /** Sends an update that is for its user alone. */
  sendOwn(update: Update): void
}

/**
 * The side topics of one user as they change; all of the user's connections subscribe to them. Lists, because both are short
 * for most of ten thousand users, and a `Set` of one takes 256 bytes.
 */
export class Subscriptions {
  #topics: SideTopic[] = []
  #subscribers: Subscriber[] = []

  /** Subscribes a connection to all topics, now and later. */
  addSubscriber(subscriber: Subscriber): void {
    this.#subscribers.push(subscriber)
    for (const topic of this.#topics) subscriber.subscribeTo(topic)
  }

  /** Ends what `addSubscriber` began, if it was called. */
  deleteSubscriber(subscriber: Subscriber): void {
    if (!this.#subscribers.includes(subscriber)) return

    // Another list: it may be deleted while the updates of this one are sent.
    this.#subscribers = this.#subscribers.filter((other) => other !== subscriber)
    for (const topic of this.#topics) subscriber.unsubscribeFrom(topic)
  }

  /** Sends an update to all connections of the user: a topic for each user would take memory. */
  send(update: Update): void {
    for (const subscriber of this.#subscribers) subscriber.sendOwn(update)
  }

  addTopic(topic: SideTopic): void {
    this.#topics.push(topic)
    for (const subscriber of this.#subscribers) subscriber.subscribeTo(topic)
  }

  deleteTopic(topic: SideTopic): void {
    this.#topics = this.#topics.filter((other) => other !== topic)
    for (const subscriber of this.#subscribers) subscriber.unsubscribeFrom(topic)
  }
}
