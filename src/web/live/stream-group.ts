import type { UpdateGroup } from "./broadcast-feed.ts"
import type { Update } from "./update.ts"

/** NATs and proxies drop connections that are silent for a minute. Source: Centrifuge, 25 s. */
const heartbeatSeconds = 25

/** How updates are written for one kind of reader. */
export interface StreamFormat {
  /** Readers whose formats have the same name get the same bytes. */
  name: string
  /** Bytes without meaning, sent so that no proxy takes the connection for dead. */
  heartbeat: string
  encode(updates: Update[]): string
}

/** One reader by HTTP stream. */
export interface StreamMember {
  readonly format: StreamFormat
  /** Hands bytes on; a reader who is too slow to take them ends itself. */
  write(chunk: Uint8Array): void
  /** Hands bytes on, unless the reader is behind. */
  writeEphemeral(chunk: Uint8Array): void
}

/**
 * Readers by HTTP stream who get the same bytes. What is sent in one turn of the event loop goes out as one chunk,
 * encoded once: a write for every update and reader is what limits fan-out.
 */
export class StreamGroup implements UpdateGroup {
  readonly #members = new Set<StreamMember>()
  readonly #encoder = new TextEncoder()
  readonly #heartbeat: string
  #encode: StreamFormat["encode"] = () => ""
  #waiting: Update[] = []
  #waitingEphemeral = ""
  #heartbeatTimer: ReturnType<typeof setInterval> | undefined

  /** Without a heartbeat where another group of the same connections sends one. */
  constructor(heartbeat = "") {
    this.#heartbeat = heartbeat
  }

  get isEmpty(): boolean {
    return this.#members.size === 0
  }

  send(updates: Update[]): void {
    if (this.#members.size === 0) return

    this.#flushSoon()
    for (const update of updates) this.#waiting.push(update)
  }

  sendEphemeral(update: Update): void {
    if (this.#members.size === 0) return

    this.#flushSoon()
    this.#waitingEphemeral += this.#encode([update])
  }

  /** Adds a reader who has everything sent so far. */
  add(member: StreamMember): void {
    this.#flush()
    // A format may remember what was written. All members got the same, so that of the first one serves all.
    if (this.#members.size === 0) this.#encode = member.format.encode
    this.#members.add(member)
    if (this.#heartbeat === "") return
    this.#heartbeatTimer ??= setInterval(
      () => this.#write(this.#encoder.encode(this.#heartbeat)),
      heartbeatSeconds * 1000,
    )
  }

  delete(member: StreamMember): void {
    this.#members.delete(member)
    if (this.#members.size > 0) return

    clearInterval(this.#heartbeatTimer)
    this.#heartbeatTimer = undefined
  }

  #flushSoon(): void {
    if (this.#waiting.length === 0 && this.#waitingEphemeral === "") setImmediate(() => this.#flush())
  }

  #flush(): void {
    const chunk = this.#encoder.encode(this.#waiting.length > 0 ? this.#encode(this.#waiting) : "")
    const ephemeral = this.#encoder.encode(this.#waitingEphemeral)
    this.#waiting = []
    this.#waitingEphemeral = ""
    this.#write(chunk)
    if (ephemeral.length === 0) return
    for (const member of this.#members) member.writeEphemeral(ephemeral)
  }

  #write(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    for (const member of this.#members) member.write(chunk)
  }
}

/** The readers of one feed by HTTP stream, a group for each format: each update is encoded once for each. */
export class StreamGroups implements UpdateGroup {
  readonly #groups = new Map<string, StreamGroup>()

  get isEmpty(): boolean {
    return this.#groups.values().every((group) => group.isEmpty)
  }

  groupFor({ name, heartbeat }: StreamFormat): StreamGroup {
    const group = this.#groups.get(name) ?? new StreamGroup(heartbeat)
    this.#groups.set(name, group)
    return group
  }

  send(updates: Update[]): void {
    for (const group of this.#groups.values()) group.send(updates)
  }

  sendEphemeral(update: Update): void {
    for (const group of this.#groups.values()) group.sendEphemeral(update)
  }
}
