import type { Group } from "./feed.ts"
import { toFrame, type Update } from "./update.ts"

/** NATs and proxies drop what is silent for a minute. Source: Centrifuge, 25 s. */
const heartbeatSeconds = 25

/** One endless HTTP response. */
export interface StreamMember {
  /** Writes down what is told. A group speaks as its first member does: they are all told the same. */
  encode(updates: Update[]): string
  /** Hands bytes on; a reader too slow to take them ends itself. */
  write(chunk: Uint8Array): void
  /** Hands on what may be left out, unless the reader is behind. */
  sign(chunk: Uint8Array): void
}

/**
 * Readers by endless HTTP responses. What is sent in one turn of the event loop goes out as one chunk, encoded
 * once: a write for every event and reader is what limits fan-out.
 */
export class StreamGroup implements Group {
  readonly #members = new Set<StreamMember>()
  readonly #encoder = new TextEncoder()
  #encode: StreamMember["encode"] = () => ""
  #waiting = ""
  #signs = ""
  #heartbeat: ReturnType<typeof setInterval> | undefined

  /** `alive` is what says nothing: sent so often that nobody between us takes the connection for dead. Empty: nothing. */
  constructor(private readonly alive: string) {}

  send(updates: Update[]): void {
    if (this.#members.size > 0) this.#write(this.#encode(updates))
  }

  sign(update: Update): void {
    if (this.#members.size === 0) return

    this.#flushSoon()
    this.#signs += this.#encode([update])
  }

  /** Adds a reader who has everything sent so far. */
  add(member: StreamMember): void {
    this.#flush()
    if (this.#members.size === 0) this.#encode = member.encode
    this.#members.add(member)
    if (this.alive === "") return
    this.#heartbeat ??= setInterval(() => this.#write(this.alive), heartbeatSeconds * 1000)
  }

  delete(member: StreamMember): void {
    this.#members.delete(member)
    if (this.#members.size > 0) return

    clearInterval(this.#heartbeat)
    this.#heartbeat = undefined
  }

  #write(text: string): void {
    this.#flushSoon()
    this.#waiting += text
  }

  #flushSoon(): void {
    if (this.#waiting === "" && this.#signs === "") setImmediate(() => this.#flush())
  }

  #flush(): void {
    const [chunk, signs] = [this.#encoder.encode(this.#waiting), this.#encoder.encode(this.#signs)]
    this.#waiting = ""
    this.#signs = ""
    for (const member of this.#members) {
      if (chunk.length > 0) member.write(chunk)
      if (signs.length > 0) member.sign(signs)
    }
  }
}

/** Readers who are told the same, and written for in a few ways: encoded once for each of them. */
export class StreamGroups implements Group {
  readonly #groups = new Map<string, StreamGroup>()

  constructor(private readonly alive: string) {}

  /** Those written for in that way. */
  of(way: string): StreamGroup {
    const group = this.#groups.get(way) ?? new StreamGroup(this.alive)
    this.#groups.set(way, group)
    return group
  }

  send(updates: Update[]): void {
    for (const group of this.#groups.values()) group.send(updates)
  }

  sign(update: Update): void {
    for (const group of this.#groups.values()) group.sign(update)
  }
}

/** After so much text, in UTF-16 code units, one look at who has not read it: nothing per message and socket. */
const lookEvery = 64 * 1024

/** One WebSocket that subscribed to a group's topic. */
export interface SocketMember {
  /** From here on it gets what is published there. */
  subscribe(topic: string): void
  /** Looks how far behind it is: some way, and it does without signs; too far, and it ends itself. */
  look(): void
}

/** So much text, in UTF-16 code units, makes a frame of its own: nobody's backlog shall jump by more. */
const maxFrameLength = 64 * 1024

/**
 * Readers by WebSocket, by Bun's own publish. What is sent in one turn of the event loop goes out as one frame: Bun
 * gathers small messages into one write for each socket by itself, but no more of them than 16 KB.
 */
export class SocketGroup implements Group {
  readonly #members = new Set<SocketMember>()
  /** Presence and typing go by a topic of their own, so that a socket can do without them. */
  readonly signsTopic: string
  #waiting: Update[] = []
  #waitingLength = 0
  #unlooked = 0

  constructor(
    readonly topic: string,
    private readonly publish: (topic: string, data: string) => void,
  ) {
    this.signsTopic = `${topic} signs`
  }

  send(updates: Update[]): void {
    for (const update of updates) this.#gather(update)
  }

  sign(update: Update): void {
    this.#post(this.signsTopic, update.fragment)
  }

  /** Adds a reader who has everything sent so far: what waits goes out before they subscribe to the topics. */
  add(member: SocketMember): void {
    this.#flush()
    this.#members.add(member)
    member.subscribe(this.topic)
    member.subscribe(this.signsTopic)
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
    this.publish(topic, frame)
    this.#unlooked += frame.length
    if (this.#unlooked < lookEvery) return

    this.#unlooked = 0
    // What is published in this turn of the loop reaches the sockets at its end.
    setImmediate(() => {
      for (const member of this.#members) member.look()
    })
  }
}
