import type { UpdateGroup } from "./broadcast-feed.ts"
import { toFrame, type Update } from "./update.ts"

/** After this much text, in UTF-16 code units, backlogs are checked once: nothing per message and socket. */
const checkEvery = 64 * 1024
/** Longest frame, in UTF-16 code units: no reader's backlog grows by more at once. */
const maxFrameLength = 64 * 1024

/** One WebSocket that subscribed to a group's topics. */
export interface SocketMember {
  subscribe(topic: string): void
  /** Checks how far behind it is: it pauses ephemeral updates, or ends itself. */
  checkBacklog(): void
}

/**
 * Readers by WebSocket, by Bun's own publish. What is sent in one turn of the event loop goes out as one frame: Bun
 * gathers small messages into one write for each socket by itself, but no more of them than 16 KB.
 */
export class SocketGroup implements UpdateGroup {
  readonly topic: string
  /** Presence and typing have a topic of their own, so that a socket can pause them. */
  readonly ephemeralTopic: string
  readonly #publish: (topic: string, data: string) => void
  readonly #members = new Set<SocketMember>()
  #waiting: Update[] = []
  #waitingLength = 0
  #uncheckedLength = 0
  #isClosed = false

  constructor(topic: string, publish: (topic: string, data: string) => void) {
    this.topic = topic
    this.ephemeralTopic = `${topic} ephemeral`
    this.#publish = publish
  }

  get isEmpty(): boolean {
    return this.#members.size === 0
  }

  /** Publishes nothing from now on: a feed that was closed may still read, and the next one has the same topic. */
  close(): void {
    this.#isClosed = true
  }

  send(updates: Update[]): void {
    for (const update of updates) this.#gather(update)
  }

  sendEphemeral(update: Update): void {
    this.#post(this.ephemeralTopic, update.fragment)
  }

  /** Adds a reader who has everything sent so far: what waits goes out before they subscribe to the topics. */
  add(member: SocketMember): void {
    this.#flush()
    this.#members.add(member)
    member.subscribe(this.topic)
    member.subscribe(this.ephemeralTopic)
  }

  delete(member: SocketMember): void {
    this.#members.delete(member)
  }

  /**
   * A change of what is on the page goes by itself: htmx looks all targets of a frame up before it puts anything
   * in, so it would not find what the same frame brings, nor what it replaces twice.
   */
  #gather(update: Update): void {
    if (!update.wrapper || update.wrapper !== this.#waiting[0]?.wrapper) this.#flush()
    if (this.#waiting.length === 0) setImmediate(() => this.#flush())
    this.#waiting.push(update)
    this.#waitingLength += update.fragment.length
    if (!update.wrapper || this.#waitingLength > maxFrameLength) this.#flush()
  }

  #flush(): void {
    if (this.#waiting.length === 0) return

    const frame = toFrame(this.#waiting)
    this.#waiting = []
    this.#waitingLength = 0
    this.#post(this.topic, frame)
  }

  #post(topic: string, frame: string): void {
    if (this.#isClosed) return

    this.#publish(topic, frame)
    this.#uncheckedLength += frame.length
    if (this.#uncheckedLength < checkEvery) return

    this.#uncheckedLength = 0
    // What is published in this turn of the event loop reaches the sockets at its end.
    setImmediate(() => {
      for (const member of this.#members) member.checkBacklog()
    })
  }
}
