import type { Group } from "./feed.ts"
import { toFrame, type Update } from "./update.ts"

/** NATs and proxies drop what is silent for a minute. Source: Centrifuge, 25 s. */
const heartbeatSeconds = 25

/** One endless HTTP response. */
export interface StreamMember {
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
  #waiting = ""
  #signs = ""
  #heartbeat: ReturnType<typeof setInterval> | undefined

  /** `alive` is what says nothing: sent so often that nobody between us takes the connection for dead. Empty: nothing. */
  constructor(
    private readonly encode: (updates: Update[]) => string,
    private readonly alive: string,
  ) {}

  send(updates: Update[]): void {
    if (this.#members.size > 0) this.#write(this.encode(updates))
  }

  sign(update: Update): void {
    if (this.#members.size === 0) return

    this.#flushSoon()
    this.#signs += this.encode([update])
  }

  /** Adds a reader who has everything sent so far. */
  add(member: StreamMember): void {
    this.#flush()
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

/** After so much text, in UTF-16 code units, one look at who has not read it: nothing per message and socket. */
const lookEvery = 64 * 1024

/** One WebSocket that subscribed to a group's topic. */
export interface SocketMember {
  /** Looks how far behind it is: some way, and it does without signs; too far, and it ends itself. */
  look(): void
}

/** Readers by WebSocket: Bun's own publish, which gathers a turn's messages into one write per socket. */
export class SocketGroup implements Group {
  readonly #members = new Set<SocketMember>()
  /** Presence and typing go by a topic of their own, so that a socket can do without them. */
  readonly signsTopic: string
  #unlooked = 0

  constructor(
    readonly topic: string,
    private readonly publish: (topic: string, data: string) => void,
  ) {
    this.signsTopic = `${topic} signs`
  }

  send(updates: Update[]): void {
    this.#post(this.topic, toFrame(updates))
  }

  sign(update: Update): void {
    this.#post(this.signsTopic, update.fragment)
  }

  add(member: SocketMember): void {
    this.#members.add(member)
  }

  delete(member: SocketMember): void {
    this.#members.delete(member)
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
